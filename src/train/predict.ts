import { OptionError, UnrolledError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { SerialQueue } from '../core/async-turns.js';
import type { Device, Memory } from '../plan/device.js';
import { checkBatch, type Batch } from './batch.js';
import type { Model } from './model.js';
import { ProgramCache } from './program-cache.js';
import type { Reading } from './record-reading.js';
import type { PredictionSource, Source } from './source.js';
import { predictionGraph, readOutputs } from './training-graph.js';

/** Options of `Trainer.predict`. */
export interface PredictOptions {
  /**
   * Turns records into batches, such as `predictionSource(columns)`. Default: the data set of
   * training, or the columns that the checkpoint keeps.
   */
  readonly source?: PredictionSource;
  /** N: rows of a batch. Default 32. */
  readonly batch?: number;
}

/** Type of a model's prediction for one record. */
export type PredictionOf<M> = M extends {
  read(...args: never[]): readonly (infer P)[];
}
  ? P
  : never;

function readsRecords(source: Partial<PredictionSource> | undefined): source is PredictionSource {
  return typeof source?.predictionBatches === 'function';
}

/** Predicts for records without targets. Its programs are kept for the next predictions. */
export class Predictor<M extends Model = Model> {
  readonly #programs: ProgramCache;
  readonly #queue = new SerialQueue();

  constructor(
    readonly model: M,
    device: Device,
    memory: Memory,
  ) {
    this.#programs = new ProgramCache(device, memory);
  }

  /**
   * One prediction for each record, in the order of the records.
   * @param training the source of training and how it read records; undefined if there was none
   */
  async run(
    rows: Iterable<object>,
    options: PredictOptions,
    training: {
      readonly source: Pick<Source, 'predictionBatches' | 'scales'> | undefined;
      readonly reading: Reading | undefined;
    },
  ): Promise<PredictionOf<M>[]> {
    onlyKnown('predict', options, ['source', 'batch']);
    const batch = wholeNumber('predict.batch', options.batch ?? 32);
    const source = options.source ?? training.source;
    if (readsRecords(source)) return this.#queue.run(() => this.#predict(rows, source, batch));
    const columns = options.source === undefined ? training.reading?.columns : undefined;
    const kept = columns && (await this.model.predictionSource?.(columns));
    if (!kept)
      throw new OptionError(
        'predict.source',
        options.source,
        'a data set, or predictionSource(columns), since training has not run on a data set of records',
      );
    return this.#queue.run(() => this.#predict(rows, kept, batch));
  }

  dispose(): void {
    this.#programs.dispose();
  }

  async #predict(
    rows: Iterable<object>,
    source: PredictionSource,
    batch: number,
  ): Promise<PredictionOf<M>[]> {
    const { model } = this;
    const { predicted = [], inputs = [] } = model;
    if (!model.read)
      throw new UnrolledError(
        `A ${model.kind} model has no predictions to read. A model that writes has generate(…).`,
      );
    const fields = Object.fromEntries(inputs.map((name) => [name, model.fields[name]]));
    const results: PredictionOf<M>[] = [];
    for (const { batch: given, records } of source.predictionBatches(rows, { batch })) {
      checkBatch(fields, given);
      model.checkBatch?.(given);
      const outputs = await this.#outputs(given, inputs, predicted);
      const predictions = model.read(outputs, given, source.scales ?? {});
      for (const [n, record] of records.entries()) results[record] = predictions[n] as PredictionOf<M>;
    }
    return results;
  }

  async #outputs(
    { sizes, arrays }: Batch,
    inputs: readonly string[],
    predicted: readonly string[],
  ): Promise<Record<string, Float32Array>> {
    this.#programs.trim();
    const graph = () => predictionGraph(this.model, { sizes, kept: predicted });
    const program = await this.#programs.get(sizes, 'predict', graph, 1);
    await program.submit([Object.fromEntries(inputs.map((name) => [name, arrays[name]]))]);
    return readOutputs(program, predicted);
  }
}

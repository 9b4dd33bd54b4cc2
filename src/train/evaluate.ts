import { DataError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { SerialQueue } from '../core/async-turns.js';
import { checkDevice, checkMemory } from '../plan/check-device.js';
import type { Device, Feeds, Memory, Program } from '../plan/device.js';
import type { Batch, Sizes } from './batch.js';
import { MeasureTotals, type Table } from './evaluation-measures.js';
import { checkBatchOf, checkModel, type FieldsOf, type Model } from './model.js';
import { ProgramCache } from './program-cache.js';
import { checkFields, loaderOf, type EvaluateOptions, type Examination, type Source } from './source.js';
import { evaluationGraph, readOutputs, TOTAL_LOSS } from './training-graph.js';

export type { EvaluateOptions } from './source.js';

/** Loss and measures of a model on a source. */
export interface Evaluation {
  /** Mean loss of the targets; in nats for cross-entropies. */
  readonly loss: number;
  /** Number of targets that have a loss. */
  readonly count: number;
  /** Measures of the model by name, such as `accuracy`. Empty for a model without measures. */
  readonly measures: Readonly<Record<string, number>>;
  /** Measures that are tables, such as `confusion`: how often label i was predicted as label j. */
  readonly tables: Readonly<Record<string, Table>>;
}

/** Evaluates a model on sources. Its programs are kept for the next evaluation. */
export class Evaluator<M extends Model = Model> {
  readonly #programs: ProgramCache;
  /** Evaluations carry states in the same tensors, so they run one after another. */
  readonly #queue = new SerialQueue();

  constructor(
    readonly model: M,
    device: Device,
    memory: Memory,
  ) {
    checkModel(model);
    checkDevice(device);
    checkMemory(memory);
    this.#programs = new ProgramCache(device, memory);
  }

  /**
   * Evaluates a source: all of a text, the same held-out batches of a synthetic task in every call,
   * one epoch of other sources.
   * @throws DataError where no target has a loss
   */
  run(source: Source<FieldsOf<M>>, options: EvaluateOptions = {}): Promise<Evaluation> {
    onlyKnown('evaluate', options, ['batch', 'batches']);
    return this.#queue.run(() => this.#evaluate(source, options));
  }

  dispose(): void {
    this.#programs.dispose();
  }

  async #evaluate(source: Source<FieldsOf<M>>, options: EvaluateOptions): Promise<Evaluation> {
    const { model } = this;
    checkFields(model.fields, source);
    model.checkSource?.(source);
    if (this.#programs.full) this.#programs.trim();
    const { loader, measures, nothing } = examinationOf(source, options);
    const kept = measures ? (model.measured ?? []) : [];
    const totals = new MeasureTotals();
    let [loss, count] = [0, 0];
    let waiting: { readonly program: Program; readonly feeds: Feeds[] } | undefined;
    const send = async (): Promise<void> => {
      if (!waiting) return;
      const { program, feeds } = waiting;
      waiting = undefined;
      for (const report of await program.submit(feeds)) loss += report[TOTAL_LOSS][0];
    };
    for (let left = loader.batchesPerEpoch; left > 0; left--) {
      const batch = await loader.next();
      checkBatchOf(model, batch);
      count += batch.count;
      const program = await this.#program(batch.sizes, kept);
      if (waiting && waiting.program !== program) await send();
      waiting ??= { program, feeds: [] };
      waiting.feeds.push(feedsOf(model, batch));
      // Outputs hold one batch, so they are read before the next batch.
      if (kept.length > 0 || waiting.feeds.length >= program.maxSteps) await send();
      if (kept.length > 0) totals.add(model.measure?.(await readOutputs(program, kept), batch) ?? {});
    }
    await send();
    if (count === 0) throw new DataError(nothing ?? 'There is nothing to evaluate: no target counts.');
    const evaluated = { loss: loss / count, count };
    return { ...evaluated, ...totals.results(evaluated) };
  }

  #program(sizes: Sizes, kept: readonly string[]): Promise<Program> {
    return this.#programs.get(sizes, kept.join(), () => evaluationGraph(this.model, { sizes, kept }));
  }
}

function examinationOf<M extends Model>(
  source: Source<FieldsOf<M>>,
  { batch, batches }: EvaluateOptions,
): Examination<FieldsOf<M>> {
  const options = {
    ...(batch === undefined ? {} : { batch: wholeNumber('batch', batch) }),
    ...(batches === undefined ? {} : { batches: wholeNumber('batches', batches) }),
  };
  if (source.examination) return source.examination(options);
  return { loader: loaderOf(source, batch === undefined ? {} : { batch }), measures: true };
}

function feedsOf(model: Model, { arrays }: Batch): Feeds {
  return Object.fromEntries(Object.keys(model.fields).map((name) => [name, arrays[name]]));
}

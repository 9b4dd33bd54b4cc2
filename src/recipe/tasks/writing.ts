import type { RowSource } from '../../data/dataset.js';
import type { Records } from '../../data/records.js';
import { SequenceGenerator } from '../../generate/generator.js';
import { beam as beamOf, greedy } from '../../generate/methods.js';
import type { WrittenSymbols } from '../../generate/model.js';
import type { Generated } from '../../generate/options.js';
import type { Device, Memory } from '../../plan/device.js';
import type { DecodingModel } from '../../tasks/decoding.js';
import { evaluateGenerated } from '../../tasks/generated-measures.js';
import type { Generates } from '../../tasks/generating.js';
import type { Fields } from '../../train/batch.js';
import { Evaluator } from '../../train/evaluate.js';
import { DEFAULT_BATCH } from './reading.js';
import type {
  AttentionMap,
  Prediction,
  TaskEvaluateOptions,
  TaskEvaluation,
  TaskPredictOptions,
  TaskRunner,
} from './task.js';

/** Name of the end symbol in attention maps. */
const END = '<end>';

/** The parts of a task that writes texts. C is the type of its model's conditions. */
export interface WritingParts<C> {
  readonly model: DecodingModel & Generates<C>;
  source(records: Records<object>, batch: number): RowSource<Fields>;
  /** The condition of a record; undefined if it has nothing to read. */
  condition(record: object): C | undefined;
  /** The target text of a record. */
  wanted(record: object): string;
  /** Names of the positions that the model attends to. @param count number of positions */
  positions(condition: C, count: number): readonly string[];
}

/** Evaluates and predicts with a model that writes a text for each record. */
export class WritingRunner<C> implements TaskRunner {
  readonly #evaluator: Evaluator;
  readonly #generator: SequenceGenerator<C>;

  constructor(
    readonly parts: WritingParts<C>,
    device: Device,
    memory: Memory,
  ) {
    this.#evaluator = new Evaluator(parts.model, device, memory);
    this.#generator = SequenceGenerator.create<C>(parts.model, device, memory);
  }

  /** The loss is that of the target's symbols, each after the target's symbols before it. */
  async evaluate(
    records: Records<object>,
    { batch = DEFAULT_BATCH, beam, generated = records.length }: TaskEvaluateOptions = {},
  ): Promise<TaskEvaluation> {
    const { parts } = this;
    const { loss, count, measures } = await this.#evaluator.run(parts.source(records, batch));
    const pairs = [...records].slice(0, generated).flatMap((record) => {
      const condition = parts.condition(record);
      return condition === undefined ? [] : [{ condition, wanted: parts.wanted(record) }];
    });
    const { exactMatch, editDistance, bleu } = await evaluateGenerated(this.#generator, pairs, {
      method: methodOf(beam),
    });
    return { loss, count, measures: { exactMatch, editDistance, bleu, ...measures }, tables: {} };
  }

  async predict(
    records: readonly object[],
    { beam, attention = false }: TaskPredictOptions = {},
  ): Promise<(Prediction | undefined)[]> {
    const conditions = records.map((record) => this.parts.condition(record));
    const results = await this.#generator.generateAll(
      conditions.filter((condition) => condition !== undefined),
      { method: methodOf(beam), count: beam ?? 1, attention },
    );
    let next = 0;
    return conditions.map((condition) =>
      condition === undefined ? undefined : this.#show(results[next++], condition, beam !== undefined),
    );
  }

  dispose(): void {
    this.#evaluator.dispose();
    this.#generator.dispose();
  }

  #show(results: readonly Generated[], condition: C, searched: boolean): Prediction {
    const [best] = results;
    const { written } = this.parts.model;
    return {
      text: best.text,
      data: {
        ...scored(best),
        ...(searched ? { candidates: results.map(scored) } : {}),
      },
      ...(best.attention
        ? { attention: mapOf(best.ids, best.attention, (S) => this.parts.positions(condition, S), written) }
        : {}),
    };
  }
}

/** A text with its probability. */
function scored({ text, logProbability }: Generated): {
  readonly text: string;
  readonly probability: number;
  readonly logProbability: number;
} {
  return { text, probability: Math.exp(logProbability), logProbability };
}

function methodOf(beam: number | undefined) {
  return beam === undefined ? greedy : beamOf(beam);
}

function mapOf(
  ids: readonly number[],
  attention: Float32Array,
  positions: (count: number) => readonly string[],
  written: WrittenSymbols,
): AttentionMap {
  const S = attention.length / ids.length;
  return {
    source: positions(S),
    output: ids.map((id) => (id === written.end ? END : written.decode([id]))),
    weights: ids.map((_, t) => [...attention.subarray(t * S, (t + 1) * S)]),
  };
}

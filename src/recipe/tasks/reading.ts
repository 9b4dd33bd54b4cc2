import type { Column } from '../../data/column.js';
import { predictionSource, type RowSource } from '../../data/dataset.js';
import { classScores } from '../../data/metrics/classification.js';
import type { Records } from '../../data/records.js';
import type { Device, Memory } from '../../plan/device.js';
import type { PredictingModel } from '../../tasks/predicting.js';
import type { Fields } from '../../train/batch.js';
import { Evaluator, type Evaluation } from '../../train/evaluate.js';
import { Predictor } from '../../train/predict.js';
import type {
  Prediction,
  TaskEvaluateOptions,
  TaskEvaluation,
  TaskPredictOptions,
  TaskRunner,
} from './task.js';

/** Default number of rows in a batch. */
export const DEFAULT_BATCH = 32;

/** The parts of a task that reads records. P is the type of its model's predictions. */
export interface ReadingParts<P> {
  readonly model: PredictingModel<Fields, P>;
  readonly columns: readonly Column[];
  source(records: Records<object>, batch: number): RowSource<Fields>;
  /**
   * The object that the columns read for each record; undefined if a record has nothing to read.
   */
  readable(records: readonly object[]): readonly (object | undefined)[];
  show(prediction: P): Prediction;
  finish(evaluation: Evaluation): TaskEvaluation;
}

/** Evaluates and predicts with a model that has one prediction for each record. */
export class ReadingRunner<P> implements TaskRunner {
  readonly #evaluator: Evaluator;
  readonly #predictor: Predictor;

  constructor(
    readonly parts: ReadingParts<P>,
    device: Device,
    memory: Memory,
  ) {
    this.#evaluator = new Evaluator(parts.model, device, memory);
    this.#predictor = new Predictor(parts.model, device, memory);
  }

  async evaluate(
    records: Records<object>,
    { batch = DEFAULT_BATCH }: TaskEvaluateOptions = {},
  ): Promise<TaskEvaluation> {
    const { parts } = this;
    return parts.finish(await this.#evaluator.run(parts.source(records, batch)));
  }

  async predict(
    records: readonly object[],
    { batch = DEFAULT_BATCH }: TaskPredictOptions = {},
  ): Promise<(Prediction | undefined)[]> {
    const { parts } = this;
    const all = parts.readable(records);
    const read = all.filter((record) => record !== undefined);
    if (read.length === 0) return all.map(() => undefined);
    const source = predictionSource(parts.columns);
    const found = (await this.#predictor.run(read, { source, batch }, NOT_TRAINED)) as readonly P[];
    let next = 0;
    return all.map((record) => (record === undefined ? undefined : parts.show(found[next++])));
  }

  dispose(): void {
    this.#evaluator.dispose();
    this.#predictor.dispose();
  }
}

/** A runner passes its own columns, so it needs no source of training. */
const NOT_TRAINED = { source: undefined, reading: undefined };

/** The evaluation with F1 as a mean over labels; see `classScores`. */
export function labelEvaluation(
  { loss, count, measures, tables }: Evaluation,
  labels: readonly string[],
): TaskEvaluation {
  const f1 = 'confusion' in tables ? { f1: classScores(tables.confusion).macro.f1 } : {};
  return { loss, count, measures: { ...measures, ...f1 }, tables, labels };
}

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

/** Rows of a batch where nobody says otherwise. */
export const DEFAULT_BATCH = 32;

/** What a task that reads gives. P: what its model's `read` returns for a row. */
export interface ReadingParts<P> {
  readonly model: PredictingModel<Fields, P>;
  readonly columns: readonly Column[];
  source(records: Records<object>, batch: number): RowSource<Fields>;
  /** What the columns read for each record; undefined where there is nothing to read. */
  readable(records: readonly object[]): readonly (object | undefined)[];
  show(prediction: P): Prediction;
  finish(evaluation: Evaluation): TaskEvaluation;
}

/** Evaluates and predicts by a model that answers for each record that it reads. */
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

/** A runner predicts from a checkpoint, and brings the columns itself. */
const NOT_TRAINED = { source: undefined, reading: undefined };

/** Accuracy, and F1 as a mean over labels; see `classScores`. */
export function labelEvaluation(
  { loss, count, measures, tables }: Evaluation,
  labels: readonly string[],
): TaskEvaluation {
  const f1 = 'confusion' in tables ? { f1: classScores(tables.confusion).macro.f1 } : {};
  return { loss, count, measures: { ...measures, ...f1 }, tables, labels };
}

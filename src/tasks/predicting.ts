import type { DefinedModel } from '../nn/define-model.js';
import type { PredictionSource, Scale } from '../train/source.js';
import type { Batch, Fields } from '../train/batch.js';

/** A model with one prediction for each row, such as a label. */
export interface PredictingModel<F extends Fields = Fields, P = unknown> extends DefinedModel<F> {
  readonly inputs: readonly string[];
  /** Names of the outputs that `read` needs. */
  readonly predicted: readonly string[];
  /** @param batch the arrays of `inputs`, and the sizes */
  read(
    outputs: Readonly<Record<string, Float32Array>>,
    batch: Pick<Batch, 'arrays' | 'sizes'>,
    scales: Readonly<Record<string, Scale>>,
  ): readonly P[];
  predictionSource(columns: readonly object[]): Promise<PredictionSource>;
}

/**
 * Adds predictions to a model. The fields of a task depend on its options, so the cast to F is safe
 * only if F follows from the type of the options.
 */
export function predicting<F extends Fields, P>(
  model: DefinedModel,
  reading: Pick<PredictingModel<F, P>, 'predicted' | 'read'>,
): PredictingModel<F, P> {
  const { inputs = Object.keys(model.fields) } = model;
  return { ...model, inputs, ...reading, predictionSource: fromColumns } as PredictingModel<F, P>;
}

/**
 * A source of predictions by the columns of a checkpoint. Loads the code of all columns on demand.
 */
async function fromColumns(columns: readonly object[]): Promise<PredictionSource> {
  const [{ predictionSource }, { columnFromJSON }] = await Promise.all([
    import('../data/dataset.js'),
    import('../data/column-json.js'),
  ]);
  return predictionSource(columns.map(columnFromJSON));
}

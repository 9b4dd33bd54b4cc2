import type { DefinedModel } from '../nn/define-model.js';
import type { PredictionSource, Scale } from '../train/source.js';
import type { Batch, Fields } from '../train/batch.js';

/** A model whose outputs are read in a user's terms, one prediction for each row. */
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
 * Adds what a prediction needs. A task's fields depend on its options: the type F, which follows
 * from the type of the options, is asserted here.
 */
export function predicting<F extends Fields, P>(
  model: DefinedModel,
  reading: Pick<PredictingModel<F, P>, 'predicted' | 'read'>,
): PredictingModel<F, P> {
  const { inputs = Object.keys(model.fields) } = model;
  return { ...model, inputs, ...reading, predictionSource: fromColumns } as unknown as PredictingModel<F, P>;
}

/** Reads records by the columns of a checkpoint. Columns of all kinds are loaded where that is asked for. */
async function fromColumns(columns: readonly object[]): Promise<PredictionSource> {
  const [{ predictionSource }, { columnFromJSON }] = await Promise.all([
    import('../data/dataset.js'),
    import('../data/column-json.js'),
  ]);
  return predictionSource(columns.map(columnFromJSON));
}

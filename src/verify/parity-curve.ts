import type { Device } from '../plan/device.js';
import type { Batch, Fields } from '../train/batch.js';
import type { Model } from '../train/model.js';
import { optimizerFromJSON } from '../train/optimizers.js';
import type { Loader, Source } from '../train/source.js';
import { Trainer } from '../train/trainer.js';
import {
  curve,
  finalParameters,
  tensor,
  torchOptimizer,
  withPrefix,
  type Comparison,
  type ParityCase,
} from './parity-case.js';

/**
 * Trains a model with one batch of the case in each step, and compares losses, gradient norms and
 * final parameters.
 */
export async function compareCurve<F extends Fields>(
  parity: ParityCase,
  device: Device,
  model: Model<F>,
  batches: readonly Batch<F>[],
): Promise<Comparison[]> {
  const { kind, options } = torchOptimizer(parity.config);
  const trainer = await Trainer.create(model, {
    device,
    optimizer: optimizerFromJSON({ kind, options }),
    clip: parity.config.clip ?? {},
    loss: parity.config.loss ?? 'mean',
  });
  try {
    await trainer.loadParameters(withPrefix(parity, 'param.'));
    const [losses, norms]: [number[], number[]] = [[], []];
    for await (const report of trainer.run(sourceOf(model.fields, batches), { steps: batches.length })) {
      losses.push(report.loss);
      norms.push(report.gradientNorm);
    }
    const after = await trainer.parameters();
    return [
      curve('output.loss', losses, tensor(parity, 'output.loss').data),
      curve('output.gradient_norm', norms, tensor(parity, 'output.gradient_norm').data),
      ...finalParameters(after, withPrefix(parity, 'output.'), (name) => name),
    ];
  } finally {
    trainer.dispose();
  }
}

/** The batches of a case, in order. */
function sourceOf<F extends Fields>(fields: F, batches: readonly Batch<F>[]): Source<F> {
  const loader = (): Loader<F> => {
    let index = 0;
    return {
      batchesPerEpoch: batches.length,
      next: () => batches[index++ % batches.length],
      state: () => ({ order: 'case', seed: 0, epoch: 0, index, batchesPerEpoch: batches.length }),
      restore: (state) => (index = state.index),
    };
  };
  return { fields, fingerprint: 'parity case', loader };
}

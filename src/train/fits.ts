import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { OutOfMemoryError } from '../core/errors.js';
import type { DeviceInfo } from '../plan/device.js';
import { formatBytes } from '../plan/print.js';
import type { Sizes } from './batch.js';
import { checkModel, type Model } from './model.js';

/**
 * Refuses a model whose parameters, or a batch whose largest tensor, the device cannot hold in one
 * piece, before anything is planned or allocated.
 * @param sizes of the batches, where they are known
 * @throws OutOfMemoryError with the need, the limit and what to change
 */
export function checkFits(
  model: Pick<Model, 'layout' | 'largestTensor'>,
  { adapter, maxTensorBytes }: Pick<DeviceInfo, 'adapter' | 'maxTensorBytes'>,
  sizes?: Sizes,
): void {
  checkModel(model);
  const { layout } = model;
  const largest = sizes && model.largestTensor?.(sizes);
  const outputs = (largest?.elements ?? 0) * BYTES_PER_ELEMENT;
  if (sizes && largest && outputs > maxTensorBytes)
    throw new OutOfMemoryError(
      `A window of ${sizes.N} rows and ${sizes.T} time steps is too large: ${largest.what} need ` +
        `${formatBytes(outputs)} of memory in one piece, but at most ${formatBytes(maxTensorBytes)} can ` +
        'be had. Choose a smaller batch (N) or time (T)',
      `fitting the window on ${adapter}`,
    );
  const bytes = layout.elements * BYTES_PER_ELEMENT;
  if (bytes <= maxTensorBytes) return;
  throw new OutOfMemoryError(
    `${layout.count.toLocaleString('en-US')} parameters are too many: they need ${formatBytes(bytes)} ` +
      `of memory in one piece, but at most ${formatBytes(maxTensorBytes)} can be had. ` +
      'Choose fewer hidden units (H) or layers',
    `fitting the model on ${adapter}`,
  );
}

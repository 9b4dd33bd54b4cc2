import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { OutOfMemoryError } from '../core/errors.js';
import type { CharModel } from '../model/char-model.js';
import { checkModel } from '../model/check-model.js';
import type { DeviceInfo } from '../plan/device.js';
import { formatBytes } from '../plan/print.js';

/**
 * Refuses a model whose parameters the device cannot hold in one tensor, before anything is planned
 * or allocated.
 * @throws OutOfMemoryError with the need, the limit and what to change
 */
export function checkFits(
  model: CharModel,
  { adapter, maxTensorBytes }: Pick<DeviceInfo, 'adapter' | 'maxTensorBytes'>,
): void {
  checkModel(model);
  const { layout } = model;
  const bytes = layout.elements * BYTES_PER_ELEMENT;
  if (bytes <= maxTensorBytes) return;
  throw new OutOfMemoryError(
    `${layout.count.toLocaleString('en-US')} parameters are too many: they need ${formatBytes(bytes)} ` +
      `of memory in one piece, but at most ${formatBytes(maxTensorBytes)} can be had. ` +
      'Choose fewer hidden units (H) or layers',
    `fitting the model on ${adapter}`,
  );
}

import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { OutOfMemoryError } from '../core/errors.js';
import type { CharModel } from '../model/char-model.js';
import { checkModel } from '../model/check-model.js';
import type { DeviceInfo } from '../plan/device.js';
import { formatBytes } from '../plan/print.js';

/**
 * Refuses a model whose parameters the device cannot hold in one tensor, and a window [T,N] whose
 * logits it cannot, before anything is planned or allocated.
 * @throws OutOfMemoryError with the need, the limit and what to change
 */
export function checkFits(
  model: Pick<CharModel, 'layout' | 'vocabulary'>,
  { adapter, maxTensorBytes }: Pick<DeviceInfo, 'adapter' | 'maxTensorBytes'>,
  window?: { readonly T: number; readonly N: number },
): void {
  checkModel(model);
  const { layout } = model;
  const bytes = layout.elements * BYTES_PER_ELEMENT;
  const logits = window ? window.T * window.N * vocabulary.size * BYTES_PER_ELEMENT : 0;
  if (window && logits > maxTensorBytes)
    throw new OutOfMemoryError(
      `A window of ${window.N} rows and ${window.T} time steps is too large: its logits over ` +
        `${vocabulary.size} symbols need ${formatBytes(logits)} of memory in one piece, but at most ` +
        `${formatBytes(maxTensorBytes)} can be had. Choose a smaller batch (N) or time (T)`,
      `fitting the window on ${adapter}`,
    );
  if (bytes <= maxTensorBytes) return;
  throw new OutOfMemoryError(
    `${layout.count.toLocaleString('en-US')} parameters are too many: they need ${formatBytes(bytes)} ` +
      `of memory in one piece, but at most ${formatBytes(maxTensorBytes)} can be had. ` +
      'Choose fewer hidden units (H) or layers',
    `fitting the model on ${adapter}`,
  );
}

import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { OutOfMemoryError } from '../core/errors.js';
import type { DeviceInfo } from '../plan/device.js';
import { formatBytes } from '../plan/print.js';
import type { Sizes } from './batch.js';
import { checkModel, type Model } from './model.js';
import type { OptimizerSpec } from './optimizers.js';

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
  const over = misfit(model, { maxTensorBytes });
  if (!over) return;
  throw new OutOfMemoryError(
    `${layout.count.toLocaleString('en-US')} parameters are too many: they need ` +
      `${formatBytes(over.bytes)} of memory in one piece, but at most ${formatBytes(over.limit)} can ` +
      'be had. Choose fewer hidden units (H) or layers',
    `fitting the model on ${adapter}`,
  );
}

/** Parameters that find no room, in bytes. */
export interface Misfit {
  /** `tensor`: all of them in one piece. `memory`: with gradients and the optimizer's state. */
  readonly in: 'tensor' | 'memory';
  readonly bytes: number;
  readonly limit: number;
}

/**
 * Whether parameters are too many for a device.
 * @param room the largest tensor, and where it is known all memory, with the number of tensors that
 *   an optimizer keeps as large as the parameters
 */
export function misfit(
  { layout }: Pick<Model, 'layout'>,
  room: Pick<DeviceInfo, 'maxTensorBytes'> & {
    readonly memory?: { readonly bytes: number; readonly optimizer: Pick<OptimizerSpec, 'stateTensors'> };
  },
): Misfit | undefined {
  const { maxTensorBytes, memory } = room;
  const bytes = layout.elements * BYTES_PER_ELEMENT;
  if (bytes > maxTensorBytes) return { in: 'tensor', bytes, limit: maxTensorBytes };
  const whole = memory ? bytes * (2 + memory.optimizer.stateTensors.length) : 0;
  return memory && whole > memory.bytes ? { in: 'memory', bytes: whole, limit: memory.bytes } : undefined;
}

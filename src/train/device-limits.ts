import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { OutOfMemoryError } from '../core/errors.js';
import type { DeviceInfo } from '../plan/device.js';
import { formatBytes } from '../plan/print.js';
import type { Sizes } from './batch.js';
import { checkModel, type Model } from './model.js';
import type { OptimizerSpec } from './optimizers.js';

/**
 * Checks that the device can hold the parameters in one tensor, and the largest tensor of a batch.
 * Call it before anything is planned or allocated.
 * @param sizes sizes of the batches; undefined: only the parameters are checked
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
        `${formatBytes(outputs)} of memory in one piece, but at most ${formatBytes(maxTensorBytes)} is ` +
        'available. Choose a smaller batch (N) or time (T)',
      `fitting the window on ${adapter}`,
    );
  const over = exceededLimit(model, { maxTensorBytes });
  if (!over) return;
  throw new OutOfMemoryError(
    `${layout.count.toLocaleString('en-US')} parameters are too many: they need ` +
      `${formatBytes(over.bytes)} of memory in one piece, but at most ${formatBytes(over.limit)} is ` +
      'available. Choose fewer hidden units (H) or layers',
    `fitting the model on ${adapter}`,
  );
}

/** Parameters that a device cannot hold. */
export interface ExceededLimit {
  /**
   * The limit that is exceeded. `tensor`: the size of one tensor, by the parameters. `memory`: all
   * memory, by parameters, gradients and optimizer state.
   */
  readonly in: 'tensor' | 'memory';
  /** Bytes that are needed. */
  readonly bytes: number;
  /** Bytes that the device has. */
  readonly limit: number;
}

/**
 * Checks whether a device can hold a model's parameters.
 * @param room the largest tensor in bytes; optionally all memory in bytes, and the optimizer, each
 *   of whose state tensors is as large as the parameters
 * @returns the exceeded limit; undefined if they fit
 */
export function exceededLimit(
  { layout }: Pick<Model, 'layout'>,
  room: Pick<DeviceInfo, 'maxTensorBytes'> & {
    readonly memory?: { readonly bytes: number; readonly optimizer: Pick<OptimizerSpec, 'stateTensors'> };
  },
): ExceededLimit | undefined {
  const { maxTensorBytes, memory } = room;
  const bytes = layout.elements * BYTES_PER_ELEMENT;
  if (bytes > maxTensorBytes) return { in: 'tensor', bytes, limit: maxTensorBytes };
  const whole = memory ? bytes * (2 + memory.optimizer.stateTensors.length) : 0;
  return memory && whole > memory.bytes ? { in: 'memory', bytes: whole, limit: memory.bytes } : undefined;
}

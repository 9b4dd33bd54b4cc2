import { DeviceError, DeviceLostError, OutOfMemoryError, UnrolledError, ValidationError, messageOf } from '../core/errors.js';

/** Runs `work` inside error scopes, so that what it does wrong reaches the caller as a typed error that says what was being done. */
export async function guarded<T>(device: GPUDevice, doing: string, work: () => T | Promise<T>): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  device.pushErrorScope('internal');
  let result: T | undefined;
  let thrown: unknown;
  try {
    result = await work();
  } catch (error) {
    thrown = error;
  }
  const [internal, validation, memory] = [await device.popErrorScope(), await device.popErrorScope(), await device.popErrorScope()];
  if (thrown instanceof UnrolledError) throw thrown;
  if (memory) throw new OutOfMemoryError(`The GPU has too little memory: ${firstLine(memory.message)}`, doing);
  if (validation) throw new ValidationError(`WebGPU refused a command: ${firstLine(validation.message)}`, doing);
  if (internal) throw new DeviceError(`The GPU driver failed: ${firstLine(internal.message)}`, doing);
  if (thrown !== undefined) throw new DeviceError(`The GPU failed: ${firstLine(messageOf(thrown))}`, doing, { cause: thrown });
  return result as T;
}

/** Collects what no error scope catches: lost devices and uncaptured errors. */
export class FaultRecord {
  #fault: DeviceError | undefined;
  #disposed = false;
  #doing = 'idle';
  /** Resolves when the device is gone for another reason than `dispose`. */
  readonly lost: Promise<DeviceError>;

  constructor(device: GPUDevice) {
    device.addEventListener('uncapturederror', (event) => {
      const { error } = event;
      const message = firstLine(error.message);
      this.#fault ??=
        error instanceof GPUOutOfMemoryError
          ? new OutOfMemoryError(`The GPU has too little memory: ${message}`, this.#doing)
          : new ValidationError(`WebGPU reported an error: ${message}`, this.#doing);
    });
    this.lost = new Promise((resolve) => {
      void device.lost.then((info) => {
        if (this.#disposed) return;
        const reason = info.message ? `: ${firstLine(info.message)}` : '';
        const error = new DeviceLostError(`The GPU was lost${reason}. Open the device again and load the last checkpoint`, this.#doing);
        this.#fault = error;
        resolve(error);
      });
    });
  }

  /** Notes what is under way, for the messages. */
  begin(doing: string): void {
    this.check();
    this.#doing = doing;
  }

  /** Throws what has gone wrong since the last call, if anything has. */
  check(): void {
    if (this.#disposed) throw new DeviceLostError('The device has been disposed of', this.#doing);
    if (this.#fault) throw this.#fault;
  }

  /** The error for a failed wait: a lost device if it is that. */
  async explain(error: unknown): Promise<DeviceError> {
    await new Promise((resolve) => setTimeout(resolve, 0)); // `lost` settles a moment after the wait that it breaks
    try {
      this.check();
    } catch (fault) {
      if (fault instanceof DeviceError) return fault;
    }
    return new DeviceError(`The GPU failed: ${firstLine(messageOf(error))}`, this.#doing, { cause: error });
  }

  dispose(): void {
    this.#disposed = true;
  }
}

function firstLine(message: string): string {
  return message.trim().split('\n')[0].replace(/\.$/, '');
}

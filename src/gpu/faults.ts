import {
  DeviceError,
  DeviceLostError,
  OutOfMemoryError,
  UnrolledError,
  ValidationError,
  messageOf,
} from '../core/errors.js';

/**
 * A failed wait can be reported before `device.lost` resolves. Wait this long for the loss before
 * reporting the failure.
 */
const LOSS_MS = 100;

/**
 * Watches one device and turns its failures into typed errors that name the operation during which
 * they happened.
 */
export class FaultRecord {
  #fault: DeviceError | undefined;
  #disposed = false;
  #doing = 'idle';
  /** Stored, so that `dispose` can remove it. */
  readonly #uncaptured = ({ error }: GPUUncapturedErrorEvent): void => {
    const message = firstLine(error.message);
    if (error instanceof GPUOutOfMemoryError)
      this.#fault ??= new OutOfMemoryError(`The GPU has too little memory: ${message}`, this.#doing);
    else if (error instanceof GPUValidationError)
      this.#fault ??= new ValidationError(`WebGPU reported an error: ${message}`, this.#doing);
    else this.#fault ??= new DeviceError(`The GPU driver failed: ${message}`, this.#doing);
  };
  /** Resolves when the device is lost, unless `dispose` ended it. */
  readonly lost: Promise<DeviceError>;

  constructor(readonly device: GPUDevice) {
    device.addEventListener('uncapturederror', this.#uncaptured);
    this.lost = new Promise((resolve) => {
      void device.lost.then((info) => {
        if (this.#disposed) return;
        const reason = info.message ? `: ${firstLine(info.message)}` : '';
        const error = new DeviceLostError(
          `The GPU was lost${reason}. Open the device again and load the last checkpoint`,
          this.#doing,
        );
        this.#fault = error;
        resolve(error);
      });
    });
  }

  /** Stores the operation that is under way, for messages. */
  begin(doing: string): void {
    this.check();
    this.#doing = doing;
  }

  /**
   * Throws a failure that happened outside of `guard`, if there was one. Every later call throws it
   * too, because results cannot be trusted from then on.
   */
  check(): void {
    if (this.#disposed) throw new DeviceLostError('The device has been disposed of', this.#doing);
    if (this.#fault) throw this.#fault;
  }

  /**
   * Runs `work` inside error scopes. The device has one stack of scopes, so they are closed before
   * anything is awaited: otherwise concurrent work could close them. They cover `work` up to its first
   * `await`; later failures must reject.
   */
  async guard<T>(doing: string, work: () => T | Promise<T>): Promise<T> {
    const { device } = this;
    device.pushErrorScope('out-of-memory');
    device.pushErrorScope('validation');
    device.pushErrorScope('internal');
    const started = new Promise<T>((resolve) => {
      resolve(work());
    });
    const [outcome, ...scopes] = await Promise.allSettled([
      started,
      device.popErrorScope(),
      device.popErrorScope(),
      device.popErrorScope(),
    ]);
    const [internal, validation, memory] = scopes.map((scope) =>
      scope.status === 'fulfilled' ? scope.value : undefined,
    );
    if (outcome.status === 'rejected' && outcome.reason instanceof UnrolledError) throw outcome.reason;
    if (memory)
      throw new OutOfMemoryError(`The GPU has too little memory: ${firstLine(memory.message)}`, doing);
    if (validation)
      throw new ValidationError(`WebGPU refused a command: ${firstLine(validation.message)}`, doing);
    if (internal) throw new DeviceError(`The GPU driver failed: ${firstLine(internal.message)}`, doing);
    if (outcome.status === 'rejected') throw await this.explain(outcome.reason, doing);
    const unheard = scopes.find((scope) => scope.status === 'rejected');
    if (unheard) throw await this.explain(unheard.reason, doing);
    return outcome.value;
  }

  /** The error for work or a wait that failed: the loss of the device if that was the cause. */
  async explain(error: unknown, doing = this.#doing): Promise<UnrolledError> {
    if (!(error instanceof UnrolledError) && !this.#disposed && !this.#fault)
      await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, LOSS_MS))]);
    if (this.#disposed) return new DeviceLostError('The device has been disposed of', doing);
    if (this.#fault instanceof DeviceLostError) return this.#fault;
    if (error instanceof UnrolledError) return error;
    return (
      this.#fault ??
      new DeviceError(`The GPU failed: ${firstLine(messageOf(error))}`, doing, { cause: error })
    );
  }

  dispose(): void {
    this.#disposed = true;
    this.device.removeEventListener('uncapturederror', this.#uncaptured);
  }
}

function firstLine(message: string): string {
  return message.trim().split('\n')[0].replace(/\.$/, '');
}

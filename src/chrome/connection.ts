import { DeviceError, DeviceLostError } from '../core/errors.js';
import type { DeviceCounts } from '../plan/device.js';
import { errorFromData } from './error-data.js';
import { decode, encode } from './messages.js';
import { DOING, type CallMessage, type CallName, type PageApi, type PageMessage } from './page-api.js';

interface PendingCall {
  readonly name: CallName;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Calls from Node to the page. Any number may be under way; they are sent in the order of the calls. */
export class Connection {
  readonly #pending = new Map<number, PendingCall>();
  #lastId = 0;
  #ended: DeviceLostError | undefined;
  #reportLost!: (error: DeviceError) => void;
  /** Number of resources on the device, as of the last answer. */
  counts: DeviceCounts = { buffers: 0, bytes: 0, pipelines: 0, bindGroups: 0 };
  /** Resolves when the page or its device is lost, unless `dispose` ended it. */
  readonly lost = new Promise<DeviceError>((resolve) => (this.#reportLost = resolve));

  constructor(readonly send: (bytes: Uint8Array) => void) {}

  /** Calls the page. Arguments are copied. */
  async call<Name extends CallName>(
    name: Name,
    ...args: Parameters<PageApi[Name]>
  ): Promise<Awaited<ReturnType<PageApi[Name]>>> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#lastId;
    this.send(encode({ id, name, args } satisfies CallMessage));
    const result = await new Promise<unknown>((resolve, reject) =>
      this.#pending.set(id, { name, resolve, reject }),
    );
    return result as Awaited<ReturnType<PageApi[Name]>>;
  }

  /** Calls the page without waiting for an answer: a closed page has freed everything already. */
  post(name: 'disposeMemory' | 'disposeProgram', id: number): void {
    this.call(name, id).catch(() => undefined);
  }

  /** Handles a message from the page. */
  receive(bytes: Uint8Array): void {
    const message = decode(bytes) as PageMessage;
    if (message.kind === 'lost') {
      const error = errorFromData(message.error, this.#doing());
      if (error instanceof DeviceError) this.#reportLost(error);
      return;
    }
    this.counts = message.counts;
    const call = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'error') call?.reject(errorFromData(message.error, DOING[call.name]));
    else call?.resolve(message.result);
  }

  /** Handles the loss of the page: rejects current and later calls, and resolves `lost`. */
  fail(message: string): void {
    if (this.#ended) return;
    this.#reportLost(this.#end(message));
  }

  /** Handles the closing of the page on purpose: rejects current and later calls. */
  dispose(): void {
    if (!this.#ended) this.#end('The device has been disposed of');
  }

  #end(message: string): DeviceLostError {
    this.#ended = new DeviceLostError(message, this.#doing());
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    return this.#ended;
  }

  /** The oldest call under way, for messages. */
  #doing(): string {
    for (const { name } of this.#pending.values()) return DOING[name];
    return 'idle';
  }
}

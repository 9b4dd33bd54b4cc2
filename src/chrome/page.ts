import type { DeviceArray } from '../core/arrays.js';
import { DeviceError } from '../core/errors.js';
import { openDevice } from '../device/open.js';
import type {
  Device,
  DeviceCounts,
  DeviceInfo,
  Feeds,
  KernelTime,
  Memory,
  PrepareOptions,
  Program,
  Reports,
} from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { errorToData } from './error-data.js';
import { decode, encode } from './messages.js';
import {
  SOCKET_PATH,
  type CallMessage,
  type PageApi,
  type PageMessage,
  type PreparedProgram,
} from './page-api.js';

/** The page's end of the chrome backend: a WebGPU device whose memories and programs have numbers. */
class PageDevice implements PageApi {
  #device: Device | undefined;
  readonly #memories = new Map<number, Memory>();
  readonly #programs = new Map<number, Program>();

  constructor(readonly onLost: (error: DeviceError) => void) {}

  get counts(): DeviceCounts {
    return this.#device?.counts ?? { buffers: 0, bytes: 0, pipelines: 0, bindGroups: 0 };
  }

  async open(): Promise<DeviceInfo> {
    this.#device = await openDevice({ backend: 'webgpu' });
    void this.#device.lost.then(this.onLost);
    return this.#device.info;
  }

  async createMemory(memory: number): Promise<void> {
    if (!this.#device) throw new DeviceError('The device is not open', 'creating a memory');
    this.#memories.set(memory, await this.#device.createMemory());
  }

  ensure(memory: number, tensor: Tensor): Promise<void> {
    return this.#memory(memory).ensure(tensor);
  }

  writeMemory(memory: number, name: string, data: DeviceArray): Promise<void> {
    return this.#memory(memory).write(name, data);
  }

  readMemory(memory: number, name: string): Promise<DeviceArray> {
    return this.#memory(memory).read(name);
  }

  disposeMemory(memory: number): Promise<void> {
    this.#memories.get(memory)?.dispose();
    this.#memories.delete(memory);
    return Promise.resolve();
  }

  async prepare(
    program: number,
    graph: Graph,
    memory: number,
    options: PrepareOptions,
  ): Promise<PreparedProgram> {
    if (!this.#device) throw new DeviceError('The device is not open', 'preparing a plan');
    const prepared = await this.#device.prepare(graph, this.#memory(memory), options);
    this.#programs.set(program, prepared);
    const { summary, maxSteps, variants } = prepared;
    return { summary, maxSteps, ...(variants ? { variants } : {}) };
  }

  submit(program: number, feeds: readonly Feeds[]): Promise<readonly Reports[]> {
    return this.#program(program).submit(feeds);
  }

  writeProgram(program: number, name: string, data: DeviceArray): Promise<void> {
    return this.#program(program).write(name, data);
  }

  readProgram(program: number, name: string): Promise<DeviceArray> {
    return this.#program(program).read(name);
  }

  timeProgram(program: number, feeds: Feeds, repeats: number): Promise<readonly KernelTime[] | undefined> {
    return this.#program(program).time(feeds, repeats);
  }

  disposeProgram(program: number): Promise<void> {
    this.#programs.get(program)?.dispose();
    this.#programs.delete(program);
    return Promise.resolve();
  }

  #memory(id: number): Memory {
    const memory = this.#memories.get(id);
    if (!memory) throw new DeviceError('This memory has been disposed of', 'looking up a memory');
    return memory;
  }

  #program(id: number): Program {
    const program = this.#programs.get(id);
    if (!program) throw new DeviceError('This program has been disposed of', 'looking up a program');
    return program;
  }
}

/** Connects to the server of this page, and serves its calls until the page closes. */
function serve(): void {
  const socket = new WebSocket(new URL(SOCKET_PATH, location.href.replace(/^http/, 'ws')));
  const send = (message: PageMessage): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(encode(message));
  };
  const device = new PageDevice((error) => send({ kind: 'lost', error: errorToData(error) }));
  const methods = device as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => Promise<unknown>>
  >;

  const answer = async ({ id, name, args }: CallMessage): Promise<void> => {
    try {
      // A call runs within the event of its message up to its first wait, so submits reach the GPU in
      // the order in which they were sent.
      const result = await methods[name](...args);
      send({ kind: 'result', id, result, counts: device.counts });
    } catch (error) {
      send({ kind: 'error', id, error: errorToData(error), counts: device.counts });
    }
  };
  socket.binaryType = 'arraybuffer';
  socket.addEventListener(
    'message',
    ({ data }) => void answer(decode(new Uint8Array(data as ArrayBuffer)) as CallMessage),
  );
}

serve();

import { checkLength, type DeviceArray, type NumberArray } from '../core/arrays.js';
import { ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { EventLoopTurn } from '../core/async-turns.js';
import { copyFeeds } from '../plan/cpu-execution.js';
import { CallTimes, runSteps } from '../plan/cpu-steps.js';
import type { Feeds, KernelTime, Program, Reports } from '../plan/device.js';
import type { Call, Graph } from '../plan/graph.js';
import { assignBuffers } from '../plan/lifetimes.js';
import type { LoadedOps, Reference } from '../plan/op.js';
import type { PlanSummary } from '../plan/print.js';
import { alignElements, type Tensor } from '../plan/tensor.js';
import { Heap } from './heap.js';
import type { WasmMemory } from './memory.js';
import { isWorthThreads, writeTable, type ResolvedCall, type Sharing } from './call-table.js';
import type { Team } from './thread-team.js';

/** A call whose reference runs, on arrays over the heap. */
interface ReferenceCall {
  readonly call: Call;
  readonly reference: Reference;
  arrays: Record<string, NumberArray>;
  /** Gradients that are added: the reference writes `part`, which is then added to `sum`. */
  sums: { readonly part: NumberArray; readonly sum: NumberArray }[];
}

/** The parts of the device that a program uses. */
export interface ProgramContext {
  readonly ops: LoadedOps;
  readonly heap: Heap;
  readonly team: Team;
  readonly sharing: Sharing;
  /** A number that is unique among the programs of the device. */
  readonly id: number;
  readonly onDispose: (program: WasmProgram) => void;
}

/** A graph on the CPU. It calls kernels in WebAssembly, and references for calls without a kernel. */
export class WasmProgram implements Program {
  /** Addresses of the tensors that the program owns; intermediates share memory. */
  readonly #addresses = new Map<string, number>();
  readonly #places: number[] = [];
  readonly #steps: readonly { readonly call: Call; readonly reference?: ReferenceCall }[];
  readonly #table: number;
  readonly #turn = new EventLoopTurn();
  readonly #feeds: readonly Tensor[];
  readonly #reports: readonly Tensor[];
  readonly #heap: Heap;
  #generation = -1;
  #disposed = false;

  /** Whether all threads of the device take part. */
  readonly shared: boolean;

  constructor(
    readonly graph: Graph,
    readonly memory: WasmMemory,
    readonly maxSteps: number,
    readonly summary: PlanSummary,
    readonly context: ProgramContext,
  ) {
    const { heap, team } = context;
    this.#heap = heap;
    const tensors = Object.values(graph.tensors);
    this.#feeds = tensors.filter(({ kind, view }) => kind === 'feed' && !view);
    this.#reports = tensors.filter(({ kind, view }) => kind === 'report' && !view);
    try {
      this.#allocateTensors();
      for (const tensor of tensors) if (tensor.values) this.#view(tensor).set(tensor.values);
      const planned = graph.calls.map((call) => ({ call, resolved: this.#resolve(call) }));
      this.#steps = planned.flatMap(({ call, resolved }) =>
        resolved.map((one) =>
          one === 'reference' ? { call, reference: this.#referenceOf(call) } : { call },
        ),
      );
      const calls = planned.flatMap(({ resolved }) => resolved);
      this.shared = team.threads > 1 && isWorthThreads(calls, context.sharing);
      this.#table = this.#writeTable(calls);
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  /** Names of the calls whose references run, for tests. */
  get withoutKernel(): readonly string[] {
    return this.#steps.filter(({ reference }) => reference).map(({ call }) => `${call.op} ${call.phase}`);
  }

  submit(feeds: readonly Feeds[]): Promise<readonly Reports[]> {
    const copies = copyFeeds(feeds, this.maxSteps);
    return this.memory.queue.run(() => runSteps(copies, this.#turn, (feed) => this.#step(feed)));
  }

  write(name: string, data: DeviceArray): Promise<void> {
    const [tensor, copy] = [this.#tensor(name), data.slice()];
    checkLength(name, elementCount(tensor.shape), copy);
    return this.memory.queue.run(() => this.#view(tensor).set(copy));
  }

  read(name: string): Promise<DeviceArray> {
    const tensor = this.#tensor(name);
    return this.memory.queue.run(() => this.#view(tensor).slice());
  }

  async time(feeds: Feeds, repeats: number): Promise<readonly KernelTime[]> {
    await this.submit([feeds]);
    const times = new CallTimes(repeats);
    for (let repeat = 0; repeat < repeats; repeat++) {
      let last = performance.now();
      this.#run((index) => {
        const now = performance.now();
        times.add(this.#steps[index].call, now - last);
        last = now;
      });
    }
    return times.sorted;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#free();
    this.context.onDispose(this);
  }

  #step(feed: Feeds): Reports {
    for (const tensor of this.#feeds) {
      const data = feed[tensor.name];
      if (!data) throw new ShapeError(`This step has no data for the feed "${tensor.name}".`);
      checkLength(tensor.name, elementCount(tensor.shape), data);
      this.#view(tensor).set(data);
    }
    this.#run();
    return Object.fromEntries(this.#reports.map((tensor) => [tensor.name, this.#view(tensor).slice()]));
  }

  #run(observe?: (index: number) => void): void {
    // The addresses of a disposed program may belong to another one by now.
    if (this.#disposed || this.memory.disposed) throw new ShapeError('The program has been disposed of.');
    if (this.#generation !== this.#heap.generation) this.#bindReferences();
    const { team } = this.context;
    team.run(this.#table, this.shared, (index) => this.#runReference(index), observe);
  }

  #runReference(index: number): void {
    const { reference: bound } = this.#steps[index];
    if (!bound) return;
    bound.reference(bound.arrays, bound.call.dims, bound.call.attributes);
    for (const { part, sum } of bound.sums) for (let i = 0; i < sum.length; i++) sum[i] += part[i];
  }

  #allocateTensors(): void {
    const roots = this.graph.calls.map((call) => ({
      bound: Object.values(call.tensors).map((name) => ({ root: this.#root(this.#tensor(name)).name })),
    }));
    const { shared, indexOf } = assignBuffers(this.graph, roots);
    const places = shared.map(({ elements }, i) => this.#place(elements, `Intermediate values ${i + 1}`));
    for (const tensor of Object.values(this.graph.tensors)) {
      if (tensor.view || tensor.kind === 'memory') continue;
      const index = indexOf[tensor.name];
      const address =
        index === undefined
          ? this.#place(
              alignElements(elementCount(tensor.shape)),
              `Tensor "${tensor.name}" [${tensor.shape.join(',')}]`,
            )
          : places[index];
      this.#addresses.set(tensor.name, address);
    }
  }

  #place(elements: number, what: string): number {
    const address = this.#heap.allocate(Heap.bytesOf(elements), what);
    this.#places.push(address);
    return address;
  }

  #free(): void {
    for (const place of this.#places) this.#heap.free(place);
    this.#places.length = 0;
    this.#addresses.clear();
  }

  /** The kernel calls of a call, or its reference. */
  #resolve(call: Call): readonly ResolvedCall[] {
    const planned = this.context.ops[call.op]?.native?.[call.phase]?.({
      dims: call.dims,
      attributes: call.attributes,
      has: (name) => name in call.tensors,
      accumulate: call.accumulate,
    });
    if (!planned) return ['reference'];
    const addressOf = (name: string): number => {
      const tensor = call.tensors[name];
      return tensor === undefined ? 0 : this.#address(this.#tensor(tensor));
    };
    return planned.map((native) => ({ native, addressOf }));
  }

  #referenceOf(call: Call): ReferenceCall {
    const reference = this.context.ops[call.op]?.reference[call.phase];
    if (!reference) throw new ShapeError(`There is no reference for "${call.op}" ${call.phase}.`);
    return { call, reference, arrays: {}, sums: [] };
  }

  #writeTable(calls: readonly ResolvedCall[]): number {
    const { team, id, sharing } = this.context;
    const natives = calls.flatMap((call) => (call === 'reference' ? [] : [call.native]));
    const each = Math.max(
      0,
      ...natives.map(({ scratch }) => (scratch ? team.measure(scratch.of, scratch.arguments) : 0)),
    );
    const scratchEach = Math.ceil(each / 256) * 256 + 256;
    const threads = this.shared ? team.threads : 1;
    const context = {
      id,
      threads,
      sharing,
      kernels: team.kernels,
      scratchEach,
      scratch: this.#place((threads * scratchEach) / 4, `Scratch of ${threads} threads`),
      workspace: this.#place(
        Math.max(64, ...natives.map((native) => (native.workspace ?? 0) / 4)),
        'Workspace',
      ),
    };
    const table = writeTable(calls, context);
    const address = this.#place(2 * table.length, 'The list of calls');
    new Float64Array(this.#heap.memory.buffer, address, table.length).set(table);
    return address;
  }

  /** Creates the arrays of references again, after the memory has grown. */
  #bindReferences(): void {
    this.#generation = this.#heap.generation;
    for (const { reference: bound } of this.#steps) {
      if (!bound) continue;
      bound.arrays = {};
      bound.sums = [];
      for (const [key, name] of Object.entries(bound.call.tensors)) {
        const array = this.#view(this.#tensor(name));
        if (bound.call.accumulate.includes(key)) {
          const part = array.slice();
          bound.sums.push({ part, sum: array });
          bound.arrays[key] = part;
        } else bound.arrays[key] = array;
      }
    }
  }

  #tensor(name: string): Tensor {
    const tensor = this.graph.tensors[name];
    if (!tensor) throw new ShapeError(`The program has no tensor "${name}".`);
    return tensor;
  }

  #root(tensor: Tensor): Tensor {
    return tensor.view ? this.#tensor(tensor.view.of) : tensor;
  }

  #address(tensor: Tensor): number {
    const root = this.#root(tensor);
    const address = root.kind === 'memory' ? this.memory.address(root.name) : this.#addresses.get(root.name);
    if (address === undefined)
      throw new ShapeError(`The program has been disposed of: "${tensor.name}" is gone.`);
    return address + Heap.bytesOf(tensor.view?.offset ?? 0);
  }

  #view(tensor: Tensor): DeviceArray {
    return this.#heap.view(tensor.dtype, this.#address(tensor), elementCount(tensor.shape));
  }
}

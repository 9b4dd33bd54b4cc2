import { checkLength, type DeviceArray, type NumberArray, type Precision } from '../core/arrays.js';
import { ShapeError, UnrolledError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { copyFeeds } from '../plan/cpu-execution.js';
import { CallTimes, runSteps } from '../plan/cpu-steps.js';
import type { Feeds, KernelTime, Program, Reports } from '../plan/device.js';
import type { Call, Graph } from '../plan/graph.js';
import type { LoadedOps, Reference } from '../plan/op.js';
import type { PlanSummary } from '../plan/print.js';
import type { Tensor } from '../plan/tensor.js';
import { EventLoopTurn } from '../core/async-turns.js';
import { allocate, copyIn, copyOut, type ReferenceMemory } from './tensors.js';

/** A call with its arrays resolved. */
interface BoundCall {
  readonly call: Call;
  readonly reference: Reference;
  readonly arrays: Readonly<Record<string, NumberArray>>;
  /** Gradients that are added: the reference writes `part`, which is then added to `sum`. */
  readonly sums: readonly { readonly part: NumberArray; readonly sum: NumberArray }[];
}

/** A graph on the CPU that runs the reference of each call. */
export class ReferenceProgram implements Program {
  readonly #arrays = new Map<string, NumberArray>();
  readonly #calls: readonly BoundCall[];
  readonly #turn = new EventLoopTurn();
  readonly #feeds: readonly Tensor[];
  readonly #reports: readonly Tensor[];

  constructor(
    readonly graph: Graph,
    readonly ops: LoadedOps,
    readonly memory: ReferenceMemory,
    readonly precision: Precision,
    readonly maxSteps: number,
    readonly summary: PlanSummary,
    readonly onDispose: (program: ReferenceProgram) => void,
  ) {
    const tensors = Object.values(graph.tensors);
    for (const tensor of tensors)
      if (!tensor.view && tensor.kind !== 'memory')
        this.#arrays.set(tensor.name, allocate(tensor, precision));
    for (const { name, values } of tensors) if (values) this.#array(name).set(values);
    this.#feeds = tensors.filter(({ kind, view }) => kind === 'feed' && !view);
    this.#reports = tensors.filter(({ kind, view }) => kind === 'report' && !view);
    this.#calls = graph.calls.map((call) => this.#bind(call));
  }

  get bytes(): number {
    let sum = 0;
    for (const array of this.#arrays.values()) sum += array.byteLength;
    return sum;
  }

  get size(): number {
    return this.#arrays.size;
  }

  submit(feeds: readonly Feeds[]): Promise<readonly Reports[]> {
    const copies = copyFeeds(feeds, this.maxSteps);
    return this.memory.queue.run(() => runSteps(copies, this.#turn, (feed) => this.#step(feed)));
  }

  write(name: string, data: DeviceArray): Promise<void> {
    const [tensor, copy] = [this.#tensor(name), data.slice()];
    checkLength(name, elementCount(tensor.shape), copy);
    return this.memory.queue.run(() => copyIn(tensor, this.#array(name), copy));
  }

  read(name: string): Promise<DeviceArray> {
    const tensor = this.#tensor(name);
    return this.memory.queue.run(() => copyOut(tensor, this.#array(name)));
  }

  /** The array of a tensor in full precision, for gradient checks. */
  array(name: string): NumberArray {
    return this.#array(name);
  }

  async time(feeds: Feeds, repeats: number): Promise<readonly KernelTime[]> {
    await this.submit([feeds]);
    const times = new CallTimes(repeats);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const bound of this.#calls) {
        const start = performance.now();
        run(bound);
        times.add(bound.call, performance.now() - start);
      }
    }
    return times.sorted;
  }

  dispose(): void {
    this.#arrays.clear();
    this.onDispose(this);
  }

  #step(feed: Feeds): Reports {
    if (this.memory.disposed) throw new UnrolledError('The memory of the program has been disposed of.');
    for (const tensor of this.#feeds) {
      const data = feed[tensor.name];
      if (!data) throw new ShapeError(`This step has no data for the feed "${tensor.name}".`);
      copyIn(tensor, this.#array(tensor.name), data);
    }
    for (const bound of this.#calls) run(bound);
    return Object.fromEntries(
      this.#reports.map((tensor) => [tensor.name, copyOut(tensor, this.#array(tensor.name))]),
    );
  }

  #bind(call: Call): BoundCall {
    const reference = this.ops[call.op]?.reference[call.phase];
    if (!reference) throw new ShapeError(`There is no reference for "${call.op}" ${call.phase}.`);
    const arrays: Record<string, NumberArray> = {};
    const sums: { part: NumberArray; sum: NumberArray }[] = [];
    for (const [key, name] of Object.entries(call.tensors)) {
      const array = this.#view(this.graph.tensors[name]);
      if (call.accumulate.includes(key)) {
        const part = array.slice();
        sums.push({ part, sum: array });
        arrays[key] = part;
      } else arrays[key] = array;
    }
    return { call, reference, arrays, sums };
  }

  #view(tensor: Tensor): NumberArray {
    const offset = tensor.view?.offset ?? 0;
    return this.#array(tensor.view?.of ?? tensor.name).subarray(offset, offset + elementCount(tensor.shape));
  }

  #tensor(name: string): Tensor {
    const tensor = this.graph.tensors[name];
    if (!tensor) throw new ShapeError(`The program has no tensor "${name}".`);
    return tensor;
  }

  #array(name: string): NumberArray {
    const tensor = this.#tensor(name);
    const array = tensor.kind === 'memory' ? this.memory.array(name) : this.#arrays.get(name);
    if (!array) throw new ShapeError(`The program has been disposed of: "${name}" is gone.`);
    return array;
  }
}

function run({ call, reference, arrays, sums }: BoundCall): void {
  reference(arrays, call.dims, call.attributes);
  for (const { part, sum } of sums) for (let i = 0; i < sum.length; i++) sum[i] += part[i];
}

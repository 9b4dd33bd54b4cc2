import type { DeviceArray } from '../core/arrays.js';
import type { Device, Memory, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import { spreadOf, type Spread } from './statistics.js';

/** A graph that runs repeatedly on a device, with its times so far. */
export class TimedProgram {
  readonly #times: number[] = [];
  #ms = 1;

  private constructor(
    readonly memory: Memory,
    readonly program: Program,
  ) {}

  /** @param data inputs by name; inputs that the graph does not read are ignored */
  static async create(
    device: Device,
    graph: Graph,
    data: Readonly<Record<string, DeviceArray>>,
  ): Promise<TimedProgram> {
    const memory = await device.createMemory();
    let program: Program | undefined;
    try {
      program = await device.prepare(graph, memory);
      const rootOf = (name: string): string => graph.tensors[name].view?.of ?? name;
      const read = new Set(graph.calls.flatMap(({ tensors }) => Object.values(tensors).map(rootOf)));
      for (const [name, values] of Object.entries(data))
        if (read.has(name)) await program.write(name, values);
      return new TimedProgram(memory, program);
    } catch (failure) {
      program?.dispose();
      memory.dispose();
      throw failure;
    }
  }

  /** Runs for about `ms` and stores the time of one run. The first turn starts with a warm-up. */
  async turn(ms: number, first: boolean): Promise<void> {
    if (first) for (const share of [0, 0.2, 1]) await this.#run(share * ms);
    await this.#run(ms);
    this.#times.push(this.#ms);
  }

  async #run(ms: number): Promise<void> {
    const calls = Math.max(1, Math.round(ms / this.#ms));
    const start = performance.now();
    const submits: Promise<unknown>[] = [];
    for (let left = calls; left > 0; left -= this.program.maxSteps)
      submits.push(
        this.program.submit(Array.from({ length: Math.min(left, this.program.maxSteps) }, () => ({}))),
      );
    await Promise.all(submits);
    this.#ms = (performance.now() - start) / calls;
  }

  get spread(): Spread {
    return spreadOf(this.#times);
  }

  dispose(): void {
    this.program.dispose();
    this.memory.dispose();
  }
}

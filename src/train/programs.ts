import type { Device, Memory, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { Variants } from '../plan/op.js';
import type { Sizes } from './batch.js';

/** Programs that are kept for other batches; buckets are at most a few. */
const KEPT = 16;

/**
 * Programs over one memory by what decides their graph. `given` are variants that they are to have. Those that were not used for longest are
 * disposed of where there are too many.
 */
export class Programs {
  readonly #programs = new Map<string, Program>();

  constructor(
    readonly device: Device,
    readonly memory: Memory,
    readonly kept = KEPT,
    readonly given: Variants = {},
  ) {}

  /** The program for these sizes and this form of the graph, compiled when it is first asked for. */
  async get(sizes: Sizes, form: string, graph: () => Graph, maxSteps?: number): Promise<Program> {
    const key = keyOf(sizes, form);
    const options = { variants: this.given, ...(maxSteps === undefined ? {} : { maxSteps }) };
    const program = this.#programs.get(key) ?? (await this.device.prepare(graph(), this.memory, options));
    // A map keeps its order of insertion: the last is the one used last.
    this.#programs.delete(key);
    this.#programs.set(key, program);
    return program;
  }

  /** Disposes of what is too many. Call it while none of them runs. */
  trim(): void {
    for (const [key, program] of [...this.#programs].slice(0, -this.kept)) {
      this.#programs.delete(key);
      program.dispose();
    }
  }

  /** Whether there are too many. */
  get full(): boolean {
    return this.#programs.size > this.kept;
  }

  /** The variants of all programs, and those that were given: what later programs must have, too. */
  get variants(): Variants {
    return Object.assign(
      {},
      this.given,
      ...[...this.#programs.values()].map(({ variants }) => variants),
    ) as Variants;
  }

  /** The program, where it is compiled already. */
  peek(sizes: Sizes, form: string): Program | undefined {
    return this.#programs.get(keyOf(sizes, form));
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }
}

function keyOf(sizes: Sizes, form: string): string {
  return `${form} ${Object.keys(sizes)
    .sort()
    .map((letter) => `${letter}${sizes[letter]}`)
    .join(' ')}`;
}

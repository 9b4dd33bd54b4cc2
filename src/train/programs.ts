import type { Device, Memory, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { Variants } from '../plan/op.js';
import type { Sizes } from './batch.js';

/** Programs that are kept for other batches; buckets are at most a few. */
const KEPT = 16;

/**
 * Programs over one memory by what decides their graph. Those that were not used for longest are
 * disposed of where there are too many.
 */
export class Programs {
  readonly #programs = new Map<string, Program>();
  /** The variants of all programs so far: one that is made anew computes the same as before. */
  #variants: Variants;

  constructor(
    readonly device: Device,
    readonly memory: Memory,
    readonly kept = KEPT,
    variants: Variants = {},
  ) {
    this.#variants = variants;
  }

  /** The program for these sizes and this form of the graph, compiled when it is first asked for. */
  async get(sizes: Sizes, form: string, graph: () => Graph, maxSteps?: number): Promise<Program> {
    const key = keyOf(sizes, form);
    const options = { variants: this.#variants, ...(maxSteps === undefined ? {} : { maxSteps }) };
    const program = this.#programs.get(key) ?? (await this.device.prepare(graph(), this.memory, options));
    this.#variants = { ...this.#variants, ...program.variants };
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

  /** The variants of all programs so far, and those that were given. */
  get variants(): Variants {
    return this.#variants;
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

import { UnrolledError } from '../core/errors.js';
import type { Device, Memory, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import type { Variants } from '../plan/target.js';
import type { Sizes } from './batch.js';
import { replacedVariants, type OnVariantsReplaced } from './replaced-variants.js';

/** Number of programs that are kept. Sources have few different sizes of batches. */
const KEPT = 16;

/**
 * Programs over one memory, by sizes and form of their graphs. `trim` disposes of those whose last
 * use is longest ago.
 */
export class ProgramCache {
  readonly #programs = new Map<string, Program>();
  /** The variants of all programs so far, so that a program that is compiled again is the same. */
  #variants: Variants;
  #disposed = false;

  constructor(
    readonly device: Device,
    readonly memory: Memory,
    readonly kept = KEPT,
    variants: Variants = {},
    readonly onVariantsReplaced?: OnVariantsReplaced,
  ) {
    this.#variants = variants;
  }

  /** The program for these sizes and this form of the graph. It is compiled if it is not kept. */
  async get(sizes: Sizes, form: string, graph: () => Graph, maxSteps?: number): Promise<Program> {
    const key = keyOf(sizes, form);
    const options = { variants: this.#variants, ...(maxSteps === undefined ? {} : { maxSteps }) };
    const program = this.#programs.get(key) ?? (await this.device.prepare(graph(), this.memory, options));
    if (this.#disposed) {
      program.dispose();
      throw new UnrolledError('The trainer was disposed of while a program was prepared for it.');
    }
    const replaced = replacedVariants(this.#variants, program.variants ?? {});
    if (replaced.length > 0) this.onVariantsReplaced?.(replaced);
    this.#variants = { ...this.#variants, ...program.variants };
    // A map keeps the order of insertion, so the last entry is the one that was used last.
    this.#programs.delete(key);
    this.#programs.set(key, program);
    return program;
  }

  /** Disposes of programs until only `kept` are left. Call it while none of them runs. */
  trim(): void {
    for (const [key, program] of [...this.#programs].slice(0, -this.kept)) {
      this.#programs.delete(key);
      program.dispose();
    }
  }

  /** Whether there are more programs than `kept`. */
  get full(): boolean {
    return this.#programs.size > this.kept;
  }

  /** The variants of all programs so far, and those of the constructor. */
  get variants(): Variants {
    return this.#variants;
  }

  /** The program if it is kept, else undefined. */
  peek(sizes: Sizes, form: string): Program | undefined {
    return this.#programs.get(keyOf(sizes, form));
  }

  dispose(): void {
    this.#disposed = true;
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

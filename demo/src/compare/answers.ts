import { Inspector, type Trainer } from '../../../src/index.js';
import type { CharModel, WindowBatch } from '../../../src/graph.js';

/** One problem of copy-memory. */
export interface Problem {
  /** The whole input: symbols, blanks, the recall mark, blanks. */
  readonly reads: string;
  /** The symbols to recall at the end of the input. */
  readonly wanted: string;
}

/** Returns problems as texts, one for each row of a batch of the task. */
export function problemsOf(
  { arrays: { inputs }, sizes: { T, N } }: WindowBatch,
  symbols: readonly string[],
  recalled: number,
): Problem[] {
  return Array.from({ length: N }, (_, n) => {
    const reads = Array.from({ length: T }, (_, t) => symbols[inputs[t * N + n]]).join('');
    return { reads, wanted: reads.slice(0, recalled) };
  });
}

/** Asks a network between its training steps what it recalls. */
export class Answers {
  readonly #inspector: Inspector;

  constructor({ model, device, memory }: Trainer<CharModel>) {
    this.#inspector = new Inspector(model, device, memory);
  }

  /** @returns the recalled symbols of each problem, as many as are wanted */
  async to(problems: readonly Problem[]): Promise<string[]> {
    const answers: string[] = [];
    for (const { reads, wanted } of problems) {
      const { likeliest } = await this.#inspector.inspect(reads, { likeliest: 1 });
      answers.push(
        likeliest
          .slice(reads.length - wanted.length)
          .map(([{ symbol }]) => symbol)
          .join(''),
      );
    }
    return answers;
  }

  dispose(): void {
    this.#inspector.dispose();
  }
}

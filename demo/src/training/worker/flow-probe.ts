import type { Trainer } from '../../../../src/index.js';
import { CharModel, ModelInspector, type WindowBatch } from '../../../../src/graph.js';
import type { FlowLine } from '../../inside/protocol.js';

/**
 * Measures how the gradient of a batch's loss flows back in time, while training continues: with
 * respect to the states, and for an LSTM to its cells, which carry most of it.
 */
export class FlowProbe {
  readonly #inspector: ModelInspector;

  constructor({ model, device, memory }: Trainer<CharModel>) {
    // Cells made of general ops do not expose the gradients of their steps. The fused ones have the
    // same parameters.
    const fused = new CharModel(model.vocabulary, { ...model.config, form: 'fused' });
    this.#inspector = new ModelInspector(fused, device, memory);
  }

  /** @returns one line per layer: root mean squares over the batches, which have equal length */
  async measure(batches: readonly WindowBatch[]): Promise<FlowLine[]> {
    const measured: FlowLine[][] = [];
    for (const batch of batches) {
      const { layers } = await this.#inspector.inspect(batch);
      measured.push(
        layers.map(({ layer, steps, gradients }): FlowLine => {
          const { h, c } = gradients ?? {};
          return {
            layer,
            norms: normsOf(h ?? [], steps),
            ...(c ? { cellNorms: normsOf(c, steps) } : {}),
          };
        }),
      );
    }
    const [first] = measured;
    return first.map(({ layer, cellNorms }, i) => ({
      layer,
      norms: mean(measured.map((lines) => lines[i].norms)),
      ...(cellNorms ? { cellNorms: mean(measured.map((lines) => lines[i].cellNorms ?? [])) } : {}),
    }));
  }

  dispose(): void {
    this.#inspector.dispose();
  }
}

/** Returns the norm of each step of [steps,N,H]. */
function normsOf(values: ArrayLike<number>, steps: number): number[] {
  const size = values.length / steps;
  return Array.from({ length: steps }, (_, t) => {
    let sum = 0;
    for (let i = t * size; i < (t + 1) * size; i++) sum += values[i] * values[i];
    return Math.sqrt(sum);
  });
}

/** Returns the root mean squares of rows of equal length. */
function mean(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, t) => Math.sqrt(rows.reduce((sum, row) => sum + row[t] ** 2, 0) / rows.length));
}

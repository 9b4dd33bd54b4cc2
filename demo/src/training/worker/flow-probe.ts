import type { Trainer } from '../../../../src/index.js';
import { CharModel, ModelInspector, type WindowBatch } from '../../../../src/graph.js';
import type { FlowLine } from '../../inside/protocol.js';

/**
 * Measures how the gradient of a batch's loss goes back in time, beside a training: with respect to
 * the states, and of an LSTM to its cells, through which most of it comes.
 */
export class FlowProbe {
  readonly #inspector: ModelInspector;

  constructor({ model, device, memory }: Trainer<CharModel>) {
    // Cells from general ops keep no record of their steps. The fused ones have the same parameters.
    const fused = new CharModel(model.vocabulary, { ...model.config, form: 'fused' });
    this.#inspector = new ModelInspector(fused, device, memory);
  }

  /** @returns a line for each layer: root mean squares over the batches, which are equally long */
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

/** The norm of each step of [steps,N,H]. */
function normsOf(values: ArrayLike<number>, steps: number): number[] {
  const size = values.length / steps;
  return Array.from({ length: steps }, (_, t) => {
    let sum = 0;
    for (let i = t * size; i < (t + 1) * size; i++) sum += values[i] * values[i];
    return Math.sqrt(sum);
  });
}

/** Root mean squares of rows of the same length. */
function mean(rows: readonly (readonly number[])[]): number[] {
  return rows[0].map((_, t) => Math.sqrt(rows.reduce((sum, row) => sum + row[t] ** 2, 0) / rows.length));
}

import { expect } from 'vitest';
import { beam, Trainer, type Device, adam } from '../../src/index.js';
import { evaluationGraph, SequenceGenerator, type GenerativeModel, type Model } from '../../src/graph.js';

/** A model that generates from conditions C, with the arrays of some conditions. */
export interface Written<C> {
  readonly model: Model & GenerativeModel<C>;
  readonly conditions: readonly C[];
  /** The fields of the conditions for a training graph, and their sizes. */
  readonly arrays: Readonly<Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>>;
  readonly sizes: Readonly<Record<string, number>>;
  /** Positions that each condition can attend to; empty without attention. */
  readonly positions?: readonly number[];
}

/**
 * Feeds what a model generates greedily back to its training graph. Every id must be the likeliest,
 * and log-probabilities and attention weights must be equal.
 */
export async function expectNumbersOfTraining<C>(device: Device, given: Written<C>): Promise<void> {
  const { model, conditions, arrays, positions } = given;
  const trainer = await Trainer.create<Model>(model, { device, optimizer: adam({ rate: 0.01 }), seed: 2 });
  const generator = SequenceGenerator.create(model, device, trainer.memory);
  const all = await generator.generateAll(conditions, { longest: 5, attention: positions !== undefined });
  const [T, N, V] = [5, conditions.length, model.written.size];
  const sizes = { ...given.sizes, T, N };
  const written = all.map(([{ ids }]) => ids);
  const { begin = 0 } = model.written;
  const kept = positions ? ['logits', 'attention'] : ['logits'];
  const program = await device.prepare(evaluationGraph(model, { sizes, kept }), trainer.memory);
  await program.submit([
    {
      ...arrays,
      previous: byStep(
        written.map((ids) => [begin, ...ids.slice(0, -1)]),
        T,
        V,
      ),
      targets: byStep(written, T, V),
    },
  ]);
  const logits = await program.read('logits');
  const weights = positions ? await program.read('attention') : new Float32Array();
  const S = weights.length / (T * N);
  for (const [n, ids] of written.entries()) {
    const [{ logProbability, attention = new Float32Array() }] = all[n];
    let sum = 0;
    for (const [t, id] of ids.entries()) {
      const row = Array.from(logits.subarray((t * N + n) * V, (t * N + n + 1) * V));
      expect(row.indexOf(Math.max(...row))).toBe(id);
      sum += row[id] - Math.log(row.reduce((total, x) => total + Math.exp(x), 0));
      if (!positions) continue;
      const own = attention.slice(t * positions[n], (t + 1) * positions[n]);
      expect(own.reduce((total, weight) => total + weight, 0)).toBeCloseTo(1, 5);
      for (const [s, weight] of own.entries()) expect(weight).toBeCloseTo(weights[(t * N + n) * S + s], 5);
    }
    expect(logProbability).toBeCloseTo(sum, 4);
    expect(attention.length).toBe(ids.length * (positions?.[n] ?? 0));
  }
  // A row's result does not depend on the other rows, also in a wider search.
  const method = beam(3);
  const [, [together]] = await generator.generateAll(conditions, { method, longest: 5 });
  const [alone] = await generator.generate(conditions[1], { method, longest: 5 });
  expect(together.ids).toEqual(alone.ids);
  expect(together.logProbability).toBeCloseTo(alone.logProbability, 4);
  program.dispose();
  generator.dispose();
  trainer.dispose();
}

/** Returns rows of ids as [length,N], padded with V. */
export function byStep(
  rows: readonly ArrayLike<number>[],
  length: number,
  V: number,
): Uint32Array<ArrayBuffer> {
  const N = rows.length;
  return Uint32Array.from({ length: length * N }, (_, i) => rows[i % N][Math.floor(i / N)] ?? V);
}

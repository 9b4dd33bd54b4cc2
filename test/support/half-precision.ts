import { expect } from 'vitest';
import type { Device } from '../../src/plan/device.js';
import type { Graph } from '../../src/plan/graph.js';
import type { HalfPrecision } from '../../src/plan/target.js';

/** The device with graphs of another precision than their own. */
export function inPrecision(device: Device, precision: HalfPrecision): Device {
  const prepared: Pick<Device, 'createMemory' | 'prepare'> = {
    createMemory: () => device.createMemory(),
    prepare: (graph, memory, options) =>
      device.prepare({ ...graph, precision } satisfies Graph, memory, options),
  };
  return prepared as Device;
}

type Results = Readonly<Record<string, ArrayLike<number>>>;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Expects that results come from operands in half precision. If one of the two operands of a product
 * is not rounded, the results are 0.3 to 0.9 times as far from `rounded` as `exact` is. A computed
 * operand that rounds to its other neighbour changes few results, and not the median.
 * @param rounded of the reference in half precision
 * @param exact of the reference in single precision
 */
export function expectRounding(got: Results, rounded: Results, exact: Results): void {
  for (const [name, values] of Object.entries(rounded)) {
    const effects = Array.from(values, (value, i) => Math.abs(value - exact[name][i]));
    const changed = effects.flatMap((effect, i) => (effect > 0 ? [i] : []));
    expect(changed, `${name}: rounding has an effect`).not.toEqual([]);
    const effect = median(changed.map((i) => effects[i]));
    const error = median(changed.map((i) => Math.abs(values[i] - got[name][i])));
    expect(error / effect, name).toBeLessThan(0.2);
  }
}

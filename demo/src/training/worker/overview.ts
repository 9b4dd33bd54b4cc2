import type { Inspection } from '../../../../src/index.js';
import type { UnitOverview } from '../../inside/protocol.js';

/** The Int8 value for the end of the scale. */
const FULL = 127;

/**
 * Returns all units over a text as small integers, the slowest first. A unit is slow if it changes
 * little from character to character, relative to its own standard deviation. Constant units come
 * last.
 */
export function overviewOf({ layers, hidden: H, symbols }: Inspection): UnitOverview {
  const T = symbols.length;
  const speeds = layers.flatMap(({ h }, layer) =>
    Array.from({ length: H }, (_, unit) => ({ row: layer * H + unit, speed: speedOf(h, unit, H, T) })),
  );
  speeds.sort((a, b) => a.speed - b.speed);
  const rows = Uint32Array.from(speeds, ({ row }) => row);
  const states = layers.every(({ c }) => c) ? (['h', 'c'] as const) : (['h'] as const);
  const levels: Partial<Record<'h' | 'c', Int8Array>> = {};
  const scales: Partial<Record<'h' | 'c', number>> = {};
  for (const state of states) {
    let scale = 1;
    for (const layer of layers)
      for (const value of layer[state]) if (Math.abs(value) > scale) scale = Math.abs(value);
    const all = new Int8Array(rows.length * T);
    for (const [r, row] of rows.entries()) {
      const values = layers[Math.floor(row / H)][state];
      for (let t = 0; t < T; t++) all[r * T + t] = Math.round((FULL * values[t * H + (row % H)]) / scale);
    }
    levels[state] = all;
    scales[state] = scale;
  }
  return { rows, levels, scales };
}

/**
 * Returns the mean change from step to step in standard deviations; Infinity for a constant unit.
 */
function speedOf(values: Float32Array, unit: number, H: number, T: number): number {
  let [sum, squares, change] = [0, 0, 0];
  for (let t = 0; t < T; t++) {
    const value = values[t * H + unit];
    sum += value;
    squares += value * value;
    if (t > 0) change += Math.abs(value - values[(t - 1) * H + unit]);
  }
  const deviation = Math.sqrt(Math.max(0, squares / T - (sum / T) ** 2));
  return deviation < 1e-4 ? Infinity : change / Math.max(1, T - 1) / deviation;
}

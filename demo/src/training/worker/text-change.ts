import type { Inspection } from '../../../../src/index.js';
import type { Change } from '../../inside/protocol.js';

/**
 * Compares what the network holds and expects before and after a change of the text. Characters
 * before and after the changed part are compared with themselves.
 */
export function changeOf(before: Inspection, now: Inspection): Change {
  const { from, to, shift } = differenceOf(before.symbols, now.symbols);
  const T = now.symbols.length;
  const states = new Float32Array(T).fill(NaN);
  const guesses: { position: number; before: string }[] = [];
  for (let t = 0; t < T; t++) {
    // If the changed part kept its length, its characters are compared with those they replaced.
    const was = t < from ? t : t >= to || shift === 0 ? t - shift : undefined;
    if (was === undefined || was < 0 || was >= before.symbols.length) continue;
    states[t] = distance(before, was, now, t);
    const [old, fresh] = [before.likeliest[was].at(0)?.symbol, now.likeliest[t].at(0)?.symbol];
    if (old !== undefined && old !== fresh) guesses.push({ position: t, before: old });
  }
  return { from, to, states, guesses };
}

/**
 * Finds where two texts differ, as places of the second: from the first different symbol to the
 * first that is equal again, and by how many symbols the second is longer.
 */
export function differenceOf(
  before: readonly string[],
  now: readonly string[],
): { readonly from: number; readonly to: number; readonly shift: number } {
  const shift = now.length - before.length;
  const shorter = Math.min(before.length, now.length);
  let from = 0;
  while (from < shorter && before[from] === now[from]) from++;
  let behind = 0;
  while (behind < shorter - from && before[before.length - 1 - behind] === now[now.length - 1 - behind])
    behind++;
  return { from, to: now.length - behind, shift };
}

function distance(a: Inspection, s: number, b: Inspection, t: number): number {
  const H = b.hidden;
  let sum = 0;
  for (const [l, { h }] of b.layers.entries())
    for (let unit = 0; unit < H; unit++) sum += (a.layers[l].h[s * H + unit] - h[t * H + unit]) ** 2;
  return Math.sqrt(sum / (H * b.layers.length));
}

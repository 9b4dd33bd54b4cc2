import { exp } from './lib/functions';
import { pcg4d } from './lib/random';
import { all } from './lib/vector';

/** Marks a row without a forced id. */
const NONE: u32 = 0xffffffff;

/** The stream of random bits: src/core/random.ts. */
const SAMPLING: u32 = 3;

@inline
function at(logits: usize, v: i32): f32 {
  return load<f32>(logits + (<usize>v << 2));
}

/** The k-th largest of V logits, k < V: counts down from the largest value. */
function thresholdOf(logits: usize, V: i32, k: i32): f32 {
  let above: f32 = Infinity;
  let counted = 0;
  while (counted < k) {
    let most: f32 = -Infinity;
    for (let v = 0; v < V; v++) {
      const x = at(logits, v);
      if (x < above && x > most) most = x;
    }
    if (most == -Infinity) break;
    for (let v = 0; v < V; v++) counted += i32(at(logits, v) == most);
    above = most;
  }
  return above;
}

@inline
function weightOf(x: f32, threshold: f32, largest: f32, temperature: f32): f64 {
  if (!(x >= threshold)) return 0;
  return <f64>f32x4.extract_lane(exp(all((x - largest) / temperature)), 0);
}

/** Formula: src/ops/sample, rows from begin to end. */
export function sample(
  logits: usize,
  control: usize,
  temperature: usize,
  id: usize,
  chosen: usize,
  V: i32,
  begin: i32,
  end: i32,
): void {
  const forced = load<u32>(control);
  const counter = load<u32>(control, 4);
  const seed = load<u32>(control, 8);
  const k = load<u32>(control, 12);
  const heat = load<f32>(temperature);
  for (let r = begin; r < end; r++) {
    const row = logits + ((<usize>r * <usize>V) << 2);
    let choice = forced;
    if (forced == NONE) {
      let largest: f32 = -Infinity;
      choice = 0;
      for (let v = 0; v < V; v++) {
        const x = at(row, v);
        if (!(x > largest)) continue;
        largest = x;
        choice = v;
      }
      if (heat > 0) {
        const threshold: f32 = k > 0 && k < <u32>V ? thresholdOf(row, V, k) : -Infinity;
        let sum: f64 = 0;
        for (let v = 0; v < V; v++) sum += weightOf(at(row, v), threshold, largest, heat);
        let left = (<f64>(pcg4d(seed, SAMPLING, counter, r) >> 8) / 16777216) * sum;
        for (let v = 0; v < V; v++) {
          left -= weightOf(at(row, v), threshold, largest, heat);
          if (left < 0) {
            choice = v;
            break;
          }
        }
      }
    }
    store<u32>(id + (<usize>r << 2), choice);
    store<u32>(chosen + (<usize>r << 2), choice);
  }
}

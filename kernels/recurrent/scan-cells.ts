import { sigmoid } from '../lib/functions';
import { add, flush, madd, mul, put, rest, sub } from '../lib/vector';

// Cells whose gates read the input alone, four units at one step: scan.ts walks over the window.
// `given` is the place of the first gate in projected, `gate` in gates, `change` in dprojected; each
// further gate is `row` bytes later. Formulas: the references of the ops. A new cell is a number
// here (SCAN_CELLS of src/ops/scan/native.ts has the same), and a case in each function.

const MINGRU: i32 = 0;
// 1: the minLSTM, the last case of each function.

/** Saves the gates. @returns h_t */
@inline
export function step(cell: i32, given: usize, gate: usize, row: usize, before: v128, left: i32): v128 {
  if (cell == MINGRU) {
    const z = sigmoid(v128.load(given));
    const candidate = v128.load(given + row);
    put(gate, z, left);
    put(gate + row, candidate, left);
    return madd(rest(z), before, mul(z, candidate));
  }
  const f = sigmoid(v128.load(given));
  const open = sigmoid(v128.load(given + row));
  const candidate = v128.load(given + 2 * row);
  put(gate, f, left);
  put(gate + row, open, left);
  put(gate + 2 * row, candidate, left);
  const both = add(f, open);
  return madd(f32x4.div(f, both), before, mul(f32x4.div(open, both), candidate));
}

/** @returns ∂h_t/∂h_{t−1} */
@inline
export function shareOf(cell: i32, gate: usize, row: usize): v128 {
  const first = v128.load(gate);
  return cell == MINGRU ? rest(first) : f32x4.div(first, add(first, v128.load(gate + row)));
}

/** Writes the gradients of the projected inputs. @param gradient dh_t */
@inline
export function back(
  cell: i32,
  gate: usize,
  change: usize,
  row: usize,
  before: v128,
  gradient: v128,
  left: i32,
): void {
  if (cell == MINGRU) {
    const z = v128.load(gate);
    const dz = mul(mul(mul(gradient, sub(v128.load(gate + row), before)), z), rest(z));
    put(change, flush(dz), left);
    put(change + row, flush(mul(gradient, z)), left);
    return;
  }
  const f = v128.load(gate);
  const open = v128.load(gate + row);
  const both = add(f, open);
  const share = f32x4.div(f, both);
  const fresh = f32x4.div(open, both);
  const slope = mul(mul(mul(gradient, sub(before, v128.load(gate + 2 * row))), share), fresh);
  put(change, flush(mul(slope, rest(f))), left);
  put(change + row, flush(f32x4.neg(mul(slope, rest(open)))), left);
  put(change + 2 * row, flush(mul(gradient, fresh)), left);
}

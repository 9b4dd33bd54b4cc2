// Loss of each row of predictions, summed over its columns. Its gradient replaces the predictions.
// Computes:
//   loss[r] = sum over c of l(predictions[r,c], targets[r,c])
//   with GRADIENT predictions[r,c] = SCALE / count · dl/dp
//   l is (p - y)^2 with SQUARED, |p - y| with ABSOLUTE
//   with HUBER l is d^2/2 for d = |p - y| <= DELTA, else DELTA·(d - DELTA/2)
//   else l is max(p, 0) - p·y + log(1 + exp(-|p|)), the cross-entropy of sigmoid(p) with y
//   Rows that are left out have loss 0 and gradient 0: row t·N+n where t >= lengths[n], and row r
//     where ids[r] >= SYMBOLS.
// Bindings: predictions [R,C], targets [R,C], lengths [N] or absent, ids [R] or absent, count [1]
//   or absent, loss [R]
// Owner: as in lib/row_lanes.wgsl; lane 0 owns loss[r]

fn loss_of(p: f32, y: f32) -> f32 {
#if SQUARED
  return (p - y) * (p - y);
#elif ABSOLUTE
  return abs(p - y);
#elif HUBER
  let d = abs(p - y);
  return select(f32(DELTA) * (d - 0.5 * f32(DELTA)), 0.5 * d * d, d <= f32(DELTA));
#else
  return max(p, 0.0) - p * y + log(1.0 + exp(-abs(p)));
#endif
}

fn slope_of(p: f32, y: f32) -> f32 {
#if SQUARED
  return 2.0 * (p - y);
#elif ABSOLUTE
  return sign(p - y);
#elif HUBER
  return clamp(p - y, -f32(DELTA), f32(DELTA));
#else
  return sigmoid_of(p) - y;
#endif
}

fn counts(r: u32) -> bool {
  var here = true;
#if HAS_LENGTHS
  here = here && r / N < lengths[r % N];
#endif
#if HAS_IDS
  here = here && ids[r] < SYMBOLS;
#endif
  return here;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let r = row_of(id, group);
  let lane = lane_of(index);
  if (r >= R) { return; }
  let here = counts(r);
  let first = r * C;
#if HAS_COUNT
  let factor = f32(SCALE) / count[0];
#else
  let factor = f32(SCALE);
#endif
  var sum = 0.0;
  for (var c = lane; c < C; c += STRIDE) {
    let p = predictions[first + c];
    let y = targets[first + c];
    sum += loss_of(p, y);
#if GRADIENT
    predictions[first + c] = select(0.0, factor * slope_of(p, y), here);
#endif
  }
  sum = row_sum(sum, lane);
  if (lane == 0u) { loss[r] = select(0.0, sum, here); }
}

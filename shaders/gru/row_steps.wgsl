// The body of a step with two products, of which the second needs all results of the first.
// Computes: first_stage and second_stage(row, unit, sums) get the sums of units unit … unit+3, over
//   the operands of first_left and second_left
// Bindings: weight_hh [3H,H], and those of the cell
// Owner: workgroup n owns batch row n, and waits between the stages; invocation (x, slice) sums its
//   share of k for units 4·(x + i·WORKGROUP_X) … +3; slice 0 stores the results
// All invocations of a workgroup reach all barriers, even if their row is padded.

fn is_within(k: u32, limit: u32) -> vec4<bool> {
  return vec4<u32>(k, k + 1u, k + 2u, k + 3u) < vec4<u32>(limit);
}

fn load_weight(i: u32) -> vec4<f32> { return operand4(load_weight_hh(i)); }

#if TRANSPOSED_B
// [i] = Σ_k left(k)·weight_hh[at + i, k]
fn add_products(left: vec4<f32>, at: u32, unit: u32, k: u32) -> vec4<f32> {
  let i = (at + unit) * H + k;
  return vec4<f32>(dot(load_weight(i), left), dot(load_weight(i + H), left), dot(load_weight(i + 2u * H), left), dot(load_weight(i + 3u * H), left));
}
#else
// [i] = Σ_k left(k)·weight_hh[at + k, unit + i]
fn add_products(left: vec4<f32>, at: u32, unit: u32, k: u32) -> vec4<f32> {
  let i = (at + k) * H + unit;
  return left.x * load_weight(i) + left.y * load_weight(i + H) + left.z * load_weight(i + 2u * H) + left.w * load_weight(i + 3u * H);
}
#endif

// This slice's share of a sum over k < limit, with rows of the weights from `at` on.
fn share(second: bool, row: u32, at: u32, unit: u32, limit: u32, slice: u32) -> vec4<f32> {
  var sum = vec4<f32>();
  let blocks = (limit + 4u * SLICES - 1u) / (4u * SLICES);
  for (var block = 0u; block < blocks; block++) {
    let k = 4u * (slice * blocks + block);
    var left: vec4<f32>;
    if (second) { left = second_left(row, k); } else { left = first_left(row, k); }
    sum += add_products(operand4(select(vec4<f32>(), left, is_within(k, limit))), at, unit, k);
  }
  return sum;
}

fn whole(part: vec4<f32>, index: u32) -> vec4<f32> {
#if SPLIT
  return sum_row_slices(part, index);
#else
  return part;
#endif
}

@compute @workgroup_size(WORKGROUP_X, 1, SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let row = group.y * GRID_X + group.x;
  let there = row < N && id.z == 0u;
  let n = min(row, N - 1u);
  for (var first = 0u; first < H; first += 4u * WORKGROUP_X) {
    let unit = first + 4u * id.x;
    let sums = first_sums(n, min(unit, 4u * ((H - 1u) / 4u)), id.z, index);
    if (there && unit < H) { first_stage(row, unit, sums); }
  }
  storageBarrier();
  for (var first = 0u; first < H; first += 4u * WORKGROUP_X) {
    let unit = first + 4u * id.x;
    let sum = whole(share(true, n, 2u * H, min(unit, 4u * ((H - 1u) / 4u)), H, id.z), index);
    if (there && unit < H) { second_stage(row, unit, sum); }
  }
}

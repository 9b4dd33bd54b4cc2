// Sums of the columns of a matrix: the gradient of a bias where it does not come with a weight
// gradient.
// sums = Σ_k x[k,·], or sums += that with ADD_SUMS
// x [K,M], sums [M]
// Invocation (column, slice) sums every SLICES-th row; slice 0 owns sums[column].
// Runs after whatever wrote x and, where it adds, sums.

var<workgroup> parts: array<f32, WORKGROUP_X * SLICES>;

@compute @workgroup_size(WORKGROUP_X, SLICES)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let column = min(id.x, M - 1u);
  var part = 0.0;
  for (var step = 0u; step < STEPS; step++) {
    let k = step * SLICES + id.y;
    part += select(0.0, x[min(k, K - 1u) * M + column], k < K);
  }
  parts[index] = part;
  workgroupBarrier();
  if (id.y > 0u || id.x >= M) { return; }
  var sum = 0.0;
  for (var slice = 0u; slice < SLICES; slice++) {
    sum += parts[index + slice * WORKGROUP_X];
  }
#if ADD_SUMS
  sums[column] += sum;
#else
  sums[column] = sum;
#endif
}

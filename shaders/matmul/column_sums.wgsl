// Sums of the columns of a matrix. It is the gradient of a bias, if no launch for a weight gradient
// computes that too.
// Computes: sums = Σ_k x[k,·], or sums += that with ADD_SUMS
// Bindings: x [K,M], sums [M]
// Owner: invocation (column, slice) adds up every SLICES-th row; slice 0 stores sums[column]
// After: the launches that write x, and sums if it is added to

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

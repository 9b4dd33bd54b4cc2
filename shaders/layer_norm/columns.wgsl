// Gradients of the scale and the shift of each column.
// Computes:
//   dweight[c] = sum over r of dy[r,c]·(x[r,c] - mean_r)·rstd_r
//   dbias[c] = sum over r of dy[r,c]
//   with ADD_DWEIGHT and ADD_DBIAS added to what is there
// Bindings: x [R,C], dy [R,C], statistics [R,2], dweight [C] or absent, dbias [C] or absent
// Owner: the DEPTH invocations of a column sum every DEPTH-th row each; the first of them adds the
//   sums and owns the column

var<workgroup> sums: array<vec2<f32>, WIDTH * DEPTH>;

@compute @workgroup_size(WIDTH, DEPTH)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let c = (group.y * GRID_X + group.x) * WIDTH + local.x;
  var sum = vec2<f32>();
  if (c < C) {
    for (var r = local.y; r < R; r += DEPTH) {
      let gradient = dy[r * C + c];
      sum += gradient * vec2<f32>((x[r * C + c] - statistics[2u * r]) * statistics[2u * r + 1u], 1.0);
    }
  }
  sums[local.y * WIDTH + local.x] = sum;
  workgroupBarrier();
  if (local.y > 0u || c >= C) { return; }
  for (var depth = 1u; depth < DEPTH; depth++) { sum += sums[depth * WIDTH + local.x]; }
#if HAS_DWEIGHT
#if ADD_DWEIGHT
  sum.x += dweight[c];
#endif
  dweight[c] = sum.x;
#endif
#if HAS_DBIAS
#if ADD_DBIAS
  sum.y += dbias[c];
#endif
  dbias[c] = sum.y;
#endif
}

// Rows of a weight by id.
// Computes: y[r,c] = weight[ids[r],c] + bias[c]; without the first term where ids[r] >= V
// Bindings: ids [R], weight [V,C], bias [C] or absent, y [R,C]
// Owner: invocation i owns BLOCK values of row i / STRIDE of y, every STRIDE-th; a value is four
//   columns or one

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * STRIDE) { return; }
  let r = i / STRIDE;
  let v = ids[r];
  for (var part = 0u; part < BLOCK; part++) {
    let column = i % STRIDE + part * STRIDE;
    if (column >= COLUMNS) { break; }
    var sum = Value();
    if (v < V) { sum = weight[v * COLUMNS + column]; }
#if HAS_BIAS
    sum += bias[column];
#endif
    y[r * COLUMNS + column] = sum;
  }
}

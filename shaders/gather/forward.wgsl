// Rows of a weight by id.
// y[r,c] = weight[ids[r],c] + bias[c]; without the first term where ids[r] >= V
// ids [R], weight [V,C], bias [C] or absent, y [R,C]
// Invocation i owns the value y[i / COLUMNS, i % COLUMNS]; a value is four columns or one.
// Runs after whatever wrote ids and weight.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R * COLUMNS) { return; }
  let column = i % COLUMNS;
  let v = ids[i / COLUMNS];
  var sum = Value();
  if (v < V) { sum = weight[v * COLUMNS + column]; }
#if HAS_BIAS
  sum += bias[column];
#endif
  y[i] = sum;
}

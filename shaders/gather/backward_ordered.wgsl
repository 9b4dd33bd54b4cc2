// Gradients of gathered rows, from the rows sorted by id.
// Computes:
//   dweight[v,c] = sum over n from ends[v-1] to ends[v] of dy[order[n],c]
//   dbias[c] = sum over b of parts[b,c]
// Bindings: order [R], ends [V], dy [R,C], parts [BIAS_PARTS,C] or absent, dweight [V,C], dbias [C]
//   or absent
// Owner: an invocation owns BLOCK values of a row, every STRIDE-th; the first row is dbias if it is
//   wanted, then come the rows of dweight
// After: order_rows or order_rows_serially

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= ROWS * STRIDE) { return; }
  let lane = i % STRIDE;
#if HAS_DBIAS
  if (i < STRIDE) {
    for (var part = 0u; part < BLOCK; part++) {
      let column = lane + part * STRIDE;
      if (column >= COLUMNS) { break; }
      var sum = Value();
      for (var b = 0u; b < BIAS_PARTS; b++) { sum += parts[b * COLUMNS + column]; }
#if ADD_BIAS
      sum += dbias[column];
#endif
      dbias[column] = sum;
    }
    return;
  }
  let v = i / STRIDE - 1u;
#else
  let v = i / STRIDE;
#endif
  let end = ends[v];
  var begin = 0u;
  if (v > 0u) { begin = ends[v - 1u]; }
  for (var part = 0u; part < BLOCK; part++) {
    let column = lane + part * STRIDE;
    if (column >= COLUMNS) { break; }
    var sum = Value();
    for (var n = 0u; n < R; n++) {
      if (begin + n >= end) { break; }
      sum += dy[order[begin + n] * COLUMNS + column];
    }
#if ADD_WEIGHT
    sum += dweight[v * COLUMNS + column];
#endif
    dweight[v * COLUMNS + column] = sum;
  }
}

// Gradients of gathered rows: every element searches all ids. The simple version.
// Computes: dweight[v,c] = sum over rows r with ids[r] = v of dy[r,c]; dbias[c] = sum over r of
//   dy[r,c]
// Bindings:
//   ids: [R], bound as vec4<u32>
//   dy: [R,C]
//   dweight: [V,C] or absent
//   dbias: [C] or absent
// Owner: invocation i owns one value: first those of dbias, then dweight[v, column]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  let column = i % COLUMNS;
  var sum = Value();
#if HAS_DBIAS
  if (i < COLUMNS) {
    for (var r = 0u; r < R; r++) { sum += dy[r * COLUMNS + column]; }
#if ADD_BIAS
    sum += dbias[column];
#endif
    dbias[column] = sum;
    return;
  }
  let v = i / COLUMNS - 1u;
#else
  let v = i / COLUMNS;
#endif
#if HAS_DWEIGHT
  for (var four = 0u; four < (R + 3u) / 4u; four++) {
    let found = ids[four] == vec4<u32>(v);
    let r = 4u * four;
    if (any(found)) {
      if (found.x) { sum += dy[r * COLUMNS + column]; }
      // The vector may reach past the last row, where the buffer holds other data.
      if (found.y && r + 1u < R) { sum += dy[(r + 1u) * COLUMNS + column]; }
      if (found.z && r + 2u < R) { sum += dy[(r + 2u) * COLUMNS + column]; }
      if (found.w && r + 3u < R) { sum += dy[(r + 3u) * COLUMNS + column]; }
    }
  }
#if ADD_WEIGHT
  sum += dweight[v * COLUMNS + column];
#endif
  dweight[v * COLUMNS + column] = sum;
#endif
}

// Partial sums of dbias, for kernels that bind dy and parts.
// Computes: parts[b,c] = sum of dy[r,c] over the ROWS_PER_PART rows from b·ROWS_PER_PART
// Bindings: dy [R,C], parts [BIAS_PARTS,C]
// Owner: call j owns the value parts[j / COLUMNS, j % COLUMNS]
fn sum_bias_part(j: u32) {
#if HAS_PARTS
  if (j >= BIAS_PARTS * COLUMNS) { return; }
  let first = j / COLUMNS * ROWS_PER_PART;
  var sum = Value();
  for (var n = 0u; n < ROWS_PER_PART; n++) {
    if (first + n >= R) { break; }
    sum += dy[(first + n) * COLUMNS + j % COLUMNS];
  }
  parts[j] = sum;
#endif
}

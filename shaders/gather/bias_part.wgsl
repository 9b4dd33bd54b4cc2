// Partial sums of dbias, for kernels that bind dy and parts.
// parts[b,c] = sum of dy[r,c] over the rows r from b·ROWS_PER_PART, ROWS_PER_PART of them
// dy [R,C], parts [BIAS_PARTS,C]
// Call j owns the value parts[j / COLUMNS, j % COLUMNS].
// Runs after dy is complete.
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

// Matrix product with one element for each invocation, against which the tiled kernels are checked.
// Computes: c = a·b + bias;  row_sums = sums of a over K
// Bindings: a [M,K] or [K,M], b [K,P] or [P,K], bias [P], c [M,P], row_sums [M]; the options are those
//   of result.wgsl
// Owner: invocation (column, row) owns c[row, column]; column 0 also owns row_sums[row]
// After: the launches that write a and b, and c and row_sums if they are added to

fn element_a(row: u32, k: u32) -> f32 {
#if TRANSPOSED_A
  return a[k * M + row];
#else
  return a[row * K + k];
#endif
}

fn element_b(k: u32, column: u32) -> f32 {
#if TRANSPOSED_B
  return b[column * K + k];
#else
  return b[k * P + column];
#endif
}

@compute @workgroup_size(WORKGROUP_X, WORKGROUP_Y)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.y;
  let column = id.x;
  if (row >= M || column >= P) { return; }
  var sum = load_bias(column).x;
  for (var k = 0u; k < K; k++) {
    sum += operand1(element_a(row, k)) * operand1(element_b(k, column));
  }
  store_element(row, column, sum);
#if HAS_ROW_SUMS
  if (column == 0u) {
    var total = 0.0;
    for (var k = 0u; k < K; k++) {
      total += element_a(row, k);
    }
    store_row_sum(row, total);
  }
#endif
}

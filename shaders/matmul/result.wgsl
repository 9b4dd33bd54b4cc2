// Stores the results of a matrix product.
// Computes: c = product + bias, or c += product with ADD_C;  row_sums likewise with ADD_ROW_SUMS
// Bindings: bias [P], c [M,P] (with VEC_C bound as vec4<f32>; P is a multiple of four), row_sums [M]
// Owner: the caller owns four elements from (row, column) on; those past the edge are not stored

fn load_bias(column: u32) -> vec4<f32> {
#if HAS_BIAS
  let last = P - 1u;
  return vec4<f32>(bias[min(column, last)], bias[min(column + 1u, last)], bias[min(column + 2u, last)], bias[min(column + 3u, last)]);
#else
  return vec4<f32>();
#endif
}

#if VEC_C
fn store_row(row: u32, column: u32, value: vec4<f32>) {
  if (row < M && column < P) {
    let i = (row * P + column) / 4u;
#if ADD_C
    c[i] += value;
#else
    c[i] = value;
#endif
  }
}
#else
fn store_element(row: u32, column: u32, value: f32) {
#if ADD_C
  c[row * P + column] += value;
#else
  c[row * P + column] = value;
#endif
}

// Past the last column the last element is stored again, since a select costs less than a branch.
fn store_row(row: u32, column: u32, value: vec4<f32>) {
  if (row < M && column < P) {
    let start = row * P;
    let at = min(vec4<u32>(column, column + 1u, column + 2u, column + 3u), vec4<u32>(P - 1u)) + start;
#if ADD_C
    let sum = value + vec4<f32>(c[at.x], c[at.y], c[at.z], c[at.w]);
#else
    let sum = value;
#endif
    let y = select(sum.x, sum.y, column + 1u < P);
    let z = select(y, sum.z, column + 2u < P);
    c[at.x] = sum.x;
    c[at.y] = y;
    c[at.z] = z;
    c[at.w] = select(z, sum.w, column + 3u < P);
  }
}
#endif

fn store_block(row: u32, column: u32, block: mat4x4<f32>) {
  let start = load_bias(column);
  store_row(row, column, block[0] + start);
  store_row(row + 1u, column, block[1] + start);
  store_row(row + 2u, column, block[2] + start);
  store_row(row + 3u, column, block[3] + start);
}

#if HAS_ROW_SUMS
fn store_row_sum(row: u32, value: f32) {
  if (row < M) {
#if ADD_ROW_SUMS
    row_sums[row] += value;
#else
    row_sums[row] = value;
#endif
  }
}

fn store_row_sums(row: u32, sums: vec4<f32>) {
  store_row_sum(row, sums.x);
  store_row_sum(row + 1u, sums.y);
  store_row_sum(row + 2u, sums.z);
  store_row_sum(row + 3u, sums.w);
}
#endif

// A matrix product for each batch row (o, n), one element at a time: what the tiles are checked
// against.
// Computes: c[o,·,n,·] = a[o,·,n,·]·b[o,·,n,·], or c += that with ADD_C
// Bindings: a [B,M,N,K], or [B,K,N,M] with TRANSPOSED_A; b [B,K,N,P], or [B,P,N,K] with TRANSPOSED_B;
// c [B,M,N,P]
// Owner: invocation i owns the element c[i].

fn element_a(o: u32, n: u32, row: u32, k: u32) -> f32 {
#if TRANSPOSED_A
  return a[((o * K + k) * N + n) * M + row];
#else
  return a[((o * M + row) * N + n) * K + k];
#endif
}

fn element_b(o: u32, n: u32, k: u32, column: u32) -> f32 {
#if TRANSPOSED_B
  return b[((o * P + column) * N + n) * K + k];
#else
  return b[((o * K + k) * N + n) * P + column];
#endif
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= B * M * N * P) { return; }
  let column = i % P;
  let n = i / P % N;
  let row = i / (P * N) % M;
  let o = i / (P * N * M);
  var sum = 0.0;
  for (var k = 0u; k < K; k++) { sum += operand1(element_a(o, n, row, k)) * operand1(element_b(o, n, k, column)); }
#if ADD_C
  c[i] += sum;
#else
  c[i] = sum;
#endif
}

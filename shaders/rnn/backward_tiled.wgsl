// One time step of back-propagation through the vanilla RNN in register tiles.
// da[t,n,k] = (dy[t,n,k] + Σ_j da[t+1,n,j]·weight_hh[j,k]) · f'(h[t+1,n,k]);  at the last step dhn stands for the sum
// weight_hh [H,H], h [T+1,N,H], dy [T,N,H] (optional), dhn [N,H] (optional), da [T,N,H]; VEC: all bound as vec4<f32>
// step_main.wgsl tells which invocation owns which tile; finish_four owns four units of one batch row.
// Runs after the steps after t.

fn first_row() -> u32 { return (step.t + 1u) * N; }
fn has_product() -> bool { return step.t < T - 1u; }

#if VEC
fn load_left(i: u32) -> vec4<f32> { return da[i]; }

fn finish_four(row: u32, column: u32, product: vec4<f32>) {
  if (row >= N || column >= H) { return; }
  let i = (row * H + column) / 4u;
  let at = step.t * (N * H / 4u) + i;
  var sum = product;
#if HAS_DHN
  if (step.t == T - 1u) { sum = dhn[i]; }
#endif
#if HAS_DY
  sum += dy[at];
#endif
  let state = h[at + N * H / 4u];
#if RELU
  da[at] = select(vec4<f32>(), sum, state > vec4<f32>());
#else
  da[at] = sum * (1.0 - state * state);
#endif
}
#else
fn load_left(i: u32) -> f32 { return da[i]; }

fn finish_four(row: u32, column: u32, product: vec4<f32>) {
  if (row >= N) { return; }
  for (var c = 0u; c < 4u; c++) {
    if (column + c >= H) { return; }
    let i = row * H + column + c;
    let at = step.t * N * H + i;
    var sum = product[c];
#if HAS_DHN
    if (step.t == T - 1u) { sum = dhn[i]; }
#endif
#if HAS_DY
    sum += dy[at];
#endif
    let state = h[at + N * H];
#if RELU
    da[at] = select(0.0, sum, state > 0.0);
#else
    da[at] = sum * (1.0 - state * state);
#endif
  }
}
#endif

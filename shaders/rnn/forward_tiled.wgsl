// One time step of the vanilla RNN in register tiles: the recurrent product with bias and activation in its epilogue.
// h[t+1,n,j] = f(projected[t,n,j] + bias_hh[j] + Σ_k h[t,n,k]·weight_hh[j,k]);  y[t] = h[t+1];  hn = h[T] at the last step
// projected [T,N,H], weight_hh [H,H], bias_hh [H] (optional), h [T+1,N,H], y [T,N,H], hn [N,H]; VEC: all bound as vec4<f32>
// step_main.wgsl tells which invocation owns which tile; finish_four owns four units of one batch row.
// Runs after begin and after the steps before t.

fn first_row() -> u32 { return step.t * N; }
fn has_product() -> bool { return true; }

fn activation(s: vec4<f32>) -> vec4<f32> {
#if RELU
  return select(s, vec4<f32>(), s < vec4<f32>()); // not max(), which may turn NaN to 0
#else
  return tanh_of4(s);
#endif
}

#if VEC
fn load_left(i: u32) -> vec4<f32> { return h[i]; }

fn finish_four(row: u32, column: u32, product: vec4<f32>) {
  if (row >= N || column >= H) { return; }
  let i = (row * H + column) / 4u;
  let at = step.t * (N * H / 4u) + i;
  var sum = projected[at] + product;
#if HAS_BIAS_HH
  sum += bias_hh[column / 4u];
#endif
  let state = activation(sum);
  h[at + N * H / 4u] = state;
  y[at] = state;
  if (step.t == T - 1u) { hn[i] = state; }
}
#else
fn load_left(i: u32) -> f32 { return h[i]; }

fn finish_four(row: u32, column: u32, product: vec4<f32>) {
  if (row >= N) { return; }
  for (var c = 0u; c < 4u; c++) {
    if (column + c >= H) { return; }
    let i = row * H + column + c;
    let at = step.t * N * H + i;
    var sum = projected[at] + product[c];
#if HAS_BIAS_HH
    sum += bias_hh[column + c];
#endif
    let state = activation(vec4<f32>(sum)).x;
    h[at + N * H] = state;
    y[at] = state;
    if (step.t == T - 1u) { hn[i] = state; }
  }
}
#endif

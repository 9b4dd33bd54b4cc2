// Gradients of the keys, and each row's part of the gradient of weight_score, summed over all
// steps.
// Computes:
//   squashed = tanh(q[t,n,a] + keys[s,n,a])
//   dkeys[s,n,a] = weight_score[a] · sum over t of dscore[t,n,s]·(1 - squashed^2), or += with
//     ADD_DKEYS
//   row_scores[part,n,a] = sum over t and over every PARTS-th s of dscore[t,n,s]·squashed
// Bindings:
//   keys: [S,N,A]
//   weight_score: [1,A]
//   dkeys: [S,N,A], optional
//   row_scores: [PARTS,N,A]
//   trace: see shared.wgsl
// Owner: invocation i owns the value row_scores[i], which is column a of batch row n, and every
//   PARTS-th s of its keys; shapes are counted in values
// After: all backward steps

#if VEC4
const WIDTH = 4u;
fn operand(v: Value) -> Value { return operand4(v); }
fn squash(x: Value) -> Value { return tanh_of4(x); }
fn load_trace(i: u32) -> Value { return Value(trace[i], trace[i + 1u], trace[i + 2u], trace[i + 3u]); }
#else
const WIDTH = 1u;
fn operand(v: Value) -> Value { return operand1(v); }
fn squash(x: Value) -> Value { return tanh_of(x); }
fn load_trace(i: u32) -> Value { return trace[i]; }
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  const ROW = A / WIDTH;
  let i = linear_index(id);
  if (i >= PARTS * N * ROW) { return; }
  let place = i % (N * ROW);
  let n = place / ROW;
  var total = Value();
  for (var s = i / (N * ROW); s < S; s += PARTS) {
    let at = s * N * ROW + place;
    let key = keys[at];
    var sum = Value();
    for (var t = 0u; t < T; t++) {
      let dscore = operand1(trace[DSCORES + (t * N + n) * S + s]);
      let squashed = squash(load_trace(QUERIES + (t * N * ROW + place) * WIDTH) + key);
      sum += dscore * (1.0 - squashed * squashed);
      total += dscore * operand(squashed);
    }
#if HAS_DKEYS
    var gradient = operand(weight_score[place % ROW]) * sum;
#if ADD_DKEYS
    gradient += dkeys[at];
#endif
    dkeys[at] = gradient;
#endif
  }
  row_scores[i] = total;
}

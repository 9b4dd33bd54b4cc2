// The part that both directions of additive attention share: how invocations share a batch row, and
// how they read and write its numbers.
// Bindings:
//   trace: at 0 the gradient of the queries, dq [T,N,A]
//          at QUERIES the queries, q [T,N,A]
//          at DSCORES the gradient of the scores [T,N,S]
//          at WEIGHTS the attention weights [T,N,S]
//   lengths: [N], or absent for S
//   all others count values: four elements, or one where H, A or C is not a multiple of four
// Owner: workgroup n owns batch row n. With SPLIT, invocations share sums in two ways: the LANES of
//   a group share one sum, and each group has its own (group_sum); or each lane has its own sum, and
//   the groups share it (lane_sum).
// All invocations of a workgroup reach all barriers: the conditions of loops are the same for all.

const GROUPS = WORKGROUP / LANES;

#if VEC4
const WIDTH = 4u;
fn operand(v: Value) -> Value { return operand4(v); }
fn dot_of(a: Value, b: Value) -> f32 { return dot(a, b); }
fn squash(x: Value) -> Value { return tanh_of4(x); }
fn load_trace(i: u32) -> Value { return Value(trace[i], trace[i + 1u], trace[i + 2u], trace[i + 3u]); }
fn store_trace(i: u32, value: Value) {
  trace[i] = value.x;
  trace[i + 1u] = value.y;
  trace[i + 2u] = value.z;
  trace[i + 3u] = value.w;
}
#else
const WIDTH = 1u;
fn operand(v: Value) -> Value { return operand1(v); }
fn dot_of(a: Value, b: Value) -> f32 { return a * b; }
fn squash(x: Value) -> Value { return tanh_of(x); }
fn load_trace(i: u32) -> Value { return trace[i]; }
fn store_trace(i: u32, value: Value) { trace[i] = value; }
#endif

const H_VALUES = H / WIDTH;
const A_VALUES = A / WIDTH;
const C_VALUES = C / WIDTH;

#if SPLIT
// Number of neighbouring sums that lanes own, and of invocations that share each sum.
const ACROSS = LANES;
const SHARERS = GROUPS;
var<workgroup> shares: array<Value, WORKGROUP>;

// The sum over `count` invocations: first, first + step, and so on; always in the same order.
fn sum_shares(share: Value, index: u32, first: u32, step: u32, count: u32) -> Value {
  shares[index] = share;
  workgroupBarrier();
  var sum = Value();
  for (var i = 0u; i < count; i++) { sum += shares[first + i * step]; }
  workgroupBarrier();
  return sum;
}

fn group_sum(share: Value, index: u32) -> Value { return sum_shares(share, index, index / LANES * LANES, 1u, LANES); }
fn lane_sum(share: Value, index: u32) -> Value { return sum_shares(share, index, index % LANES, LANES, GROUPS); }

fn group_sum_of_one(share: f32, index: u32) -> f32 {
  shared_values[index] = share;
  workgroupBarrier();
  let first = index / LANES * LANES;
  var sum = 0.0;
  for (var lane = 0u; lane < LANES; lane++) { sum += shared_values[first + lane]; }
  workgroupBarrier();
  return sum;
}
#else
const ACROSS = WORKGROUP;
const SHARERS = 1u;
fn group_sum(share: Value, index: u32) -> Value { return share; }
fn lane_sum(share: Value, index: u32) -> Value { return share; }
fn group_sum_of_one(share: f32, index: u32) -> f32 { return share; }
#endif

fn length_of(n: u32) -> u32 {
#if HAS_LENGTHS
  return min(lengths[n], S);
#else
  return S;
#endif
}

// What both directions of additive attention share: who owns a batch row, and where its numbers are.
// Bindings: trace: the gradient of the queries dq [T,N,A], the queries q [T,N,A], the gradient of the
// scores [T,N,S], the attention weights [T,N,S]; all but the first begin at QUERIES, DSCORES and WEIGHTS.
// lengths [N] or absent for S. Others are counted in values: four elements, or one where H, A or C is
// not a multiple of four
// Owner: workgroup n owns batch row n. With SPLIT, sums are shared in two ways: the LANES of a group share
// one sum, and groups own others (group_sum); or lanes own sums, and the groups share each (lane_sum).
// All invocations of a workgroup reach all barriers: what decides about loops is the same for all.

const GROUPS = WORKGROUP / LANES;

#if VEC4
const WIDTH = 4u;
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
fn dot_of(a: Value, b: Value) -> f32 { return a * b; }
fn squash(x: Value) -> Value { return tanh_of(x); }
fn load_trace(i: u32) -> Value { return trace[i]; }
fn store_trace(i: u32, value: Value) { trace[i] = value; }
#endif

const H_VALUES = H / WIDTH;
const A_VALUES = A / WIDTH;
const C_VALUES = C / WIDTH;

#if SPLIT
// Sums that lanes own, side by side, and invocations that share each.
const ACROSS = LANES;
const SHARERS = GROUPS;
var<workgroup> shares: array<Value, WORKGROUP>;

// The sum over `count` invocations from `first` on, each `step` further; always in the same order.
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

// The body of a scan over time that divides the window into CHUNKS chunks, which run at the same
// time: for long windows with few units. The kernel before it (forward.wgsl, backward.wgsl) defines
// start, enter, again and leave.
// Computes: a chunk acts like one step: state' = P·state + S, where each step updates P' = share·P
//   and S' = share·S + fresh, from P = 1 and S = 0
// Owner: CHUNKS invocations share value i of a state [N,H] and own LENGTH steps each: each sums its
//   chunk, adds the chunks before it, then goes through its steps

var<workgroup> products: array<Value, WIDTH * CHUNKS>;
var<workgroup> sums: array<Value, WIDTH * CHUNKS>;

@compute @workgroup_size(WIDTH, CHUNKS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let i = (group.y * GRID_X + group.x) * WIDTH + local.x;
  let owner = owner_of(i);
  let first = local.y * LENGTH;
  if (i < N * COLUMNS) {
    var product = Value(1.0);
    var sum = Value();
    for (var k = 0u; k < LENGTH; k++) {
      if (first + k < T) {
        let element = enter(step_of(first + k), owner);
        product *= element.share;
        sum = element.share * sum + element.fresh;
      }
    }
    products[local.y * WIDTH + local.x] = product;
    sums[local.y * WIDTH + local.x] = sum;
  }
  workgroupBarrier();
  if (i >= N * COLUMNS) { return; }
  var state = start(owner);
  for (var chunk = 0u; chunk < CHUNKS; chunk++) {
    if (chunk < local.y) { state = products[chunk * WIDTH + local.x] * state + sums[chunk * WIDTH + local.x]; }
  }
  for (var k = 0u; k < LENGTH; k++) {
    if (first + k < T) {
      let t = step_of(first + k);
      let element = again(t, owner);
      let next = element.share * state + element.fresh;
      leave(t, owner, element, state, next);
      state = next;
    }
  }
}

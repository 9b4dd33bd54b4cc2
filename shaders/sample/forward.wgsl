// Chooses the next symbol of every row from its logits: greedy, or by temperature with an optional
// top-k.
// Computes: p_i ∝ exp(logits_i / temperature) over the k largest; the choice is the first i whose
//   cumulative weight exceeds u·Σp, where u is a random number of (seed, counter, row)
// Bindings:
//   logits: [R,V]
//   control: [4] = (forced id or NONE, counter, seed, k)
//   temperature: [1]
//   id: [R]
//   chosen: [R]
// Owner: workgroup r owns row r; lane l owns the symbols from l·CHUNK
// Constants: NONE is NO_FORCED_ID of src/core/generation-constants.ts

const STREAM_SAMPLING = 3u;

var<workgroup> lane_value: array<f32, LANES>;
var<workgroup> lane_index: array<u32, LANES>;

fn weight_of(r: u32, i: u32, largest: f32, threshold: u32) -> f32 {
  let x = logits[r * V + i];
  return select(0.0, exp((x - largest) / temperature[0]), order_of(x) >= threshold);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let r = group.y * GRID_X + group.x;
  if (r >= R) { return; }
  let start = lane * CHUNK;

  var largest = -3.4e38;
  var best = min(start, V - 1u);
  for (var c = 0u; c < CHUNK; c++) {
    let i = start + c;
    if (i < V && logits[r * V + i] > largest) {
      largest = logits[r * V + i];
      best = i;
    }
  }
  lane_value[lane] = largest;
  lane_index[lane] = best;
  workgroupBarrier();
  for (var l = 0u; l < LANES; l++) {
    if (lane_value[l] > largest || (lane_value[l] == largest && lane_index[l] < best)) {
      largest = lane_value[l];
      best = lane_index[l];
    }
  }

  // The k-th largest logit, found bit by bit from the highest: the largest threshold that at least k
  // logits reach.
  var threshold = 0u;
  if (control[3] > 0u && control[3] < V) {
    for (var b = 0u; b < 32u; b++) {
      let candidate = threshold | (1u << (31u - b));
      var count = 0u;
      for (var c = 0u; c < CHUNK; c++) {
        let i = start + c;
        if (i < V && order_of(logits[r * V + i]) >= candidate) { count++; }
      }
      workgroupBarrier();
      lane_index[lane] = count;
      workgroupBarrier();
      count = 0u;
      for (var l = 0u; l < LANES; l++) { count += lane_index[l]; }
      if (count >= control[3]) { threshold = candidate; }
    }
  }

  var sum = 0.0;
  if (temperature[0] > 0.0) {
    for (var c = 0u; c < CHUNK; c++) {
      if (start + c < V) { sum += weight_of(r, start + c, largest, threshold); }
    }
  }
  workgroupBarrier();
  lane_value[lane] = sum;
  workgroupBarrier();

  if (lane == 0u) {
    var choice = best;
    if (control[0] != NONE) {
      choice = control[0];
    } else if (temperature[0] > 0.0) {
      var total = 0.0;
      for (var l = 0u; l < LANES; l++) { total += lane_value[l]; }
      let bits = pcg4d(vec4<u32>(control[2], STREAM_SAMPLING, control[1], r));
      let wanted = unit_interval(bits.x) * total;
      var passed = 0.0;
      var owner = 0u;
      for (var l = 0u; l < LANES - 1u; l++) {
        if (owner == l && passed + lane_value[l] <= wanted) {
          passed += lane_value[l];
          owner = l + 1u;
        }
      }
      // After rounding no sum may exceed `wanted`. Then the likeliest symbol is chosen.
      var found = false;
      for (var c = 0u; c < CHUNK; c++) {
        let i = owner * CHUNK + c;
        if (!found && i < V) {
          passed += weight_of(r, i, largest, threshold);
          if (passed > wanted) {
            choice = i;
            found = true;
          }
        }
      }
    }
    id[r] = choice;
    chosen[r] = choice;
  }
}

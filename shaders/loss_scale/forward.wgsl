// Adapts the factor of the loss in mixed precision after a step.
// Computes: skipped: scale/2, 0; the GROW_EVERY-th other step in a row: 2·scale, 0; else scale,
//   steps + 1. The scale stays within 1 and 2^24.
// Bindings:
//   report: [4] from step_summary; its third number is 0 for a skipped step
//   state: [2] = (scale, steps since it was changed)
// Owner: the only invocation
// After: step_summary, and whatever reads the scale of this step

@compute @workgroup_size(1)
fn main() {
  let steps = state[1] + 1.0;
  if (report[2] == 0.0) {
    state[0] = max(0.5 * state[0], 1.0);
    state[1] = 0.0;
  } else if (steps >= f32(GROW_EVERY)) {
    state[0] = min(2.0 * state[0], 16777216.0);
    state[1] = 0.0;
  } else {
    state[1] = steps;
  }
}

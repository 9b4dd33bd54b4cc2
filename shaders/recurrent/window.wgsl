// Where a step of a recurrent layer stands in its window, for both directions and for rows of
// unequal length.
// Step t reads row t of the states; a forward layer writes row t+1, a layer with REVERSE row t−1,
// or row T at t = 0: row T is the final state lengths [N] u32 (optional): steps from lengths[n] on
// are padding
// Functions of (step, batch row).
// Steps run from t = 0 up, with REVERSE from T−1 down; backward runs the other way.

#if REVERSE
const FIRST_ROW = T - 1u;
fn row_after(t: u32) -> u32 { return select(t - 1u, T, t == 0u); }
fn step_after(t: u32) -> u32 { return t - 1u; }
fn is_last(t: u32) -> bool { return t == 0u; }
#else
const FIRST_ROW = 0u;
fn row_after(t: u32) -> u32 { return t + 1u; }
fn step_after(t: u32) -> u32 { return t + 1u; }
fn is_last(t: u32) -> bool { return t == T - 1u; }
#endif

#if HAS_LENGTHS
fn is_padding(t: u32, n: u32) -> bool { return t >= lengths[n]; }
fn length_of(n: u32) -> u32 { return lengths[n]; }
#else
fn is_padding(t: u32, n: u32) -> bool { return false; }
fn length_of(n: u32) -> u32 { return T; }
#endif

#if !WHOLE_WINDOW
// What the next step reads of a row is in the tensors; a launch of all steps has it nearer by.
fn pass_on(row: u32, k: u32, count: u32, v: vec4<f32>) {}
#endif

// The step after which the row's state is final: there its gradient comes in.
fn is_end(t: u32, n: u32) -> bool {
#if REVERSE
  return t == 0u;
#else
  return t + 1u == length_of(n);
#endif
}

// The first step of the row: the gradient that leaves it is that of the initial state.
fn first_step(n: u32) -> u32 {
#if REVERSE
  return length_of(n) - 1u;
#else
  return 0u;
#endif
}

// Time steps and rows of the states, for both directions and for rows of unequal lengths.
// Forward takes the steps from t = 0 up, with REVERSE from T−1 down; backward takes them in the
// opposite order. Step t reads row t of the states. It writes row t+1, or with REVERSE row t−1, and
// row T at t = 0. So row T is always the final state.
// Bindings: lengths [N] u32 or absent; steps from lengths[n] on are padding

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
// The next launch reads the operands from the tensors. A launch of all steps has them in workgroup
// memory instead.
fn pass_on(row: u32, k: u32, count: u32, v: vec4<f32>) {}
#endif

// Whether the state of a row is final after this step. Backward adds the final state's gradient here.
fn is_end(t: u32, n: u32) -> bool {
#if REVERSE
  return t == 0u;
#else
  return t + 1u == length_of(n);
#endif
}

// The first step of a row. Backward computes the gradient of the initial state from its gradients.
fn first_step(n: u32) -> u32 {
#if REVERSE
  return length_of(n) - 1u;
#else
  return 0u;
#endif
}

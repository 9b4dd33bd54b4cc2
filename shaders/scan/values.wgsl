// The values of a scan over time: four neighbouring units of a batch row, or one unit.
#if FORWARD
fn sigmoid_value(x: Value) -> Value {
#if VEC4
  return sigmoid_of4(x);
#else
  return sigmoid_of(x);
#endif
}

fn tanh_value(x: Value) -> Value {
#if VEC4
  return tanh_of4(x);
#else
  return tanh_of(x);
#endif
}
#endif

// Places of the units that an invocation owns, counted in values: in a state [N,H], and of a step's
// first gate in [N,G*H]. `length` is the row's number of steps, read once for all steps.
struct Owner { row: u32, state: u32, gates: u32, length: u32 }

fn owner_of(i: u32) -> Owner {
  let row = i / COLUMNS;
  return Owner(row, i, i + row * (GATES - 1u) * COLUMNS, length_of(row));
}

fn is_padded(t: u32, owner: Owner) -> bool {
#if HAS_LENGTHS
  return t >= owner.length;
#else
  return false;
#endif
}

// The time step that comes s-th: T-1-s in a reverse layer.
fn step_of(s: u32) -> u32 {
#if DOWNWARDS
  return T - 1u - s;
#else
  return s;
#endif
}

#if HAS_KEY
// The dropout factors of value `at` of the outputs [T,N,H].
fn output_factor(at: u32) -> Value {
#if VEC4
  return dropout_factors(OUTPUT_STREAM, at, OUTPUT_DROP, f32(OUTPUT_SCALE));
#else
  return dropout_factors(OUTPUT_STREAM, at / 4u, OUTPUT_DROP, f32(OUTPUT_SCALE))[at % 4u];
#endif
}
#endif

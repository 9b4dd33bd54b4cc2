// How label smoothing, class weights and a count change the loss of a row.
// Computes: hit = (1 - e)·w[target], the weight of the target; spread(v) = e/V·w[v], the weight of
//   each class
// Bindings:
//   count: [1], or absent for 1
//   class_weights: w [V], or absent for ones
//   e is LABEL_SMOOTHING

fn row_scale() -> f32 {
#if HAS_COUNT
  return f32(SCALE) / count[0];
#else
  return f32(SCALE);
#endif
}

fn class_weight(v: u32) -> f32 {
#if HAS_CLASS_WEIGHTS
  return class_weights[v];
#else
  return 1.0;
#endif
}

fn hit(target_id: u32) -> f32 {
  return (1.0 - f32(LABEL_SMOOTHING)) * class_weight(min(target_id, V - 1u));
}

fn spread(v: u32) -> f32 {
  return f32(LABEL_SMOOTHING) / f32(V) * class_weight(v);
}

// Steps of a backward diagonal: step t of a layer, and step t + 1 of the layer below it.
// The first part of the sums is the gradient of the layer's outputs y[t]: da[t] of the layer above, by
// its W_ih. The top layer reads `dy` instead.
// launch.diagonal = (T − 1 − t) + number of layers above; launch.highest is the highest layer that has
// a step.

fn layer_of(z: u32) -> u32 { return launch.highest - z; }
fn time_of(l: u32) -> u32 { return T + LAYERS - 2u - l - launch.diagonal; }
fn has_neighbour(l: u32) -> bool { return l + 1u < LAYERS; }
fn has_own(l: u32) -> bool { return !is_last(time_of(l)); }

#if !ONE_LEFT
// `da` has the operand of the first part, another tensor that of the second.
var<private> from_above: bool;

fn left_value(row: u32, i: u32) -> Value {
  let at = left_base + min(row, N - 1u) * LEFT_WIDTH + i;
  if (from_above) { return da[at]; }
  return load_left(at);
}
#endif

fn begin_part(part: u32) {
#if !ONE_LEFT
  from_above = part == 0u;
#endif
  if (part == 0u) {
    left_base = (DA_BASE + (layer + 1u) * DA_STRIDE + step.t * N * INNER) / WIDTH;
    weight_base = WEIGHT_IH[layer + 1u] / WIDTH;
  } else {
    left_base = (left_of(layer) + left_row() * INNER) / WIDTH;
    weight_base = WEIGHT_HH[layer] / WIDTH;
  }
}

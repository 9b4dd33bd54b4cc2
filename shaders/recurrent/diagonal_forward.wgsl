// Steps of a forward diagonal: step t of a layer, and step t − 1 of the layer above it.
// The first part of the sums projects the inputs: the states of the layer below, by W_ih. `projected`
// has the projected inputs of the lowest layer.
// launch.diagonal = t + layer; launch.lowest is the lowest layer that has a step.

fn layer_of(z: u32) -> u32 { return launch.lowest + z; }
fn time_of(l: u32) -> u32 { return launch.diagonal - l; }
fn has_neighbour(l: u32) -> bool { return l > 0u; }
fn has_own(l: u32) -> bool { return true; }

fn begin_part(part: u32) {
  // Without dropout, outputs are states. At padding they differ, but there nothing is stored.
  if (part == 0u) {
    left_base = (left_of(layer - 1u) + row_after(step.t) * N * H) / WIDTH;
    weight_base = WEIGHT_IH[layer] / WIDTH;
  } else {
    left_base = (left_of(layer) + left_row() * H) / WIDTH;
    weight_base = WEIGHT_HH[layer] / WIDTH;
  }
}

// Gates of the minGRU (Feng et al., 2024): h_t = (1 − z)·h_{t−1} + z·h̃ with z = σ(a_z) and h̃ =
// a_h, the two blocks of projected. `at` is the place of the first gate; each further gate is
// COLUMNS values later.
struct Gates { z: Value, candidate: Value }

fn share_of(g: Gates) -> Value { return 1.0 - g.z; }
fn fresh_of(g: Gates) -> Value { return g.z * g.candidate; }
fn saved_gates(at: u32) -> Gates { return Gates(gates[at], gates[at + COLUMNS]); }

#if FORWARD
fn open_gates(at: u32) -> Gates { return Gates(sigmoid_value(projected[at]), projected[at + COLUMNS]); }

fn save_gates(at: u32, g: Gates) {
  gates[at] = g.z;
  gates[at + COLUMNS] = g.candidate;
}
#endif

#if GRADIENTS
// da_z = dh·(h̃ − h_{t−1})·z·(1 − z);  da_h = dh·z
fn save_gradients(at: u32, g: Gates, before: Value, gradient: Value) {
  dprojected[at] = gradient * (g.candidate - before) * g.z * (1.0 - g.z);
  dprojected[at + COLUMNS] = gradient * g.z;
}
#endif

// Gates of the minLSTM (Feng et al., 2024): h_t = f'·h_{t−1} + i'·h̃ with f' = f/(f + i), i' = i/(f
// + i), f = σ(a_f), i = σ(a_i), h̃ = a_h. sigmoid_of clamps its argument at −80, so that f + i is
// at least 3.6e-35: never 0, and not subnormal.
// `at` is the place of the first gate; each further gate is COLUMNS values later.
struct Gates { f: Value, i: Value, candidate: Value }

fn share_of(g: Gates) -> Value { return g.f / (g.f + g.i); }
fn fresh_of(g: Gates) -> Value { return g.i / (g.f + g.i) * g.candidate; }
fn saved_gates(at: u32) -> Gates { return Gates(gates[at], gates[at + COLUMNS], gates[at + 2u * COLUMNS]); }

#if FORWARD
fn open_gates(at: u32) -> Gates { return Gates(sigmoid_value(projected[at]), sigmoid_value(projected[at + COLUMNS]), projected[at + 2u * COLUMNS]); }

fn save_gates(at: u32, g: Gates) {
  gates[at] = g.f;
  gates[at + COLUMNS] = g.i;
  gates[at + 2u * COLUMNS] = g.candidate;
}
#endif

#if GRADIENTS
// da_f = dh·(h_{t−1} − h̃)·f'·i'·(1 − f);  da_i = −dh·(h_{t−1} − h̃)·f'·i'·(1 − i);  da_h = dh·i'
fn save_gradients(at: u32, g: Gates, before: Value, gradient: Value) {
  let fresh = g.i / (g.f + g.i);
  let change = gradient * (before - g.candidate) * share_of(g) * fresh;
  dprojected[at] = change * (1.0 - g.f);
  dprojected[at + COLUMNS] = -change * (1.0 - g.i);
  dprojected[at + 2u * COLUMNS] = gradient * fresh;
}
#endif

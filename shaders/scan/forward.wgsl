// A recurrent layer whose gates do not depend on the state: all steps of a window in one launch.
// Computes:
//   h_t = share_t·h_{t−1} + fresh_t
//   y[t] = output mask ⊙ h_t
//   hn = h after the last step
//   share and fresh: see the cell's gates.wgsl
// Bindings: projected [T,N,G*H], h [T+1,N,H], gates [T,N,G*H], y [T,N,H], hn [N,H], lengths [N] or
//   absent, key [2] or absent
// Owner: the body (serial.wgsl, parallel.wgsl) gives units and steps to invocations
// After: recurrent/begin, which writes the initial state where the first step reads it

struct Element { share: Value, fresh: Value }

fn start(owner: Owner) -> Value { return h[FIRST_ROW * N * COLUMNS + owner.state]; }

fn element_of(gates: Gates) -> Element { return Element(share_of(gates), fresh_of(gates)); }

fn enter(t: u32, owner: Owner) -> Element {
  let at = t * N * GATES * COLUMNS + owner.gates;
  if (is_padded(t, owner)) {
    save_gates(at, Gates());
    return Element(Value(1.0), Value());
  }
  let opened = open_gates(at);
  save_gates(at, opened);
  return element_of(opened);
}

// The same element again, from the gates that `enter` has saved.
fn again(t: u32, owner: Owner) -> Element {
  if (is_padded(t, owner)) { return Element(Value(1.0), Value()); }
  return element_of(saved_gates(t * N * GATES * COLUMNS + owner.gates));
}

fn leave(t: u32, owner: Owner, element: Element, before: Value, state: Value) {
  let at = t * N * COLUMNS + owner.state;
  h[row_after(t) * N * COLUMNS + owner.state] = state;
  if (is_last(t)) { hn[owner.state] = state; }
  if (is_padded(t, owner)) {
    y[at] = Value();
    return;
  }
#if OUTPUT_DROP
  y[at] = state * output_factor(at);
#else
  y[at] = state;
#endif
}

// Back-propagation through a recurrent layer whose gates do not depend on the state: all steps of a
// window in one launch, by the same scan in the opposite direction.
// Computes:
//   dh_t = output mask·dy[t] [+ dhn at the row's end] + carried_t
//   carried into the step before t = share_t·dh_t
//   dprojected: see the cell's gates.wgsl
// Bindings: gates [T,N,G*H], h [T+1,N,H], dy [T,N,H] or absent, dhn [N,H] or absent, dprojected
//   [T,N,G*H] or absent, dh [T,N,H] or absent, lengths [N] or absent, key [2] or absent
// Owner: the body (serial.wgsl, parallel.wgsl) gives units and steps to invocations; its state is
//   `carried`
// After: forward

struct Element { share: Value, fresh: Value, gates: Gates, arriving: Value }

fn start(owner: Owner) -> Value { return Value(); }

fn enter(t: u32, owner: Owner) -> Element {
  if (is_padded(t, owner)) { return Element(Value(1.0), Value(), Gates(), Value()); }
  let at = t * N * COLUMNS + owner.state;
  let saved = saved_gates(t * N * GATES * COLUMNS + owner.gates);
  let share = share_of(saved);
  var arriving = Value();
#if HAS_DY
#if OUTPUT_DROP
  arriving = dy[at] * output_factor(at);
#else
  arriving = dy[at];
#endif
#endif
#if HAS_DHN
  if (is_end(t, owner.row)) { arriving += dhn[owner.state]; }
#endif
  return Element(share, share * arriving, saved, arriving);
}

fn again(t: u32, owner: Owner) -> Element { return enter(t, owner); }

fn leave(t: u32, owner: Owner, element: Element, carried: Value, next: Value) {
  let at = t * N * COLUMNS + owner.state;
  let first_gate = t * N * GATES * COLUMNS + owner.gates;
  if (is_padded(t, owner)) {
#if HAS_DH
    dh[at] = Value();
#endif
#if HAS_DPROJECTED
    for (var g = 0u; g < GATES; g++) { dprojected[first_gate + g * COLUMNS] = Value(); }
#endif
    return;
  }
  let gradient = element.arriving + carried;
#if HAS_DH
  dh[at] = gradient;
#endif
#if HAS_DPROJECTED
  save_gradients(first_gate, element.gates, h[at], gradient);
#endif
}

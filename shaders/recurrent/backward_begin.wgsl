// Writes the gradients of the final states to where the first backward step of each row reads them.
// Computes:
//   with PAST: gradients[3·T·N·H + i] = dhn[i]
//   else: the first block of gradients[last step of row n, n] = dhn[n], with CELL the second = dcn[n];
//   that step replaces them by its own gradients
//   a missing gradient is zero
// Bindings: dhn, dcn [N,H], one may be absent; gradients [T,N,GATES*H], or with PAST [3T+1,N,H];
//   lengths [N] or absent
// Owner: invocation i owns element i of a state
// After: forward

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
#if PAST
  let at = 3u * T * N * H + i;
#else
  let n = i / H;
  let at = (last_step(n) * N + n) * GATES * H + i % H;
#endif
#if HAS_DHN
  gradients[at] = dhn[i];
#else
  gradients[at] = 0.0;
#endif
#if CELL
#if HAS_DCN
  gradients[at + H] = dcn[i];
#else
  gradients[at + H] = 0.0;
#endif
#endif
}

fn last_step(n: u32) -> u32 {
#if REVERSE
  return 0u;
#else
  return length_of(n) - 1u;
#endif
}

// Stores the gradients of the final states where the first backward step of each row reads them.
// With PAST: gradients = (3·T·N·H elements that are not changed, then dhn [N,H])
// Otherwise: gradients[last step of row n, n] = (dhn[n], and with CELL dcn[n]) in the first blocks of H
// of GATES·H elements. That step replaces them by its own gradients. A missing gradient is zero.
// dhn, dcn [N,H] (one optional), gradients [T,N,GATES*H] or with PAST [3T+1,N,H], lengths [N]
// (optional)
// Invocation i owns element i of a state.
// Runs before the first backward step.

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

// Puts the gradients of the final states where the last step of each row looks for them: in the
// place of its own da, before it writes that.
// da[end of row n, n, j] = dhn[n,j];  da[end of row n, n, H+j] = dcn[n,j]; zero where one is missing
// dhn, dcn [N,H] (one optional), da [T,N,4H], lengths [N] (optional)
// Invocation i owns element i of a state.
// Runs before the first backward step.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= N * H) { return; }
  let n = i / H;
  let at = (last_step(n) * N + n) * 4u * H + i % H;
  var gradient = 0.0;
  var cell = 0.0;
#if HAS_DHN
  gradient = dhn[i];
#endif
#if HAS_DCN
  cell = dcn[i];
#endif
  da[at] = gradient;
  da[at + H] = cell;
}

fn last_step(n: u32) -> u32 {
#if REVERSE
  return 0u;
#else
  return length_of(n) - 1u;
#endif
}

// Copies the attention weights of all steps from the trace to the output.
// Computes: attention[t,n,s] = the weight, or 0 where t >= steps[n]
// Bindings:
//   trace: its weights [T,N,S] begin at WEIGHTS
//   steps: [N], or absent for T
//   attention: [T,N,S]
// Owner: invocation i owns attention[i]
// After: all steps

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= T * N * S) { return; }
#if HAS_STEPS
  let padded = i / (N * S) >= steps[i / S % N];
#else
  const padded = false;
#endif
  attention[i] = select(trace[WEIGHTS + i], 0.0, padded);
}

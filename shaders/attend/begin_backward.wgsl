// Copies the gradients of outputs to the tensors to which the backward steps add.
// Computes:
//   dstate[t] = dy[t] or 0, and dstate[T] = 0
//   gradients of the scores in trace = dattention[t,n,s], and 0 at padded steps
// Bindings:
//   dy: [T,N,H], optional
//   dattention: [T,N,S], optional
//   steps: [N], or absent for T
//   dstate: [T+1,N,H]
//   trace: bound with dattention
//   gradients of the scores begin at DSCORES
// Owner: invocation i owns dstate[i] and the gradient of score i

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
#if HAS_DSTATE
  if (i < (T + 1u) * N * H) {
    var gradient = 0.0;
#if HAS_DY
    if (i < T * N * H) { gradient = dy[i]; }
#endif
    dstate[i] = gradient;
  }
#endif
#if HAS_DATTENTION
  if (i < T * N * S) {
#if HAS_STEPS
    let padded = i / (N * S) >= steps[i / S % N];
#else
    const padded = false;
#endif
    trace[DSCORES + i] = select(dattention[i], 0.0, padded);
  }
#endif
}

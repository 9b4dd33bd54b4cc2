// A loop of multiply-adds without memory access. The benchmark measures with it how fast the device
// computes at most.
// Computes: y = Σ_j a_j, where each of eight values a_j = x + j/8 is replaced ROUNDS times by 0.75
//   · a_j + 0.125
// Bindings: x [E], y [E]
// Owner: invocation i owns the value y[i]: four elements, or one where E is not a multiple of four

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= VALUES) { return; }
  let start = x[i];
  var a0 = start;
  var a1 = start + Value(0.125);
  var a2 = start + Value(0.25);
  var a3 = start + Value(0.375);
  var a4 = start + Value(0.5);
  var a5 = start + Value(0.625);
  var a6 = start + Value(0.75);
  var a7 = start + Value(0.875);
  for (var k = 0u; k < ROUNDS; k++) {
    a0 = Value(0.75) * a0 + Value(0.125);
    a1 = Value(0.75) * a1 + Value(0.125);
    a2 = Value(0.75) * a2 + Value(0.125);
    a3 = Value(0.75) * a3 + Value(0.125);
    a4 = Value(0.75) * a4 + Value(0.125);
    a5 = Value(0.75) * a5 + Value(0.125);
    a6 = Value(0.75) * a6 + Value(0.125);
    a7 = Value(0.75) * a7 + Value(0.125);
  }
  y[i] = ((a0 + a1) + (a2 + a3)) + ((a4 + a5) + (a6 + a7));
}

// Stable sort of rows by id with one invocation (a counting sort). Other invocations compute
// partial sums of dbias in the same launch.
// Computes:
//   order = the rows with ids[r] = 0, then those with 1, and so on below V
//   ends[v] = #{s: ids[s] <= v}
// Bindings: ids [R], dy [R,C], order [R], ends [V], parts [BIAS_PARTS,C] or absent
// Owner: invocation 0 owns order and ends; each of the others owns a value of parts

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i > 0u) {
    sum_bias_part(i - 1u);
    return;
  }
  for (var v = 0u; v < V; v++) { ends[v] = 0u; }
  for (var r = 0u; r < R; r++) {
    let v = ids[r];
    if (v < V) { ends[v] += 1u; }
  }
  // Turns counts into the place of each id's first row. Placing the rows below moves it to the end.
  var first = 0u;
  for (var v = 0u; v < V; v++) {
    let count = ends[v];
    ends[v] = first;
    first += count;
  }
  for (var r = 0u; r < R; r++) {
    let v = ids[r];
    if (v < V) {
      let place = ends[v];
      order[place] = r;
      ends[v] = place + 1u;
    }
  }
}

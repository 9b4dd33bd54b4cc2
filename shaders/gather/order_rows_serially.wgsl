// Sorts rows by id, stably, with one invocation (a counting sort); and partial sums of dbias on the
// side.
// order lists the rows with ids[r] = 0, then those with 1, and so on below V; ends[v] = #{s: ids[s]
// <= v}
// ids [R], dy [R,C], order [R], ends [V], parts [BIAS_PARTS,C] or absent
// Invocation 0 owns order and ends; the others own a value of parts each.
// Runs after whatever wrote ids, and after dy is complete.

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
  // From counts to the place of each id's first row, which placing the rows then moves to its end.
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

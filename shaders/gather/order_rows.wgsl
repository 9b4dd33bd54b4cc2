// Stable sort of rows by id: each row counts the rows before it. Other invocations compute partial
// sums of dbias in the same launch.
// Computes:
//   order[#{s: ids[s] < ids[r]} + #{s < r: ids[s] = ids[r]}] = r for ids[r] < V
//   ends[v] = #{s: ids[s] <= v}
// Bindings:
//   ids: [R], bound as vec4<u32>
//   dy: [R,C]
//   order: [R]
//   ends: [V]
//   parts: [BIAS_PARTS,C] or absent
// Owner: invocation i places row i; from R on it owns ends[i - R]; from R + V on a value of parts

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let i = linear_index(id);
  if (i >= R + V) {
    sum_bias_part(i - (R + V));
    return;
  }
  // Counts the rows with a smaller id, and those with the same id that come before `limit`.
  var key = i - R;
  var limit = R;
  if (i < R) {
    key = ids[i / 4u][i % 4u];
    limit = i;
  }
  var counts = vec4<u32>();
  var rows = vec4<u32>(0u, 1u, 2u, 3u);
  for (var four = 0u; four < (R + 3u) / 4u; four++) {
    let other = ids[four];
    let before = (other < vec4<u32>(key)) | ((other == vec4<u32>(key)) & (rows < vec4<u32>(limit)));
    // The vector may reach past the last row, where the buffer holds other data.
    counts += select(vec4<u32>(), vec4<u32>(1u), before & (rows < vec4<u32>(R)));
    rows += 4u;
  }
  let count = counts.x + counts.y + counts.z + counts.w;
  if (i >= R) {
    ends[key] = count;
  } else if (key < V) {
    order[count] = i;
  }
}

// Replaces the ids of rows whose next id is given.
// Computes: id[r] = forced[r] unless that is NONE; chosen = id
// Bindings: forced [R], id [R], chosen [R]
// Owner: invocation r owns row r
// Constants: NONE is NO_FORCED_ID of src/core/generation-constants.ts

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) global: vec3<u32>) {
  let r = linear_index(global);
  if (r >= R) { return; }
  let next = select(forced[r], id[r], forced[r] == NONE);
  id[r] = next;
  chosen[r] = next;
}

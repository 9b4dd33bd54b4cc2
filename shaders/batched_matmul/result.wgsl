// Numbers the tiles of all batch rows, and stores their elements.
// Bindings: c [B,M,N,P]; VEC_C: bound as vec4<f32>, where P is a multiple of four. ADD_C adds to c.
// Tiles of TILE_ROWS by TILE_COLUMNS of a batch row come one after the other, row by row.

struct Place { row: u32, column: u32 }

// The first element of tile i. Past the last tile this is a row past the end, which is not stored.
fn place_of(i: u32) -> Place {
  let batch = i / (DOWN * ACROSS);
  batch_outer = min(batch, B * N - 1u) / N;
  batch_inner = min(batch, B * N - 1u) % N;
  return Place(select(M, i / ACROSS % DOWN * TILE_ROWS, batch < B * N), i % ACROSS * TILE_COLUMNS);
}

#if !VEC_C
fn store_element(i: u32, value: f32) {
#if ADD_C
  c[i] += value;
#else
  c[i] = value;
#endif
}
#endif

fn store_row(row: u32, column: u32, value: vec4<f32>) {
  if (row >= M || column >= P) { return; }
  let i = ((batch_outer * M + row) * N + batch_inner) * P + column;
#if VEC_C
#if ADD_C
  c[i / 4u] += value;
#else
  c[i / 4u] = value;
#endif
#else
  store_element(i, value.x);
  if (column + 1u < P) { store_element(i + 1u, value.y); }
  if (column + 2u < P) { store_element(i + 2u, value.z); }
  if (column + 3u < P) { store_element(i + 3u, value.w); }
#endif
}

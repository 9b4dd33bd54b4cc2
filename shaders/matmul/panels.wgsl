// Panels of the operands in workgroup memory, for the tiles of blockTile() in
// src/ops/lib/register-tiles.ts. A panel has PANEL_K values of k for all rows and columns of a
// workgroup's block. There is room for two: one is filled while the other is read.
//   a_panel[half][k/4][row] = a[row, k…k+3],  b_panel[half][k][place] = b[k, four columns]
// block_a and block_b of operands.wgsl read the operands; to_operand of shaders/lib/half.wgsl or
// single.wgsl converts them.
// All invocations of a workgroup must call fill_panels, and the caller has a barrier before they read.

const BLOCK_ROWS = TILE_ROWS * WORKGROUP_Y;
const BLOCK_FOURS = TILE_COLUMNS * WORKGROUP_X / 4u;
const TILE_FOURS = TILE_COLUMNS / 4u;
const PANEL_FOURS = PANEL_K / 4u;
const LANES = WORKGROUP_X * WORKGROUP_Y;

var<workgroup> a_panel: array<Operand, 2u * PANEL_FOURS * BLOCK_ROWS>;
var<workgroup> b_panel: array<Operand, 2u * PANEL_K * BLOCK_FOURS>;

// Neighbours among the invocations load what is contiguous in memory.
fn fill_panels(row: u32, column: u32, panel: u32, lane: u32) {
  let half = panel % 2u;
  let first = panel * PANEL_K;
  for (var i = lane; i < PANEL_FOURS * BLOCK_ROWS / 4u; i += LANES) {
#if TRANSPOSED_A
    let k = i / (BLOCK_ROWS / 4u);
    let r = 4u * (i % (BLOCK_ROWS / 4u));
#else
    let k = i % PANEL_FOURS;
    let r = 4u * (i / PANEL_FOURS);
#endif
    let block = block_a(row + r, first + 4u * k);
    let at = (half * PANEL_FOURS + k) * BLOCK_ROWS + r;
    a_panel[at] = to_operand(block[0]);
    a_panel[at + 1u] = to_operand(block[1]);
    a_panel[at + 2u] = to_operand(block[2]);
    a_panel[at + 3u] = to_operand(block[3]);
  }
  for (var i = lane; i < PANEL_FOURS * BLOCK_FOURS; i += LANES) {
#if TRANSPOSED_B
    let k = i % PANEL_FOURS;
    let c = i / PANEL_FOURS;
#else
    let k = i / BLOCK_FOURS;
    let c = i % BLOCK_FOURS;
#endif
    let block = block_b(first + 4u * k, column + 4u * c);
    // The j-th four columns of all tiles are adjacent, so neighbours read different banks.
    let at = (half * PANEL_K + 4u * k) * BLOCK_FOURS + c % TILE_FOURS * WORKGROUP_X + c / TILE_FOURS;
    b_panel[at] = to_operand(block[0]);
    b_panel[at + BLOCK_FOURS] = to_operand(block[1]);
    b_panel[at + 2u * BLOCK_FOURS] = to_operand(block[2]);
    b_panel[at + 3u * BLOCK_FOURS] = to_operand(block[3]);
  }
}

// Rows row … row+3 of the workgroup's block, four values of k.
fn panel_a(panel: u32, step: u32, row: u32) -> mat4x4<f32> {
  let at = (panel % 2u * PANEL_FOURS + step) * BLOCK_ROWS + row;
  return mat4x4<f32>(OperandBlock(a_panel[at], a_panel[at + 1u], a_panel[at + 2u], a_panel[at + 3u]));
}

// Four values of k of the j-th four columns of tile x.
fn panel_b(panel: u32, step: u32, x: u32, j: u32) -> mat4x4<f32> {
  let at = (panel % 2u * PANEL_K + 4u * step) * BLOCK_FOURS + j * WORKGROUP_X + x;
  return mat4x4<f32>(OperandBlock(b_panel[at], b_panel[at + BLOCK_FOURS], b_panel[at + 2u * BLOCK_FOURS], b_panel[at + 3u * BLOCK_FOURS]));
}

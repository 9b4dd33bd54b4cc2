/**
 * WGSL of register tiles: elements of a matrix product c = a·b that one invocation keeps in
 * registers, in blocks of 4 by 4. Generated, since WGSL cannot name a variable number of registers,
 * and arrays that are indexed end up in memory.
 *
 * The kernel that takes a tile in defines the loads of its operands,
 *   fn block_a(row: u32, k: u32) -> mat4x4<f32>
 *     [i][j] is a[row+i, k+j], and 0 where k+j is past the end
 *   fn block_b(k: u32, column: u32) -> mat4x4<f32>
 *     [j][i] is b[k+j, column+i], any finite value where k+j is past the end
 *   fn row_a(row: u32, k: u32) -> vec4<f32>
 *     [j] is a[row, k+j], for tiles of one row, instead of block_a
 * and the constants BLOCKS, the steps of four along K, and COLUMN_STEP: from a block's first column
 * to the next block's, 4 where columns are neighbours, H where the blocks are the gates of the same
 * four units. A matrix holds one row of the block in each of its columns, so the product of two
 * blocks a·b is written b * a.
 */

/** A tile: 1 row, or a multiple of 4; a multiple of 4 columns. */
export interface TileSize {
  readonly rows: number;
  readonly columns: number;
  /**
   * The product is the sum of two parts, 0 and 1, either of which may be missing. The kernel defines
   *   fn first_part() -> u32           the first part that exists. A quad gets it as the argument
   *                                    `start`, since it must be uniform
   *   fn end_part() -> u32             one more than the last part; of a quad, the argument `end`
   *   fn begin_part(part: u32)         makes block_a and block_b load the operands of that part
   * `added`: each block has the sum of both parts. `apart`: the same, except for the last two blocks
   * of columns (of a quad, groups of blocks). They have the same weights; the last has part 0, and
   * the one before it has part 1.
   */
  readonly parts?: 'added' | 'apart';
  /**
   * Operands are kept in half precision, and multiplied and added in single precision. The kernel
   * is one of `withOperands`. Default: they are in single precision.
   */
  readonly half?: boolean;
}

const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const lines = (indent: number, parts: readonly string[]): string =>
  parts.map((part) => `${' '.repeat(indent)}${part}`).join('\n');
const plus = (name: string, offset: string | number): string =>
  offset === 0 ? name : `${name} + ${typeof offset === 'number' ? `${offset}u` : offset}`;
const columnOf = (block: number): string =>
  plus('column', block === 0 ? 0 : block === 1 ? 'COLUMN_STEP' : `${block}u * COLUMN_STEP`);

/** An operand as it is kept, `kept` by a function of shaders/lib/half.wgsl. */
const operand = (load: string, kept: string, half?: boolean): string => (half ? `${kept}(${load})` : load);
const blockOperand = (load: string, half?: boolean): string => operand(load, 'to_operand_block', half);

/** Adds the product of two operands. */
const add = (sum: string, b: string, a: string, half?: boolean, aType = 'mat4x4'): string =>
  half ? `t.${sum} += mat4x4<f32>(${b}) * ${aType}<f32>(${a});` : `t.${sum} += ${b} * ${a};`;

/**
 * Returns the loop over K, inside a loop over the parts if the product has parts.
 * @param moves for parts that stay `apart`: blocks that receive the sums of others after part 0
 * @param range the first part, and one more than the last
 */
function sumOver(
  parts: TileSize['parts'],
  loop: string,
  moves: readonly (readonly [to: string, from: string, zero: string])[],
  [start, end] = ['first_part()', 'end_part()'],
): string {
  if (!parts) return loop;
  const apart = moves.map(([to, from, zero]) => `t.${to} = t.${from}; t.${from} = ${zero};`);
  return `  for (var part = ${start}; part < ${end}; part++) {
    begin_part(part);
${loop}
${parts === 'apart' ? `    if (part == 0u) {\n${lines(6, apart)}\n    }\n` : ''}  }`;
}

/** Those of some blocks that a product has weights for. */
const multiplied = (blocks: readonly number[], parts: TileSize['parts']): readonly number[] =>
  parts === 'apart' ? blocks.slice(0, -1) : blocks;

/** Blocks of 4×4 numbers, `cij` the one i blocks down and j across. */
function tileStruct(down: readonly number[], across: readonly number[]): string {
  const blocks = down.flatMap((i) => across.map((j) => `c${i}${j}: mat4x4<f32>,`));
  return `struct Tile {\n${lines(2, blocks)}\n}`;
}

/** A tile of at least four rows: `Tile`, with `cij` block i down and j across, and `tile_product`. */
export function registerTile({ rows, columns, parts, half }: TileSize): string {
  const [down, across] = [count(rows / 4), count(columns / 4)];
  const loop = `  for (var step = 0u; step < BLOCKS; step++) {
    let k = first + 4u * step;
${lines(4, [
  ...down.map((i) => `let a${i} = ${blockOperand(`block_a(${plus('row', 4 * i)}, k)`, half)};`),
  ...multiplied(across, parts).flatMap((j) => [
    `let b${j} = ${blockOperand(`block_b(k, ${columnOf(j)})`, half)};`,
    ...down.map((i) => add(`c${i}${j}`, `b${j}`, `a${i}`, half)),
  ]),
])}
  }`;
  const last = across.length - 1;
  return `
${tileStruct(down, across)}

// The tile with its upper left corner at (row, column); \`first\` is the first value of k, a multiple
// of four.
fn tile_product(row: u32, column: u32, first: u32) -> Tile {
  var t: Tile;
${sumOver(
  parts,
  loop,
  down.map((i) => [`c${i}${last}`, `c${i}${last - 1}`, 'mat4x4<f32>()']),
)}
  return t;
}
`;
}

/**
 * The same tile of an invocation whose workgroup loads its operands together: by
 * shaders/matmul/panels.wgsl into workgroup memory, PANELS panels one after the other. All
 * invocations of a workgroup must call `tile_product`; K is summed whole.
 */
export function blockTile({ rows, columns }: TileSize): string {
  const [down, across] = [count(rows / 4), count(columns / 4)];
  return `
${tileStruct(down, across)}

fn tile_product(row: u32, column: u32, first: u32) -> Tile {
  var t: Tile;
  let x = column / TILE_COLUMNS % WORKGROUP_X;
  let y = row / TILE_ROWS % WORKGROUP_Y;
  let lane = y * WORKGROUP_X + x;
  let block_row = row - y * TILE_ROWS;
  let block_column = column - x * TILE_COLUMNS;
  fill_panels(block_row, block_column, 0u, lane);
  workgroupBarrier();
  for (var panel = 0u; panel < PANELS; panel++) {
    if (panel + 1u < PANELS) { fill_panels(block_row, block_column, panel + 1u, lane); }
    for (var step = 0u; step < PANEL_FOURS; step++) {
${lines(6, [
  ...down.map((i) => `let a${i} = panel_a(panel, step, ${plus('y * TILE_ROWS', 4 * i)});`),
  ...across.flatMap((j) => [
    `let b${j} = panel_b(panel, step, x, ${j}u);`,
    ...down.map((i) => `t.c${i}${j} += b${j} * a${i};`),
  ]),
])}
    }
    workgroupBarrier();
  }
  return t;
}
`;
}

/**
 * A tile of one row: `RowTile`, with `cj` four columns from block j on, and `row_product`.
 * @param shared the SLICES invocations that share the sum take turns, four values of k each, so that
 *   neighbours load neighbours; else an invocation sums 4·BLOCKS values in a row
 */
export function rowTile({ columns, parts, half }: Omit<TileSize, 'rows'>, shared = false): string {
  const across = count(columns / 4);
  const k = shared ? 'first + 4u * SLICES * step' : 'first + 4u * step';
  const loop = `  for (var step = 0u; step < BLOCKS; step++) {
    let k = ${k};
    let a0 = ${operand('row_a(row, k)', 'to_operand', half)};
${lines(
  4,
  multiplied(across, parts).map((j) =>
    add(`c${j}`, blockOperand(`block_b(k, ${columnOf(j)})`, half), 'a0', half, 'vec4'),
  ),
)}
  }`;
  const last = across.length - 1;
  return `
struct RowTile {
${lines(
  2,
  across.map((j) => `c${j}: vec4<f32>,`),
)}
}

// The elements from (row, column) on; \`first\` is the first value of k, a multiple of four.
fn row_product(row: u32, column: u32, first: u32) -> RowTile {
  var t: RowTile;
${sumOver(parts, loop, [[`c${last}`, `c${last - 1}`, 'vec4<f32>()']])}
  return t;
}
`;
}

/** How four invocations come by the columns of each other. */
const EXCHANGES = ['', 'swap_x', 'swap_y', 'swap_diagonal'] as const;

/** Name of a block of a quad's tile: `c0a` is the eleventh of the first four rows. */
const quadBlock = (i: number, j: number): string => `c${i}${j.toString(16)}`;

/**
 * A tile of four invocations (a quad) that run shaders/lib/quad.wgsl: `QuadTile`, and
 * `quad_product`. Each loads its own rows of a, but only a quarter of the columns of b, and gets
 * the others from its neighbours in registers. Blocks 4g … 4g+3 are the own columns of group g, and
 * those of the neighbours; the groups lie COLUMN_STEP apart.
 * @param size of one invocation; a multiple of 16 columns
 */
export function quadTile({ rows, columns, parts, half }: TileSize): string {
  const [down, groups] = [count(rows / 4), count(columns / 16)];
  const loop = `  for (var step = 0u; step < BLOCKS; step++) {
    let k = 4u * step;
${lines(4, [
  ...down.map((i) => `let a${i} = ${blockOperand(`block_a(${plus('row', 4 * i)}, k)`, half)};`),
  ...multiplied(groups, parts).flatMap((g) =>
    EXCHANGES.flatMap((exchange, q) => {
      const own = `b${4 * g}`;
      const j = 4 * g + q;
      // Operands in half precision are exchanged in single precision, which every device can.
      const block =
        exchange === '' ? `block_b(k, ${columnOf(g)})` : `${exchange}(${half ? `mat4x4<f32>(${own})` : own})`;
      return [
        `let b${j} = ${blockOperand(block, half)};`,
        ...down.map((i) => add(quadBlock(i, j), `b${j}`, `a${i}`, half)),
      ];
    }),
  ),
])}
  }`;
  const last = 4 * (groups.length - 1);
  return `
struct QuadTile {
${lines(
  2,
  down.flatMap((i) => count(columns / 4).map((j) => `${quadBlock(i, j)}: mat4x4<f32>,`)),
)}
}

// \`row\` and \`column\` are the invocation's own; all four must come here.
fn quad_product(row: u32, column: u32${parts ? ', start: u32, end: u32' : ''}) -> QuadTile {
  var t: QuadTile;
${sumOver(
  parts,
  loop,
  down.flatMap((i) =>
    EXCHANGES.map((_, q) => [quadBlock(i, last + q), quadBlock(i, last + q - 4), 'mat4x4<f32>()'] as const),
  ),
  ['start', 'end'],
)}
  return t;
}
`;
}

/**
 * `finish_tile`: hands each block of a tile to the kernel's
 *   fn finish_block(row: u32, column: u32, part: mat4x4<f32>, slice: u32, index: u32)
 */
export function finishTile({ rows, columns }: TileSize): string {
  const calls = count(rows / 4).flatMap((i) =>
    count(columns / 4).map(
      (j) => `finish_block(${plus('row', 4 * i)}, ${plus('column', 4 * j)}, t.c${i}${j}, slice, index);`,
    ),
  );
  return `
fn finish_tile(t: Tile, row: u32, column: u32, slice: u32, index: u32) {
${lines(2, calls)}
}
`;
}

/**
 * `finish_row_tile`: hands every four elements of a row to the kernel's
 *   fn finish_row(row: u32, column: u32, part: vec4<f32>, slice: u32, index: u32)
 */
export function finishRowTile({ columns }: Pick<TileSize, 'columns'>): string {
  const calls = count(columns / 4).map(
    (j) => `finish_row(row, ${plus('column', 4 * j)}, t.c${j}, slice, index);`,
  );
  return `
fn finish_row_tile(t: RowTile, row: u32, column: u32, slice: u32, index: u32) {
${lines(2, calls)}
}
`;
}

/**
 * `finish_quad_tile`: hands four blocks side by side, with the first column of each, to the kernel's
 *   fn store_blocks(row: u32, columns: vec4<u32>, m0 … m3: mat4x4<f32>)
 */
export function finishQuadTile({ rows, columns }: TileSize): string {
  const calls = count(rows / 4).flatMap((i) =>
    count(columns / 16).map((g) => {
      const blocks = count(4).map((q) => `t.${quadBlock(i, 4 * g + q)}`);
      return `store_blocks(${plus('row', 4 * i)}, ${plus('columns', 4 * g)}, ${blocks.join(', ')});`;
    }),
  );
  return `
fn finish_quad_tile(t: QuadTile, row: u32, columns: vec4<u32>) {
${lines(2, calls)}
}
`;
}

/** `tile_blocks`: the blocks of a tile as an array, for a loop over a long epilogue. */
export function tileBlocks({ rows, columns }: TileSize): string {
  return blocksFunction(
    'tile_blocks(t: Tile)',
    'mat4x4<f32>',
    count(rows / 4).flatMap((i) => count(columns / 4).map((j) => `t.c${i}${j}`)),
  );
}

/** The same of a quad's tile with 16 columns. */
export function quadTileBlocks({ rows }: Pick<TileSize, 'rows'>): string {
  return blocksFunction(
    'tile_blocks(t: QuadTile)',
    'mat4x4<f32>',
    count(rows / 4).flatMap((i) => count(4).map((j) => `t.${quadBlock(i, j)}`)),
  );
}

/** `tile_blocks` where the blocks across are gates: `GateBlocks` (gate_sums.wgsl) of four rows each. */
export function gateTileBlocks({ rows, columns }: TileSize): string {
  return blocksFunction(
    'tile_blocks(t: Tile)',
    'GateBlocks',
    count(rows / 4).map(
      (i) =>
        `GateBlocks(${count(columns / 4)
          .map((j) => `t.c${i}${j}`)
          .join(', ')})`,
    ),
  );
}

/** The same of a quad's tile of four rows, whose groups of columns are gates: of four units each. */
export function gateQuadTileBlocks({ columns }: Pick<TileSize, 'columns'>): string {
  const gates = count(columns / 16);
  return blocksFunction(
    'tile_blocks(t: QuadTile)',
    'GateBlocks',
    count(4).map((q) => `GateBlocks(${gates.map((g) => `t.${quadBlock(0, 4 * g + q)}`).join(', ')})`),
  );
}

/** `row_sums_of`: the sums of all gates that a tile of one row has, four units of each. */
export function gateRowSums({ columns }: Pick<TileSize, 'columns'>): string {
  return `
fn row_sums_of(t: RowTile) -> Sums {
  return Sums(${count(columns / 4)
    .map((j) => `t.c${j}`)
    .join(', ')});
}
`;
}

function blocksFunction(signature: string, type: string, blocks: readonly string[]): string {
  const array = `array<${type}, ${blocks.length}>`;
  return `
fn ${signature} -> ${array} {
  return ${array}(${blocks.join(', ')});
}
`;
}

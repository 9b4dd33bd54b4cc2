import quad from '../../../shaders/lib/quad.wgsl?raw';
import subgroupLane from '../../../shaders/lib/subgroup_lane.wgsl?raw';
import subgroupSum from '../../../shaders/lib/subgroup_sum.wgsl?raw';
import columnSumsSource from '../../../shaders/matmul/column_sums.wgsl?raw';
import operands from '../../../shaders/matmul/operands.wgsl?raw';
import panels from '../../../shaders/matmul/panels.wgsl?raw';
import quadsSource from '../../../shaders/matmul/quads.wgsl?raw';
import result from '../../../shaders/matmul/result.wgsl?raw';
import rowsSource from '../../../shaders/matmul/rows.wgsl?raw';
import simpleSource from '../../../shaders/matmul/simple.wgsl?raw';
import split from '../../../shaders/matmul/split.wgsl?raw';
import subgroupRowsSource from '../../../shaders/matmul/subgroup_rows.wgsl?raw';
import tiledSource from '../../../shaders/matmul/tiled.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';
import type { HalfOperands } from '../../plan/target.js';
import { withOperands } from '../lib/operands.js';
import {
  blockTile,
  finishQuadTile,
  finishRowTile,
  finishTile,
  quadTile,
  registerTile,
  rowTile,
  type TileSize,
} from '../lib/register-tiles.js';
import { needsSubgroups, tileName, type Variant } from './variants.js';

/** Which of a, b and c are bound as vec4<f32>. */
export interface Vectorised {
  readonly a: boolean;
  readonly b: boolean;
  readonly c: boolean;
}

/**
 * The kernel `matmul/<variant.kernel>` for tiles of its size, which binds `vectorised` as vec4<f32>.
 * @param half converts the operands to half precision. Default: they stay in single precision
 */
export function productKernel(variant: Variant, vectorised: Vectorised, half?: HalfOperands): Kernel {
  const { kernel: name } = variant;
  const bind = (access: Binding['access'], vector: boolean): Binding => ({
    access,
    type: vector ? 'vec4<f32>' : 'f32',
  });
  const wide = (['a', 'b', 'c'] as const).filter((matrix) => vectorised[matrix]);
  const form = [
    ...(name === 'simple' ? [] : [tileName(variant)]),
    ...(wide.length === 0 ? [] : [`vec4 ${wide.join('')}`]),
  ];
  const single: Kernel = {
    name: `matmul/${name}`,
    form: form.join(' '),
    sources: sourcesOf({ ...variant, half: half !== undefined }),
    ...(needsSubgroups(variant) ? { enables: ['subgroups'] } : {}),
    bindings: {
      a: bind('read', vectorised.a),
      b: bind('read', vectorised.b),
      bias: bind('read', false),
      c: bind('read_write', vectorised.c),
      row_sums: bind('read_write', false),
    },
  };
  return withOperands(single, half);
}

function sourcesOf(tile: Variant & Pick<TileSize, 'half'>): readonly string[] {
  switch (tile.kernel) {
    case 'simple':
      return [result, simpleSource];
    case 'rows':
      return [operands, result, split, rowTile(tile), finishRowTile(tile), rowsSource];
    case 'tiled':
      return [operands, result, split, registerTile(tile), finishTile(tile), tiledSource];
    case 'blocks':
      return [operands, result, panels, blockTile(tile), finishTile(tile), tiledSource];
    case 'quads':
      return [operands, result, quad, subgroupLane, quadTile(tile), finishQuadTile(tile), quadsSource];
    case 'subgroup_rows':
      return [operands, result, subgroupSum, rowTile(tile, true), finishRowTile(tile), subgroupRowsSource];
  }
}

export const columnSums: Kernel = {
  name: 'matmul/column_sums',
  sources: [columnSumsSource],
  bindings: { x: { access: 'read', type: 'f32' }, sums: { access: 'read_write', type: 'f32' } },
};

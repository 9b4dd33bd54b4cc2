import tileQuad from '../../../shaders/lib/tile_quad.wgsl?raw';
import tileRow from '../../../shaders/lib/tile_row.wgsl?raw';
import tile from '../../../shaders/lib/tile.wgsl?raw';
import columnSumsSource from '../../../shaders/matmul/column_sums.wgsl?raw';
import operands from '../../../shaders/matmul/operands.wgsl?raw';
import quadsSource from '../../../shaders/matmul/quads.wgsl?raw';
import result from '../../../shaders/matmul/result.wgsl?raw';
import rowsSource from '../../../shaders/matmul/rows.wgsl?raw';
import simpleSource from '../../../shaders/matmul/simple.wgsl?raw';
import split from '../../../shaders/matmul/split.wgsl?raw';
import tiledSource from '../../../shaders/matmul/tiled.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';

/** Which of a, b and c are bound as vec4<f32>. */
export interface Vectorised {
  readonly a: boolean;
  readonly b: boolean;
  readonly c: boolean;
}

const SOURCES = {
  simple: [result, simpleSource],
  rows: [operands, result, split, tileRow, rowsSource],
  tiled: [operands, result, split, tile, tiledSource],
  quads: [operands, result, tileQuad, quadsSource],
} as const;

/** The kernel `matmul/<name>`, in the form that binds `vectorised` as vec4<f32>. */
export function productKernel(name: keyof typeof SOURCES, vectorised: Vectorised): Kernel {
  const bind = (access: Binding['access'], vector: boolean): Binding => ({
    access,
    type: vector ? 'vec4<f32>' : 'f32',
  });
  const wide = (['a', 'b', 'c'] as const).filter((matrix) => vectorised[matrix]);
  return {
    name: `matmul/${name}`,
    ...(wide.length === 0 ? {} : { form: `vec4 ${wide.join('')}` }),
    sources: SOURCES[name],
    ...(name === 'quads' ? { enables: ['subgroups'] } : {}),
    bindings: {
      a: bind('read', vectorised.a),
      b: bind('read', vectorised.b),
      bias: bind('read', false),
      c: bind('read_write', vectorised.c),
      row_sums: bind('read_write', false),
    },
  };
}

export const columnSums: Kernel = {
  name: 'matmul/column_sums',
  sources: [columnSumsSource],
  bindings: { x: { access: 'read', type: 'f32' }, sums: { access: 'read_write', type: 'f32' } },
};

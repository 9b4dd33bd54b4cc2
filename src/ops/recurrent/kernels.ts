import dropout from '../../../shaders/lib/dropout.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import quad from '../../../shaders/lib/quad.wgsl?raw';
import random from '../../../shaders/lib/random.wgsl?raw';
import split from '../../../shaders/matmul/split.wgsl?raw';
import beginSource from '../../../shaders/recurrent/begin.wgsl?raw';
import finishSource from '../../../shaders/recurrent/finish.wgsl?raw';
import gateSums from '../../../shaders/recurrent/gate_sums.wgsl?raw';
import masks from '../../../shaders/recurrent/masks.wgsl?raw';
import oneStep from '../../../shaders/recurrent/one_step.wgsl?raw';
import operands from '../../../shaders/recurrent/operands.wgsl?raw';
import stepGateQuads from '../../../shaders/recurrent/step_gate_quads.wgsl?raw';
import stepGateTiles from '../../../shaders/recurrent/step_gate_tiles.wgsl?raw';
import stepQuads from '../../../shaders/recurrent/step_quads.wgsl?raw';
import stepSimple from '../../../shaders/recurrent/step_simple.wgsl?raw';
import stepTiles from '../../../shaders/recurrent/step_tiles.wgsl?raw';
import wholeWindow from '../../../shaders/recurrent/whole_window.wgsl?raw';
import window from '../../../shaders/recurrent/window.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';
import {
  finishRowTile,
  gateQuadTileBlocks,
  gateRowSums,
  gateTileBlocks,
  quadTile,
  quadTileBlocks,
  registerTile,
  rowTile,
  tileBlocks,
  type TileSize,
} from '../lib/register-tiles.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;
const words = { access: 'read', type: 'u32' } as const;

/** Bindings of the optional tensors that every step may have. */
export const windowBindings = { lengths: words, key: words } as const;

/**
 * Which option brings a binding of a forward step. `key` is not among them: where there is
 * `masked`, it stays with either kind of dropout.
 */
export const avoidableForward = { lengths: 'lengths', masked: 'recurrentDropout' } as const;

/** Which option brings a binding of a backward step. */
export const avoidableBackward = {
  lengths: 'lengths',
  key: 'both kinds of dropout',
  dh: 'gradientFlow',
} as const;

/**
 * WGSL for directions, lengths and dropout masks, for kernels with `windowBindings` and the
 * constants of `windowConstants` and VEC.
 */
export const windowSources: readonly string[] = [random, `#if HAS_KEY\n${dropout}\n${masks}\n#endif`, window];

export const begin: Kernel = {
  name: 'recurrent/begin',
  sources: [index, ...windowSources, beginSource],
  bindings: {
    h0: read,
    c0: read,
    keep: read,
    h0_learned: read,
    c0_learned: read,
    states: write,
    masked: write,
    ...windowBindings,
  },
};

export const finish: Kernel = {
  name: 'recurrent/finish',
  sources: [index, finishSource],
  bindings: { states: read, hn: write, cn: write },
};

/**
 * What computes a step's product: plain loops, one row each, a register tile each, or four
 * invocations together; `window`: rows or tiles of all steps, one after the other.
 */
export type StepBody = 'simple' | 'row' | 'tile' | 'quad' | 'window';

/**
 * A step in one of its bodies, or all steps of a window, with vec4 bindings where H is a multiple of
 * four. `tile` is what an invocation computes of the product; `simple` has none.
 */
export type StepKernel = (body: StepBody, vectorised: boolean, tile: TileSize) => Kernel;

/**
 * A product in tiles, with what hands its sums to an epilogue: one for each unit, or `ofGates` one for
 * each gate of a unit. The entry point is another's; of quads, `compute_quad` is there to be called.
 */
export function productSources(
  body: 'row' | 'tile' | 'quad',
  tile: TileSize,
  ofGates: boolean,
): readonly string[] {
  const parts = {
    row: ofGates
      ? [split, rowTile(tile), gateRowSums(tile), stepGateTiles]
      : [split, rowTile(tile), finishRowTile(tile), stepTiles],
    tile: ofGates
      ? [split, registerTile(tile), gateTileBlocks(tile), stepGateTiles]
      : [split, registerTile(tile), tileBlocks(tile), stepTiles],
    quad: ofGates
      ? [quad, quadTile(tile), gateQuadTileBlocks(tile), stepGateQuads]
      : [quad, quadTile(tile), quadTileBlocks(tile), stepQuads],
  };
  return [...(ofGates ? [gateSums] : []), operands, ...parts[body]];
}

function sourcesOf(body: StepBody, tile: TileSize, ofGates: boolean): readonly string[] {
  switch (body) {
    case 'simple':
      return [index, ...(ofGates ? [gateSums] : []), stepSimple];
    case 'quad':
      return productSources(body, tile, ofGates);
    case 'window':
      return [...productSources(tile.rows === 1 ? 'row' : 'tile', tile, ofGates), wholeWindow];
    default:
      return [...productSources(body, tile, ofGates), oneStep];
  }
}

/**
 * One time step of a cell. `sources` hold its epilogue, written once for all bodies:
 *   fn left_row() -> u32, fn has_product() -> bool, fn load_left(i: u32) -> Value    the product's left operand
 *   fn finish_four(row: u32, unit: u32, sums: Sums)                                  units unit … unit+3 of a batch row, from their products
 * It reads and writes f32 tensors by `load_X(i)` and `store_X(i, count, v)`: four elements from i
 * on, of which the first `count` are stored.
 * @param products 1 where the step needs one sum per unit, else one for each gate: 3 or 4
 */
export function stepKernel(
  name: string,
  products: 1 | 3 | 4,
  own: Readonly<Record<string, Binding>>,
  sources: readonly string[],
): StepKernel {
  const bindings: Readonly<Record<string, Binding>> = { ...own, ...windowBindings };
  const wide = Object.fromEntries(
    Object.entries(bindings).map(([key, binding]) => [
      key,
      binding.type === 'f32' ? { ...binding, type: 'vec4<f32>' as const } : binding,
    ]),
  );
  return (body, vectorised, tile) => ({
    name,
    form: [
      body,
      ...(body === 'simple' ? [] : [`${tile.rows}x${tile.columns}`]),
      ...(vectorised ? ['vec4'] : []),
    ].join(' '),
    sources: [
      ...windowSources,
      accessors(own, vectorised),
      ...sourcesOf(body, tile, products > 1),
      ...sources,
    ],
    bindings: vectorised ? wide : bindings,
    ...(body === 'window' ? {} : { uniforms: ['t'] }),
    avoidable: 'masked' in own ? avoidableForward : avoidableBackward,
    ...(body === 'quad' ? { enables: ['subgroups'] } : {}),
  });
}

/**
 * Reads and writes of four elements at a time, whatever the bindings hold. Reads past the end of a
 * row are harmless: nothing comes of them.
 */
export function accessors(bindings: Readonly<Record<string, Binding>>, vectorised: boolean): string {
  const functions = Object.entries(bindings)
    .filter(([, { type }]) => type === 'f32')
    .map(([name, { access }]) => {
      const load = vectorised
        ? `${name}[i / 4u]`
        : `vec4<f32>(${name}[i], ${name}[i + 1u], ${name}[i + 2u], ${name}[i + 3u])`;
      const store = vectorised
        ? `${name}[i / 4u] = v;`
        : `${name}[i] = v.x; if (count > 1u) { ${name}[i + 1u] = v.y; } if (count > 2u) { ${name}[i + ` +
          `2u] = v.z; } if (count > 3u) { ${name}[i + 3u] = v.w; }`;
      return [
        `#if HAS_${name.toUpperCase()}`,
        `fn load_${name}(i: u32) -> vec4<f32> { return ${load}; }`,
        ...(access === 'read_write'
          ? [`fn store_${name}(i: u32, count: u32, v: vec4<f32>) { ${store} }`]
          : []),
        '#endif',
      ].join('\n');
    });
  return [`alias Value = ${vectorised ? 'vec4<f32>' : 'f32'};`, ...functions].join('\n');
}

import diagonal from '../../../shaders/recurrent/diagonal.wgsl?raw';
import diagonalBackward from '../../../shaders/recurrent/diagonal_backward.wgsl?raw';
import diagonalForward from '../../../shaders/recurrent/diagonal_forward.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';
import type { TileSize } from '../lib/register-tiles.js';
import { avoidableForward, productSources, windowBindings, windowSources } from './kernels.js';
import type { TileLayout } from './steps.js';

/** The steps of a cell in one phase, and the tensors of each layer that they read and write. */
export interface DiagonalCell {
  /** Name of the cell's op: `lstm`. */
  readonly name: string;
  /** Sums per unit: 1, or one for each gate. */
  readonly products: 1 | 3 | 4;
  /** Tensors that steps only read; those of all layers are parts of one tensor. */
  readonly reads: readonly string[];
  /** Tensors that steps write, and read too; those of all layers are parts of one tensor. */
  readonly writes: readonly string[];
  /** The one of them whose rows the recurrent weights multiply. */
  readonly left: string;
  /** WGSL of the epilogue. */
  readonly sources: readonly string[];
}

/** Where a backward step finds the gradients of the final states, in WGSL. */
export interface FinalGradients {
  /** The epilogue calls `load_NAME(i)` at the last step of a row. */
  readonly name: string;
  /** The tensor that has them, and the index of element `i` in it. */
  readonly tensor: string;
  readonly at: string;
}

type Layout = Pick<TileLayout, 'body' | 'vectorised' | 'tile'>;

/**
 * Returns the kernel of a forward diagonal of so many layers, with the tiles of a step. The sums of
 * upper layers have two parts. A GRU keeps the part of the new state's input separate, because its
 * reset gate does not apply to it.
 */
export function forwardDiagonalKernel(cell: DiagonalCell, layout: Layout, layers: number): Kernel {
  const { vectorised } = layout;
  const lines = [
    placesOf('WEIGHT_IH', layers, 1),
    'fn load_projected(i: u32) -> vec4<f32> {',
    `  if (layer == 0u) { ${loadOf('projected', 'i', vectorised)} }`,
    '#if HAS_BIAS_IH',
    `  ${loadOf('weights', 'BIAS_IH[layer] + i % (GATES * H)', vectorised)}`,
    '#else',
    '  return vec4<f32>();',
    '#endif',
    '}',
    '#if HAS_BIAS_IH',
    placesOf('BIAS_IH', layers, 1),
    '#endif',
    '#if HAS_BIAS_HH',
    placesOf('BIAS_HH', layers),
    `fn load_bias_hh(i: u32) -> vec4<f32> { ${loadOf('weights', 'BIAS_HH[layer] + i', vectorised)} }`,
    '#endif',
    // The outputs of the top layer may be read elsewhere, so they have a tensor of their own.
    'fn store_y(i: u32, count: u32, v: vec4<f32>) {',
    `  if (layer == ${layers - 1}u) { ${storeOf('top', 'i', vectorised)} }`,
    `  else { ${storeOf('y', 'layer * Y_STRIDE + i', vectorised)} }`,
    '}',
  ];
  return kernelOf(cell, layout, layers, {
    ...{ phase: 'forward', lines, before: ['projected'], after: ['y', 'top'] },
    parts: cell.products === 3 ? 'apart' : 'added',
  });
}

/** Returns the kernel of a backward diagonal of so many layers, with the tiles of a step. */
export function backwardDiagonalKernel(
  cell: DiagonalCell,
  { name, tensor, at }: FinalGradients,
  layout: Layout,
  layers: number,
): Kernel {
  const lines = [
    placesOf('WEIGHT_IH', layers, 1),
    '#if HAS_DY',
    // Lower layers get the gradient of their outputs as the first part of their sums.
    'fn load_dy(i: u32) -> vec4<f32> {',
    `  if (layer < ${layers - 1}u) { return vec4<f32>(); }`,
    `  ${loadOf('dy', 'i', layout.vectorised)}`,
    '}',
    '#endif',
    '#if FINAL',
    placesOf('FINAL_OF', layers),
    `fn load_${name}(i: u32) -> vec4<f32> {`,
    '  if (FINAL_OF[layer] == 0u) { return vec4<f32>(); }',
    `  return load_${tensor}(${at});`,
    '}',
    '#endif',
  ];
  return kernelOf(cell, layout, layers, {
    ...{ phase: 'backward', lines, before: ['dy'], after: [], parts: 'added' },
  });
}

/** What differs between the phases. */
interface Phase {
  readonly phase: 'forward' | 'backward';
  /** WGSL of the functions and constants that only this phase has. */
  readonly lines: readonly string[];
  /** Bindings that only this phase has: those that are read, and those that are written. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly parts: NonNullable<TileSize['parts']>;
}

function kernelOf(
  { name, products, reads, writes, left, sources }: DiagonalCell,
  { body, vectorised, tile }: Layout,
  layers: number,
  { phase, lines, before, after, parts }: Phase,
): Kernel {
  const type = vectorised ? ('vec4<f32>' as const) : ('f32' as const);
  const bindings = (names: readonly string[], access: Binding['access']): Record<string, Binding> =>
    Object.fromEntries(names.map((each) => [each, { access, type }]));
  const tiles = `${tile.rows}x${tile.columns}`;
  return {
    name: `${name}/${phase}_diagonal`,
    form: [body, tiles, ...(vectorised ? ['vec4'] : []), `${layers} layers`].join(' '),
    sources: [
      ...windowSources,
      `alias Value = ${type};`,
      placesOf('WEIGHT_HH', layers),
      ...[...reads, ...writes].map((each) => accessorsOf(each, writes.includes(each), vectorised)),
      `fn left_of(l: u32) -> u32 { return ${left.toUpperCase()}_BASE + l * ${left.toUpperCase()}_STRIDE; }`,
      ...lines,
      ...productSources(body, { ...tile, parts }, products > 1),
      diagonal,
      phase === 'forward' ? diagonalForward : diagonalBackward,
      ...sources,
    ],
    bindings: {
      ...bindings([...before, 'weights', ...reads], 'read'),
      ...bindings([...writes, ...after], 'read_write'),
      lengths: windowBindings.lengths,
    },
    uniforms: ['diagonal', phase === 'forward' ? 'lowest' : 'highest'],
    uniformsAs: 'launch',
    avoidable: { lengths: avoidableForward.lengths },
    ...(body === 'quad' ? { enables: ['subgroups'] } : {}),
  };
}

/**
 * Returns functions that read and write four elements of the current layer in a tensor of all layers.
 * They have the names that `accessors` gives them for single steps.
 */
function accessorsOf(name: string, written: boolean, vectorised: boolean): string {
  const at = `${name.toUpperCase()}_BASE + layer * ${name.toUpperCase()}_STRIDE + i`;
  return [
    `fn load_${name}(i: u32) -> vec4<f32> { ${loadOf(name, at, vectorised)} }`,
    ...(written
      ? [`fn store_${name}(i: u32, count: u32, v: vec4<f32>) { ${storeOf(name, at, vectorised)} }`]
      : []),
  ].join('\n');
}

function loadOf(name: string, at: string, vectorised: boolean): string {
  return vectorised
    ? `return ${name}[(${at}) / 4u];`
    : `let at = ${at}; return vec4<f32>(${name}[at], ${name}[at + 1u], ${name}[at + 2u], ${name}[at + 3u]);`;
}

function storeOf(name: string, at: string, vectorised: boolean): string {
  return vectorised
    ? `${name}[(${at}) / 4u] = v;`
    : `let at = ${at}; ${name}[at] = v.x; if (count > 1u) { ${name}[at + 1u] = v.y; } if (count > 2u) ` +
        `{ ${name}[at + 2u] = v.z; } if (count > 3u) { ${name}[at + 3u] = v.w; }`;
}

/** Declares an array of the constants NAME_0, NAME_1 and so on, one for each layer from `first` up. */
function placesOf(name: string, layers: number, first = 0): string {
  const values = Array.from({ length: layers }, (_, l) => (l < first ? '0u' : `${name}_${l}`));
  return `const ${name} = array<u32, ${layers}>(${values.join(', ')});`;
}

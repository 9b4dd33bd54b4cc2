import diagonal from '../../../shaders/recurrent/diagonal.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';
import type { TileSize } from '../lib/register-tiles.js';
import { avoidableForward, productSources, windowBindings, windowSources } from './kernels.js';
import type { TileLayout } from './steps.js';

/** The tensors that the steps of a cell read and write. */
export interface DiagonalCell {
  /** Name of the kernel of single steps: `lstm/forward`. */
  readonly name: string;
  readonly products: 1 | 3 | 4;
  /** The tensor with rows of h, and the other tensors that a step writes. */
  readonly states: string;
  readonly others: readonly string[];
  /** WGSL of the epilogue. */
  readonly sources: readonly string[];
}

const READ: Binding = { access: 'read', type: 'f32' };
const WRITE: Binding = { access: 'read_write', type: 'f32' };

/**
 * Returns the kernel of a diagonal of so many layers, with the tiles of a step. The sums of upper
 * layers have two parts. A GRU keeps the part of the new state's input separate, because its reset
 * gate does not apply to it.
 */
export function diagonalKernel(
  { name, products, states, others, sources }: DiagonalCell,
  { body, vectorised, tile }: Pick<TileLayout, 'body' | 'vectorised' | 'tile'>,
  layers: number,
): Kernel {
  const type = vectorised ? ('vec4<f32>' as const) : ('f32' as const);
  const joined = [states, ...others];
  const bindings: Readonly<Record<string, Binding>> = {
    projected: { ...READ, type },
    weights: { ...READ, type },
    ...Object.fromEntries([...joined, 'y', 'top'].map((each) => [each, { ...WRITE, type }])),
    lengths: windowBindings.lengths,
  };
  const parted: TileSize = { ...tile, parts: products === 3 ? 'apart' : 'added' };
  return {
    name: `${name}_diagonal`,
    form: [body, `${tile.rows}x${tile.columns}`, ...(vectorised ? ['vec4'] : []), `${layers} layers`].join(
      ' ',
    ),
    sources: [
      ...windowSources,
      layerAccessors(joined, vectorised, layers),
      `fn state_base(l: u32) -> u32 { return l * ${states.toUpperCase()}_STRIDE; }`,
      ...productSources(body, parted, products > 1),
      diagonal,
      ...sources,
    ],
    bindings,
    uniforms: ['diagonal', 'lowest'],
    uniformsAs: 'launch',
    avoidable: { lengths: avoidableForward.lengths },
    ...(body === 'quad' ? { enables: ['subgroups'] } : {}),
  };
}

/**
 * Returns functions that read and write four elements of the current layer, with the names that
 * `accessors` gives them for single steps. The first element of each layer's weights and biases in
 * `weights` is a constant: `WEIGHT_HH_0` and so on.
 */
function layerAccessors(joined: readonly string[], vectorised: boolean, layers: number): string {
  const load = (name: string, at: string): string =>
    vectorised
      ? `return ${name}[(${at}) / 4u];`
      : `let at = ${at}; return vec4<f32>(${name}[at], ${name}[at + 1u], ${name}[at + 2u], ${name}[at + 3u]);`;
  const store = (name: string, at: string): string =>
    vectorised
      ? `${name}[(${at}) / 4u] = v;`
      : `let at = ${at}; ${name}[at] = v.x; if (count > 1u) { ${name}[at + 1u] = v.y; } if (count > 2u) ` +
        `{ ${name}[at + 2u] = v.z; } if (count > 3u) { ${name}[at + 3u] = v.w; }`;
  const places = (name: string, first: number): string =>
    `const ${name} = array<u32, ${layers}>(${Array.from({ length: layers }, (_, l) =>
      l < first ? '0u' : `${name}_${l}`,
    ).join(', ')});`;
  return [
    `alias Value = ${vectorised ? 'vec4<f32>' : 'f32'};`,
    places('WEIGHT_IH', 1),
    places('WEIGHT_HH', 0),
    'fn load_projected(i: u32) -> vec4<f32> {',
    `  if (layer == 0u) { ${load('projected', 'i')} }`,
    '#if HAS_BIAS_IH',
    `  ${load('weights', 'BIAS_IH[layer] + i % (GATES * H)')}`,
    '#else',
    '  return vec4<f32>();',
    '#endif',
    '}',
    '#if HAS_BIAS_IH',
    places('BIAS_IH', 1),
    '#endif',
    '#if HAS_BIAS_HH',
    places('BIAS_HH', 0),
    `fn load_bias_hh(i: u32) -> vec4<f32> { ${load('weights', 'BIAS_HH[layer] + i')} }`,
    '#endif',
    ...joined.flatMap((name) => {
      const at = `layer * ${name.toUpperCase()}_STRIDE + i`;
      return [
        `fn load_${name}(i: u32) -> vec4<f32> { ${load(name, at)} }`,
        `fn store_${name}(i: u32, count: u32, v: vec4<f32>) { ${store(name, at)} }`,
      ];
    }),
    // The outputs of the top layer may be read elsewhere, so they have a tensor of their own.
    'fn store_y(i: u32, count: u32, v: vec4<f32>) {',
    `  if (layer == ${layers - 1}u) { ${store('top', 'i')} } else { ${store('y', 'layer * Y_STRIDE + i')} }`,
    '}',
  ].join('\n');
}

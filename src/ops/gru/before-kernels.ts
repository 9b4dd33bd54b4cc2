import backwardBefore from '../../../shaders/gru/backward_before.wgsl?raw';
import forwardBefore from '../../../shaders/gru/forward_before.wgsl?raw';
import rowSteps from '../../../shaders/gru/row_steps.wgsl?raw';
import weightGradientSource from '../../../shaders/gru/weight_gradient.wgsl?raw';
import split from '../../../shaders/matmul/split.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';
import { finishTile, registerTile, type TileSize } from '../lib/register-tiles.js';
import {
  accessors,
  avoidableBackward,
  avoidableForward,
  windowBindings,
  windowSources,
} from '../recurrent/kernels.js';
import { backwardBindings, forwardBindings, gradientSources, stateSources } from './kernels.js';

type Bindings = Readonly<Record<string, Binding>>;

/** A kernel without and with vec4 bindings. */
type Forms = (vectorised: boolean) => Kernel;

const formOf = (vectorised: boolean): string => (vectorised ? 'vec4' : '');

/** The bindings with four elements at a time. */
function widen(bindings: Bindings, vectorised: boolean): Bindings {
  return Object.fromEntries(
    Object.entries(bindings).map(([name, binding]) => [
      name,
      vectorised ? { ...binding, type: 'vec4<f32>' as const } : binding,
    ]),
  );
}

function rowKernel(name: string, bindings: Bindings, sources: readonly string[]): Forms {
  return (vectorised) => ({
    name,
    form: formOf(vectorised),
    sources: [...windowSources, accessors(bindings, vectorised), split, ...sources, rowSteps],
    bindings: { ...widen(bindings, vectorised), ...windowBindings },
    uniforms: ['t'],
    avoidable: 'masked' in bindings ? avoidableForward : avoidableBackward,
  });
}

export const forward = rowKernel('gru/forward_before', forwardBindings, [...stateSources, forwardBefore]);

export const backward = rowKernel(
  'gru/backward_before',
  { weight_hh: { access: 'read', type: 'f32' }, ...backwardBindings },
  [...gradientSources, backwardBefore],
);

const products: Bindings = {
  da: { access: 'read', type: 'f32' },
  x: { access: 'read', type: 'f32' },
  gates: { access: 'read', type: 'f32' },
  dweight_hh: { access: 'read_write', type: 'f32' },
};

export const weightGradient = (vectorised: boolean, tile: TileSize): Kernel => ({
  name: 'gru/weight_gradient',
  form: `${tile.rows}x${tile.columns} ${formOf(vectorised)}`.trim(),
  sources: [
    accessors(products, vectorised),
    split,
    registerTile(tile),
    finishTile(tile),
    weightGradientSource,
  ],
  bindings: { ...widen(products, vectorised), dbias_hh: { access: 'read_write', type: 'f32' } },
});

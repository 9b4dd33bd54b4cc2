import activations from '../../../shaders/lib/activations.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import tileQuad from '../../../shaders/lib/tile_quad.wgsl?raw';
import tileRow from '../../../shaders/lib/tile_row.wgsl?raw';
import tile from '../../../shaders/lib/tile.wgsl?raw';
import split from '../../../shaders/matmul/split.wgsl?raw';
import backwardInitialSource from '../../../shaders/rnn/backward_initial.wgsl?raw';
import backwardTiledSource from '../../../shaders/rnn/backward_tiled.wgsl?raw';
import backwardSource from '../../../shaders/rnn/backward.wgsl?raw';
import beginSource from '../../../shaders/rnn/begin.wgsl?raw';
import forwardTiledSource from '../../../shaders/rnn/forward_tiled.wgsl?raw';
import forwardSource from '../../../shaders/rnn/forward.wgsl?raw';
import operands from '../../../shaders/rnn/operands.wgsl?raw';
import stepMain from '../../../shaders/rnn/step_main.wgsl?raw';
import stepQuads from '../../../shaders/rnn/step_quads.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';

const read = { access: 'read', type: 'f32' } as const;
const write = { access: 'read_write', type: 'f32' } as const;

const FORWARD = { projected: read, weight_hh: read, bias_hh: read, h: write, y: write, hn: write };
const BACKWARD = { weight_hh: read, h: read, dy: read, dhn: read, da: write };

export const begin: Kernel = {
  name: 'rnn/begin',
  sources: [index, beginSource],
  bindings: { h0: read, keep: read, h: write },
};

export const forward: Kernel = {
  name: 'rnn/forward',
  sources: [index, activations, forwardSource],
  bindings: FORWARD,
  uniforms: ['t'],
};

export const backward: Kernel = {
  name: 'rnn/backward',
  sources: [index, backwardSource],
  bindings: BACKWARD,
  uniforms: ['t'],
};

export const backwardInitial: Kernel = {
  name: 'rnn/backward_initial',
  sources: [index, backwardInitialSource],
  bindings: { weight_hh: read, da: read, keep: read, dh0: write },
};

/** What computes the tiles of a step: one row each, several rows each, or four invocations together. */
export type StepBody = 'row' | 'tile' | 'quad';

const BODIES: Readonly<Record<StepBody, readonly string[]>> = { row: [split, tileRow, stepMain], tile: [split, tile, stepMain], quad: [tileQuad, stepQuads] };

/** A tiled step in all its forms, with vec4 bindings where H is a multiple of four. Each form is one object, so that launches of it compare equal. */
function tiled(name: string, bindings: Readonly<Record<string, Binding>>, own: readonly string[]): (body: StepBody, vectorised: boolean) => Kernel {
  const wide = Object.fromEntries(Object.entries(bindings).map(([binding, { access }]) => [binding, { access, type: 'vec4<f32>' as const }]));
  const make = (body: StepBody, vectorised: boolean): Kernel => ({
    name,
    sources: [activations, ...own, operands, ...BODIES[body]],
    bindings: vectorised ? wide : bindings,
    uniforms: ['t'],
    ...(body === 'quad' ? { enables: ['subgroups'] } : {}),
  });
  const forms = Object.fromEntries((Object.keys(BODIES) as StepBody[]).map((body) => [body, [make(body, false), make(body, true)]]));
  return (body, vectorised) => forms[body][Number(vectorised)];
}

export const forwardTiled = tiled('rnn/forward_tiled', FORWARD, [forwardTiledSource]);
export const backwardTiled = tiled('rnn/backward_tiled', BACKWARD, [backwardTiledSource]);

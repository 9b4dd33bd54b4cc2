import activations from '../../../shaders/lib/activations.wgsl?raw';
import source from '../../../shaders/row_losses/row.wgsl?raw';
import { OptionError } from '../../core/errors.js';
import type { Launch } from '../../plan/kernel.js';
import type { OpImplementation, Reference } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Attributes, PlanRequest } from '../../plan/planner.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import * as native from './native.js';
import * as reference from './reference.js';

type Kind = 'SQUARED' | 'ABSOLUTE' | 'HUBER' | 'CROSS_ENTROPY';

const bindings = {
  predictions: { access: 'read_write', type: 'f32' },
  targets: { access: 'read', type: 'f32' },
  lengths: { access: 'read', type: 'u32' },
  ids: { access: 'read', type: 'u32' },
  count: { access: 'read', type: 'f32' },
  loss: { access: 'read_write', type: 'f32' },
} as const;

const kernel = { name: 'row_losses/row', sources: [activations, source], bindings };

function plan(name: string, kind: Kind, { dims, attributes, target, has }: PlanRequest): Launch[] {
  const { T, N, C } = dims;
  const delta = Number(attributes.delta ?? 1);
  if (!(delta > 0)) throw new OptionError(`${name}.delta`, attributes.delta, 'a number above 0');
  if (has('ids') && !(Number(attributes.symbols) >= 1))
    throw new OptionError(
      `${name}.symbols`,
      attributes.symbols,
      'how many symbols count, since there are ids',
    );
  return [
    rowLanesLaunch(kernel, T * N, target, {
      N,
      C,
      SQUARED: kind === 'SQUARED',
      ABSOLUTE: kind === 'ABSOLUTE',
      HUBER: kind === 'HUBER',
      ...(kind === 'HUBER' ? { DELTA: delta } : {}),
      SCALE: Number(attributes.scale),
      GRADIENT: attributes.gradient === true,
      SYMBOLS: Number(attributes.symbols),
    }),
  ];
}

const OPTIONAL = ['lengths', 'ids', 'count'];

/** Sizes, each with some of the optional tensors. */
function casesOf(own: Attributes): OpCase[] {
  const shapes: readonly (Omit<OpCase, 'without'> & { readonly has?: readonly string[] })[] = [
    { dims: { T: 1, N: 1, C: 1 } },
    { dims: { T: 1, N: 5, C: 3 }, attributes: { scale: 0.2 } },
    { dims: { T: 4, N: 3, C: 2 }, has: ['lengths', 'count'], attributes: { scale: 0.5 } },
    { dims: { T: 4, N: 3, C: 2 }, has: ['ids'], attributes: { symbols: 6, gradient: false } },
    { dims: { T: 3, N: 7, C: 150 }, has: ['lengths', 'ids', 'count'], attributes: { symbols: 5 } },
    { dims: { T: 35, N: 32, C: 65 }, has: ['lengths', 'count'], thorough: true },
  ];
  return shapes.map(({ has = [], attributes, ...shape }) => ({
    ...shape,
    attributes: { ...own, ...attributes },
    without: OPTIONAL.filter((name) => !has.includes(name)),
    fill: {
      lengths: { values: [shape.dims.T, 1, 2] },
      ids: { below: 8 },
      count: { values: [8] },
      predictions: { scale: 3 },
    },
  }));
}

function implementationOf(
  name: string,
  kind: Kind,
  forward: Reference,
  attributes: Attributes = {},
): OpImplementation {
  return {
    reference: { forward },
    plan: { forward: (request) => plan(name, kind, request) },
    native: { forward: native.forwardOf(kind) },
    cases: casesOf(attributes),
  };
}

export const implementations = {
  squared_error: implementationOf('squared_error', 'SQUARED', reference.squared),
  absolute_error: implementationOf('absolute_error', 'ABSOLUTE', reference.absolute),
  huber_error: implementationOf('huber_error', 'HUBER', reference.huber, { delta: 1.5 }),
  sigmoid_cross_entropy: implementationOf(
    'sigmoid_cross_entropy',
    'CROSS_ENTROPY',
    reference.sigmoidCrossEntropy,
  ),
};

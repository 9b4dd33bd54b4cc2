import backwardSource from '../../../shaders/choose_rows/backward.wgsl?raw';
import forwardSource from '../../../shaders/choose_rows/forward.wgsl?raw';
import { wholeNumber } from '../../core/options.js';
import type { Launch } from '../../plan/kernel.js';
import { defineOp, input, output, type PlanRequest } from '../../plan/op.js';
import { valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/rows.js';
import * as native from './native.js';
import * as reference from './reference.js';

// The step is a number of the launch, so that all steps share a pipeline.
const others = { bindings: { lengths: { access: 'read', type: 'u32' } }, uniforms: ['t'] } as const;
const forward = valueKernel(
  'choose_rows/forward',
  [forwardSource],
  { a: 'read', b: 'read', y: 'read_write' },
  others,
);
const backward = valueKernel(
  'choose_rows/backward',
  [backwardSource],
  { dy: 'read', da: 'read_write', db: 'read_write' },
  others,
);

/** One invocation for each value of `[N,C]`. */
function launch(kernelOf: ValueKernel, { dims: { N, C }, attributes, accumulate }: PlanRequest): Launch {
  const values = rowValues(C);
  const { COLUMNS } = values;
  return {
    ...valueLaunch(kernelOf, values, N * COLUMNS, { N, COLUMNS }, accumulate),
    uniforms: { t: wholeNumber('choose_rows.t', attributes.t, 0) },
  };
}

export const chooseRows = defineOp({
  name: 'choose_rows',
  about:
    'Rows of sequences that still go on at step t from one tensor, the others from another: y[n] = ' +
    'a[n] where t < lengths[n], else b[n], or 0 without b.',
  tensors: {
    a: input(['N', 'C']),
    b: input(['N', 'C'], { optional: true }),
    lengths: input(['N'], { dtype: 'u32', about: 'time steps of each row' }),
    y: output(['N', 'C']),
  },
  attributes: { t: 0 },
  accumulates: ['da', 'db'],
  reference,
  plan: {
    forward: (request) => [launch(forward, request)],
    backward: (request) => [launch(backward, request)],
  },
  native,
  cases: [
    { dims: { N: 1, C: 1 }, fill: { lengths: { values: [1] } } },
    { dims: { N: 5, C: 3 }, attributes: { t: 2 }, fill: { lengths: { values: [2, 3, 1, 9] } } },
    { dims: { N: 6, C: 8 }, attributes: { t: 1 }, without: ['b'], fill: { lengths: { values: [1, 2] } } },
    { dims: { N: 32, C: 1024 }, attributes: { t: 7 }, fill: { lengths: { below: 15 } }, thorough: true },
  ],
});

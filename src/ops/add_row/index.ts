import forwardSource from '../../../shaders/add_row/forward.wgsl?raw';
import passOnSource from '../../../shaders/add_row/pass_on.wgsl?raw';
import type { Launch } from '../../plan/kernel.js';
import { defineOp, input, output, weight, type PlanRequest } from '../../plan/op.js';
import { valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/rows.js';
import { launchSumRows } from '../sum_rows/index.js';
import * as native from './native.js';
import * as reference from './reference.js';

const forward = valueKernel('add_row/forward', [forwardSource], { x: 'read', b: 'read', y: 'read_write' });

/** dx */
const passOn = valueKernel('add_row/pass_on', [passOnSource], { dy: 'read', dx: 'read_write' });

/** One invocation for each value of `[R,C]`. */
function launch(kernelOf: ValueKernel, { dims: { R, C }, accumulate }: PlanRequest): Launch {
  const values = rowValues(C);
  const { COLUMNS } = values;
  return valueLaunch(kernelOf, values, R * COLUMNS, { R, COLUMNS }, accumulate);
}

export const addRow = defineOp({
  name: 'add_row',
  about: 'Adds the same row to each row, such as a bias: y[r] = x[r] + b.',
  tensors: { x: input(['R', 'C']), b: weight(['C']), y: output(['R', 'C']) },
  attributes: {},
  accumulates: ['dx', 'db'],
  reference,
  plan: {
    forward: (request) => [launch(forward, request)],
    // db is a sum over rows.
    backward: (request) => [
      ...(request.has('dx') ? [launch(passOn, request)] : []),
      ...(request.has('db')
        ? [launchSumRows(request, { x: 'dy', y: 'db' }, request.accumulate.includes('db'))]
        : []),
    ],
  },
  native,
  cases: [
    { dims: { R: 1, C: 1 } },
    { dims: { R: 3, C: 67 } },
    { dims: { R: 131, C: 20 } },
    { dims: { R: 12800, C: 256 }, thorough: true },
  ],
});

import backwardSource from '../../../shaders/choose_rows/backward.wgsl?raw';
import forwardSource from '../../../shaders/choose_rows/forward.wgsl?raw';
import { wholeNumber } from '../../core/options.js';
import type { Launch } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { valueKernel, valueLaunch, type ValueKernel } from '../lib/elementwise.js';
import { rowValues } from '../lib/row-layout.js';
import { overRows } from '../lib/native-calls.js';

// The step is a uniform of the launch and no constant, so that all steps share a pipeline.
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

/** One invocation for each value of `[T,N,C]`. */
function launch(kernelOf: ValueKernel, { dims: { T, N, C }, attributes, accumulate }: PlanRequest): Launch {
  const values = rowValues(C);
  const { COLUMNS } = values;
  return {
    ...valueLaunch(kernelOf, values, T * N * COLUMNS, { T, N, COLUMNS }, accumulate),
    uniforms: { t: wholeNumber('choose_rows.t', attributes.t, 0) },
  };
}

export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => [launch(forward, request)],
  backward: (request) => [launch(backward, request)],
};

export const native: NativePlanners = {
  forward: ({ dims: { T, N, C }, attributes }) => [
    overRows('choose_rows', ['a', 'b', 'lengths', 'y', Number(attributes.t), N, C, false], T * N, C),
  ],
  /** da takes dy where the row continues, db where it has ended. */
  backward: ({ dims: { T, N, C }, attributes, has, accumulate }) =>
    [
      ['da', 'dy', 0],
      ['db', 0, 'dy'],
    ]
      .filter(([to]) => has(String(to)))
      .map(([to, on, off]) =>
        overRows(
          'choose_rows',
          [on, off, 'lengths', to, Number(attributes.t), N, C, accumulate.includes(String(to))],
          T * N,
          C,
        ),
      ),
};

export const cases: readonly OpCase[] = [
  { dims: { T: 1, N: 1, C: 1 }, fill: { lengths: { values: [1] } } },
  { dims: { T: 1, N: 5, C: 3 }, attributes: { t: 2 }, fill: { lengths: { values: [2, 3, 1, 9] } } },
  { dims: { T: 1, N: 6, C: 8 }, attributes: { t: 1 }, without: ['b'], fill: { lengths: { values: [1, 2] } } },
  // All steps in one launch, as before a product that must not see padding.
  { dims: { T: 4, N: 3, C: 5 }, without: ['b'], fill: { lengths: { values: [2, 4, 1] } } },
  { dims: { T: 3, N: 5, C: 4 }, attributes: { t: 1 }, fill: { lengths: { values: [1, 2, 4] } } },
  { dims: { T: 1, N: 32, C: 1024 }, attributes: { t: 7 }, fill: { lengths: { below: 15 } }, thorough: true },
];

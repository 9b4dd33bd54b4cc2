import backwardSource from '../../../shaders/layer_norm/backward.wgsl?raw';
import columnsSource from '../../../shaders/layer_norm/columns.wgsl?raw';
import forwardSource from '../../../shaders/layer_norm/forward.wgsl?raw';
import { lineGrid, type Kernel, type Launch } from '../../plan/kernel.js';
import type { Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { PlanRequest } from '../../plan/planner.js';
import { additions } from '../lib/elementwise.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import { rulesOf } from '../lib/rules.js';

const read = { access: 'read', type: 'f32' } as const;

const write = { access: 'read_write', type: 'f32' } as const;

const ROWS = {
  forward: {
    source: forwardSource,
    bindings: { x: read, weight: read, bias: read, y: write, statistics: write },
  },
  backward: {
    source: backwardSource,
    bindings: { x: read, weight: read, dy: read, statistics: read, dx: write },
  },
} as const;

function planRows({ dims, attributes, target, accumulate }: PlanRequest, phase: keyof typeof ROWS): Launch[] {
  const { source, bindings } = ROWS[phase];
  const kernel = { name: `layer_norm/${phase}`, sources: [source], bindings };
  const constants = { C: dims.C, EPS: Number(attributes.eps), ...additions(kernel, accumulate) };
  return [rowLanesLaunch(kernel, dims.R, target, constants)];
}

const columns: Kernel = {
  name: 'layer_norm/columns',
  sources: [columnsSource],
  bindings: { x: read, dy: read, statistics: read, dweight: write, dbias: write },
};

/** Each workgroup takes WIDTH neighbouring columns, and DEPTH invocations share each of them. */
function planColumns({ dims: { R, C }, target, accumulate }: PlanRequest): Launch[] {
  const [WIDTH, DEPTH] = rulesOf(target).sharesWork ? [8, 32] : [4, 1];
  const grid = lineGrid(C, WIDTH);
  return [
    {
      kernel: columns,
      constants: { R, C, WIDTH, DEPTH, GRID_X: grid[0], ...additions(columns, accumulate) },
      grid,
    },
  ];
}

export * as native from './native.js';
export * as reference from './reference.js';

export const plan: Planners = {
  forward: (request) => planRows(request, 'forward'),
  backward: (request) => [
    ...(request.has('dx') ? planRows(request, 'backward') : []),
    ...(request.has('dweight') || request.has('dbias') ? planColumns(request) : []),
  ],
};

export const cases: readonly OpCase[] = [
  { dims: { R: 3, C: 7 } },
  { dims: { R: 4, C: 2 }, without: ['bias'], attributes: { eps: 0.1 } },
  { dims: { R: 5, C: 12 }, without: ['weight', 'bias'] },
  // The mean is far from zero: a variance computed from the sum of squares would cancel.
  { dims: { R: 9, C: 131 }, fill: { x: { scale: 0.5, shift: 20 } } },
  { dims: { R: 67, C: 36 } },
  { dims: { R: 1120, C: 256 }, thorough: true },
];

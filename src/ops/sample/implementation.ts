import order from '../../../shaders/lib/order.wgsl?raw';
import random from '../../../shaders/lib/random.wgsl?raw';
import source from '../../../shaders/sample/forward.wgsl?raw';
import { lineGrid, type Kernel } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import type { Planner } from '../../plan/planner.js';
import { NO_FORCED_ID } from '../../core/generation-constants.js';
import { overRows } from '../lib/native-calls.js';

/** Invocations of the workgroup that samples one row. */
const LANES = 64;

const kernel: Kernel = {
  name: 'sample/forward',
  sources: [random, order, source],
  bindings: {
    logits: { access: 'read', type: 'f32' },
    control: { access: 'read', type: 'u32' },
    temperature: { access: 'read', type: 'f32' },
    id: { access: 'read_write', type: 'u32' },
    chosen: { access: 'read_write', type: 'u32' },
  },
};

const planForward: Planner = ({ dims: { R, V } }) => {
  const grid = lineGrid(R, 1);
  return [
    {
      kernel,
      constants: { R, V, LANES, CHUNK: Math.ceil(V / LANES), GRID_X: grid[0], NONE: NO_FORCED_ID },
      grid,
    },
  ];
};

export * as reference from './reference.js';

export const plan: Planners = { forward: planForward };

export const native: NativePlanners = {
  forward: ({ dims: { R, V } }) => [
    overRows('sample', ['logits', 'control', 'temperature', 'id', 'chosen', V], R, 40 * V),
  ],
};

export const cases: readonly OpCase[] = [
  {
    dims: { R: 1, V: 65 },
    fill: { control: { values: [NO_FORCED_ID, 7, 42, 0] }, temperature: { values: [0] } },
  },
  {
    dims: { R: 3, V: 65 },
    fill: {
      control: { values: [NO_FORCED_ID, 8, 43, 0] },
      temperature: { values: [0.8] },
      logits: { scale: 3 },
    },
  },
  {
    dims: { R: 5, V: 131 },
    fill: { control: { values: [NO_FORCED_ID, 9, 44, 5] }, temperature: { values: [1.3] } },
  },
  {
    dims: { R: 7, V: 1 },
    fill: { control: { values: [NO_FORCED_ID, 1, 1, 3] }, temperature: { values: [1] } },
  },
  { dims: { R: 2, V: 30 }, fill: { control: { values: [11, 1, 1, 0] }, temperature: { values: [1] } } },
  {
    dims: { R: 64, V: 1465 },
    fill: { control: { values: [NO_FORCED_ID, 3, 5, 40] }, temperature: { values: [0.5] } },
    thorough: true,
  },
];

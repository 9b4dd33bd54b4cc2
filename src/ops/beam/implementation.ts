import entries from '../../../shaders/lib/entries.wgsl?raw';
import order from '../../../shaders/lib/order.wgsl?raw';
import source from '../../../shaders/beam/forward.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import { wholeNumber } from '../../core/options.js';
import type { Kernel } from '../../plan/kernel.js';
import type { NativePlanners, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import { ENDED_SCORE, LEAST_SCORE, NO_FORCED_ID } from '../../core/generation-constants.js';
import { overRows } from '../lib/native-calls.js';

const kernel: Pick<Kernel, 'name' | 'sources' | 'bindings'> = {
  name: 'beam/forward',
  sources: [order, entries, source],
  bindings: {
    logits: { access: 'read', type: 'f32' },
    ids: { access: 'read', type: 'u32' },
    forced: { access: 'read', type: 'u32' },
    score: { access: 'read_write', type: 'f32' },
    id: { access: 'read_write', type: 'u32' },
    parent: { access: 'read_write', type: 'u32' },
    chosen: { access: 'read_write', type: 'u32' },
    total: { access: 'read_write', type: 'f32' },
  },
};

/** Some hypotheses are live, some have ended. */
const scores = { values: [-1.5, -0.25, ENDED_SCORE, -2, -0.5] };

export const cases: readonly OpCase[] = [
  { dims: { N: 1, B: 1, V: 1 }, fill: { score: { values: [0] }, forced: { values: [NO_FORCED_ID] } } },
  {
    dims: { N: 3, B: 4, V: 9 },
    attributes: { end: 2 },
    fill: { score: scores, forced: { values: [NO_FORCED_ID, NO_FORCED_ID, 5] }, ids: { below: 9 } },
  },
  // One row has no live hypothesis left, and another must take the end symbol.
  {
    dims: { N: 5, B: 3, V: 70 },
    attributes: { end: 1 },
    fill: {
      score: { values: [-1, -3, -2, ENDED_SCORE, ENDED_SCORE, ENDED_SCORE, -1, ENDED_SCORE, ENDED_SCORE] },
      forced: { values: [NO_FORCED_ID, NO_FORCED_ID, NO_FORCED_ID, NO_FORCED_ID, 1] },
      ids: { values: [7, 1, 69, 12, 3] },
    },
  },
  // Large logits: exp overflows unless the largest is subtracted first. At 110, single precision
  // resolves only 1e-5: hence the tolerance.
  {
    dims: { N: 2, B: 2, V: 300 },
    attributes: { end: 1 },
    fill: {
      logits: { scale: 5, shift: 110 },
      score: scores,
      forced: { values: [NO_FORCED_ID] },
      ids: { below: 300 },
    },
    tolerance: 5e-5,
  },
  {
    dims: { N: 32, B: 8, V: 8000 },
    attributes: { end: 3 },
    fill: { score: { scale: 1, shift: -4 }, forced: { values: [NO_FORCED_ID] }, ids: { below: 8000 } },
    thorough: true,
  },
];

export * as reference from './reference.js';

export const plan: Planners = {
  forward: ({ dims: { N, B, V }, attributes, target }) => {
    if (B > V)
      throw new ShapeError(
        `beam: B hypotheses must be at most V = ${V} symbols, got B = ${B}; use fewer beams.`,
      );
    const end = wholeNumber('beam.end', attributes.end, 0, 0xffffffff);
    const marks = { NONE: NO_FORCED_ID, ENDED: ENDED_SCORE, LEAST: LEAST_SCORE };
    return [rowLanesLaunch(kernel, N, target, { B, V, END: end, ...marks })];
  },
};

export const native: NativePlanners = {
  forward: ({ dims: { N, B, V }, attributes }) => [
    overRows(
      'beam',
      [
        ...['logits', 'ids', 'forced', 'score', 'id', 'parent', 'chosen', 'total'],
        ...[N, B, V, Number(attributes.end)],
      ],
      N,
      B * (16 * V + 8 * B * B),
    ),
  ],
};

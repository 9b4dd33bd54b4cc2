import entries from '../../../shaders/lib/entries.wgsl?raw';
import source from '../../../shaders/beam/forward.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import { wholeNumber } from '../../core/options.js';
import type { Kernel } from '../../plan/kernel.js';
import { defineOp, inout, input, output, type OpCase } from '../../plan/op.js';
import { rowLanesLaunch } from '../lib/row-lanes.js';
import { ENDED, NONE } from './reference.js';
import * as reference from './reference.js';

export { ENDED, LEAST } from './reference.js';

const kernel: Pick<Kernel, 'name' | 'sources' | 'bindings'> = {
  name: 'beam/forward',
  sources: [entries, source],
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

/** Some hypotheses live, some ended. */
const scores = { values: [-1.5, -0.25, ENDED, -2, -0.5] };

const cases: readonly OpCase[] = [
  { dims: { N: 1, B: 1, V: 1 }, fill: { score: { values: [0] }, forced: { values: [NONE] } } },
  {
    dims: { N: 3, B: 4, V: 9 },
    attributes: { end: 2 },
    fill: { score: scores, forced: { values: [NONE, NONE, 5] }, ids: { below: 9 } },
  },
  // A row none of whose hypotheses goes on, and a forced end symbol.
  {
    dims: { N: 5, B: 3, V: 70 },
    attributes: { end: 1 },
    fill: {
      score: { values: [-1, -3, -2, ENDED, ENDED, ENDED, -1, ENDED, ENDED] },
      forced: { values: [NONE, NONE, NONE, NONE, 1] },
      ids: { values: [7, 1, 69, 12, 3] },
    },
  },
  // Large logits: exp overflows unless the largest is subtracted. 110 is exact to 1e-5 only.
  {
    dims: { N: 2, B: 2, V: 300 },
    attributes: { end: 1 },
    fill: {
      logits: { scale: 5, shift: 110 },
      score: scores,
      forced: { values: [NONE] },
      ids: { below: 300 },
    },
    tolerance: 5e-5,
  },
  {
    dims: { N: 32, B: 8, V: 8000 },
    attributes: { end: 3 },
    fill: { score: { scale: 1, shift: -4 }, forced: { values: [NONE] }, ids: { below: 8000 } },
    thorough: true,
  },
];

export const beam = defineOp({
  name: 'beam',
  about:
    'One step of a beam search over N rows with B hypotheses each: of all continuations the B with the ' +
    'largest sums of log-probabilities, score + logits − log Σ exp(logits). Those that are the end symbol ' +
    'leave the search; the others go on. A forced id is the only continuation of its row, and adds nothing.',
  tensors: {
    logits: input(['N*B', 'V'], { differentiable: false }),
    ids: input(['N*B', 'B'], {
      dtype: 'u32',
      about: 'the B likeliest symbols that may be chosen; see top_k',
    }),
    forced: input(['N'], { dtype: 'u32', about: 'id that each row must go on with, or 2³²−1' }),
    score: inout(['N', 'B'], {
      about: 'sums of log-probabilities of the hypotheses; below −1e30 where there is none',
    }),
    id: inout(['N*B'], { dtype: 'u32', about: 'what the next step reads' }),
    parent: output(['N*B'], { dtype: 'u32', about: 'row of the states that each hypothesis goes on from' }),
    chosen: output(['2', 'N*B'], { dtype: 'u32', about: 'ids and parents, for the report' }),
    total: output(['N', 'B'], {
      differentiable: false,
      about: 'sums of log-probabilities, also of those that end; for the report',
    }),
  },
  attributes: {
    /** Id of the end symbol. Default: none ends. */
    end: 0xffffffff,
  },
  reference: { forward: reference.forward },
  plan: {
    forward: ({ dims: { N, B, V }, attributes, target }) => {
      if (B > V) throw new ShapeError(`beam: ${B} hypotheses of ${V} symbols were asked for.`);
      const end = wholeNumber('beam.end', attributes.end, 0, 0xffffffff);
      return [rowLanesLaunch(kernel, N, target, { B, V, END: end })];
    },
  },
  cases,
});

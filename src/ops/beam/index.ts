import { defineOp, inout, input, output } from '../../plan/op.js';

/**
 * Of all continuations of the B hypotheses of each of N rows it takes the B with the largest sums of
 * log-probabilities, score + logits − log Σ exp(logits). Hypotheses that take the end symbol leave the
 * search; the others continue. A forced id is the only continuation of its row, and adds nothing to the
 * sum.
 */
export const beam = defineOp({
  name: 'beam',
  about:
    'One step of a beam search: the B continuations of each row with the largest sums of log-probabilities.',
  tensors: {
    logits: input(['N*B', 'V'], { differentiable: false }),
    ids: input(['N*B', 'B'], {
      dtype: 'u32',
      about: 'the B likeliest symbols of each hypothesis; see top_k',
    }),
    forced: input(['N'], { dtype: 'u32', about: 'id that each row must take next, or 2³²−1 for none' }),
    score: inout(['N', 'B'], {
      about: 'sums of log-probabilities of live hypotheses; below −1e30 where there is none',
    }),
    id: inout(['N*B'], { dtype: 'u32', about: 'ids that the next step reads' }),
    parent: output(['N*B'], { dtype: 'u32', about: 'row of the states that each hypothesis continues' }),
    chosen: output(['2', 'N*B'], { dtype: 'u32', about: 'ids and parents, for the report' }),
    total: output(['N', 'B'], {
      differentiable: false,
      about: 'sums of log-probabilities, including hypotheses that end; for the report',
    }),
  },
  attributes: {
    /** Id of the end symbol. Default: 2³²−1, so no symbol ends a hypothesis. */
    end: 0xffffffff,
  },
  load: () => import('./implementation.js'),
});

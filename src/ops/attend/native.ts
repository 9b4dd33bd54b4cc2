import { elementOf, SCRATCH, type NativeArgument, type NativeCall } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/planner.js';
import { nativeBatchedProduct, nativeColumnSums, nativeProduct, zeroUnless } from '../lib/native-calls.js';

type Request = Parameters<NativePlanner>[0];

/** Additive attention over a window of T steps: its sizes, and the names of its tensors in the op. */
export interface NativeAttention {
  readonly T: number;
  /** Width of the values and of the context. */
  readonly C: number;
  /** G, the gates of the recurrent kernel that attends in its loop; 0 for `attend` alone. */
  readonly gates: number;
  readonly states: string;
  /** Lengths of the sources. */
  readonly lengths: string;
  /** Name of the tensor with each row's number of steps; 0 where no row has padding. */
  readonly steps: string | 0;
  /** Name of the tensor that contexts are added to; 0 for none. */
  readonly projected: string | 0;
  readonly context: string;
  readonly dcontext: string;
}

/**
 * The call that sets up attention for the call after it (kernels/recurrent/attention.ts). Both have
 * the same range and the same work, so that the same threads run them.
 */
export function attentionWindow(request: Request, attention: NativeAttention, backward: boolean): NativeCall {
  const { N, S, A, H } = request.dims;
  const { T, C, gates } = attention;
  return {
    kernel: 'attention_window',
    arguments: [
      ...[attention.lengths, attention.steps, 'keys', 'values', 'weight_query', 'weight_score'],
      ...[attention.states, attention.projected, attention.context, 'attention', 'trace'],
      ...[attention.dcontext, 'dattention', 'dkeys', 'row_scores'],
      ...[T, N, S, A, H, C, gates, backward, SCRATCH],
    ],
    split: { count: N, quantum: 1 },
    work: T * N * (2 * A * H + S * (20 * A + 2 * C) + 2 * gates * H * H),
    scratch: { of: 'attention_scratch', arguments: [gates, N, H, A] },
  };
}

/** Clears the tensors to which the backward steps add their gradients. */
export function beginGradients({ dims: { N, S, A }, has, accumulate }: Request): readonly NativeCall[] {
  return [
    ...zeroUnless(false, 'row_scores', N * A),
    ...(has('dkeys') ? zeroUnless(accumulate.includes('dkeys'), 'dkeys', S * N * A) : []),
  ];
}

/** Gradients of the weights and the values, each summed over all steps in one call. */
export function attentionGradients(request: Request, attention: NativeAttention): readonly NativeCall[] {
  const { dims, has, accumulate } = request;
  const { N, S, A, H } = dims;
  const { T, C, states, dcontext } = attention;
  const adds = (name: string): boolean => accumulate.includes(name);
  const weights: NativeArgument = elementOf('trace', T * N * (2 * A + S));
  return [
    ...(has('dweight_query')
      ? [
          nativeProduct({
            a: { of: 'trace', width: A, transposed: true }, // starts with the gradients of the queries
            b: { of: states, width: H },
            c: 'dweight_query',
            ...{ M: A, P: H, K: T * N, accumulate: adds('dweight_query') },
          }),
        ]
      : []),
    ...(has('dweight_score')
      ? [nativeColumnSums('row_scores', A, 'dweight_score', A, N, adds('dweight_score'))]
      : []),
    ...(has('dvalues') && has(dcontext)
      ? [
          nativeBatchedProduct({
            a: { of: weights, transposed: true },
            b: { of: dcontext },
            c: 'dvalues',
            ...{ B: 1, N, M: S, P: C, K: T, accumulate: adds('dvalues') },
          }),
        ]
      : []),
    ...(has('dvalues') && !has(dcontext) ? zeroUnless(adds('dvalues'), 'dvalues', S * N * C) : []),
  ];
}

const attentionOf = ({ dims: { C } }: Request): NativeAttention => ({
  ...{ T: 1, C, gates: 0, states: 'state', lengths: 'lengths', steps: 0, projected: 0 },
  ...{ context: 'context', dcontext: 'dcontext' },
});

export const forward: NativePlanner = (request) => {
  const window = attentionWindow(request, attentionOf(request), false);
  return [window, { ...window, kernel: 'attend_step', arguments: [false, 'state', 0] }];
};

export const backward: NativePlanner = (request) => {
  const { dims, has } = request;
  const attention = attentionOf(request);
  const window = attentionWindow(request, attention, true);
  return [
    ...beginGradients(request),
    ...(has('dstate') ? zeroUnless(false, 'dstate', dims.N * dims.H) : []),
    window,
    { ...window, kernel: 'attend_step', arguments: [true, 'state', 'dstate'] },
    ...attentionGradients(request, attention),
  ];
};

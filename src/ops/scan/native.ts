import { SCRATCH, type NativeArgument, type NativeCall } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/op.js';
import { maskArguments } from '../lib/native-calls.js';
import { flow, learnedGradient } from '../recurrent/native.js';

type Request = Parameters<NativePlanner>[0];

/** A call for a whole window that threads split by elements of [N,H]. */
function overStates(
  kernel: string,
  blocks: number,
  tensors: readonly NativeArgument[],
  { dims: { T, N, H }, attributes }: Request,
): NativeCall {
  return {
    kernel,
    arguments: [
      ...[blocks, ...tensors, T, N, H, attributes.reverse === true],
      ...maskArguments(Number(attributes.dropout), Number(attributes.site), false),
      SCRATCH,
    ],
    split: { count: N * H, quantum: 64 },
    work: T * N * H * 16,
    scratch: { of: 'scan_scratch', arguments: [H] },
    workspace: (N * H + 64) * 4,
  };
}

/** @param blocks number of gates: 2 for minGRU, 3 for minLSTM */
export const scanForward =
  (blocks: number): NativePlanner =>
  (request) => [
    overStates(
      'scan_forward',
      blocks,
      ['projected', 'h0', 'h0_learned', 'keep', 'lengths', 'key', 'y', 'hn', 'h', 'gates'],
      request,
    ),
  ];

export const scanBackward =
  (blocks: number): NativePlanner =>
  (request) => [
    overStates(
      'scan_backward',
      blocks,
      ['keep', 'lengths', 'key', 'h', 'gates', 'dy', 'dhn', 'dh', 'dprojected', 'dh0', flow],
      request,
    ),
    ...learnedGradient(request, 'dh0_learned', flow),
  ];

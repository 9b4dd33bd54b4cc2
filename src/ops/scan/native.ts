import { SCRATCH, type NativeArgument, type NativeCall } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/planner.js';
import { maskArguments } from '../lib/native-calls.js';
import { flow, learnedGradient } from '../recurrent/native.js';

type Request = Parameters<NativePlanner>[0];

/** A call for a whole window that threads split by elements of [N,H]. */
function overStates(
  kernel: string,
  [cell, blocks]: readonly [number, number],
  tensors: readonly NativeArgument[],
  { dims: { T, N, H }, attributes }: Request,
): NativeCall {
  return {
    kernel,
    arguments: [
      ...[cell, blocks, ...tensors, T, N, H, attributes.reverse === true],
      ...maskArguments(Number(attributes.dropout), Number(attributes.site), false),
      SCRATCH,
    ],
    split: { count: N * H, quantum: 64 },
    work: T * N * H * 16,
    scratch: { of: 'scan_scratch', arguments: [H] },
    workspace: (N * H + 64) * 4,
  };
}

/** The numbers of the cells in kernels/recurrent/scan-cells.ts. */
export const SCAN_CELLS = { mingru: 0, minlstm: 1 } as const;

/**
 * @param cell its number in SCAN_CELLS
 * @param blocks number of gates
 */
export const scanForward =
  (cell: number, blocks: number): NativePlanner =>
  (request) => [
    overStates(
      'scan_forward',
      [cell, blocks],
      ['projected', 'h0', 'h0_learned', 'keep', 'lengths', 'key', 'y', 'hn', 'h', 'gates'],
      request,
    ),
  ];

export const scanBackward =
  (cell: number, blocks: number): NativePlanner =>
  (request) => [
    overStates(
      'scan_backward',
      [cell, blocks],
      ['keep', 'lengths', 'key', 'h', 'gates', 'dy', 'dhn', 'dh', 'dprojected', 'dh0', flow],
      request,
    ),
    ...learnedGradient(request, 'dh0_learned', flow),
  ];

import type { NativePlanner } from '../../plan/planner.js';
import { overRows } from '../lib/native-calls.js';

/** The numbers that kernels/losses.ts gives to the kinds of losses. */
const KINDS = { SQUARED: 0, ABSOLUTE: 1, HUBER: 2, CROSS_ENTROPY: 3 } as const;

/** A planner of one kind of loss. */
export const forwardOf =
  (kind: keyof typeof KINDS): NativePlanner =>
  ({ dims: { T, N, C }, attributes }) => [
    overRows(
      'row_losses',
      [
        ...[KINDS[kind], 'predictions', 'targets', 'lengths', 'ids', 'count', 'loss', N, C],
        ...[Number(attributes.scale), attributes.gradient === true, Number(attributes.symbols)],
        Number(attributes.delta ?? 1),
      ],
      T * N,
      (kind === 'CROSS_ENTROPY' ? 40 : 8) * C,
    ),
  ];

import type { ClipOptions } from '../train/update.js';
import { adagrad, sgd, type OptimizerSpec } from '../train/optimizers.js';

/** One whole training step of a character model, as it is timed. */
export interface Workload {
  readonly name: string;
  readonly V: number;
  readonly H: number;
  readonly L: number;
  readonly N: number;
  readonly T: number;
  readonly loss: 'mean' | 'sum';
  readonly optimizer: OptimizerSpec;
  readonly clip: ClipOptions;
}

/** The benchmark grid: a small model that is bound by launches, and a large vocabulary that is bound by arithmetic. */
export const WORKLOADS: readonly Workload[] = [
  { name: 'rnn V65 H100 N1 T25', V: 65, H: 100, L: 1, N: 1, T: 25, loss: 'sum', optimizer: adagrad({ rate: 0.1, epsilonInside: true }), clip: { value: 5 } },
  { name: 'rnn V1465 H256 N32 T35', V: 1465, H: 256, L: 1, N: 32, T: 35, loss: 'mean', optimizer: sgd({ rate: 1 }), clip: { norm: 5 } },
];

/** Multiply-adds of one training step, counted as two operations each: products forward and backward, nothing else. */
export function operationsOf({ V, H, L, N, T }: Workload): number {
  const recurrent = L * H * H;
  const between = (L - 1) * H * H;
  return 2 * 3 * N * T * (recurrent + between + H * V);
}

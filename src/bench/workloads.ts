import { FACTS, type CellKind } from '../cells/facts.js';
import { adagrad, adam, sgd, type OptimizerSpec } from '../train/optimizers.js';
import type { ClipOptions } from '../train/update.js';

/** One training step of a character model, to be timed. */
export interface Workload {
  readonly name: string;
  readonly cell: Extract<CellKind, 'rnn' | 'lstm' | 'gru'>;
  readonly V: number;
  readonly H: number;
  readonly L: number;
  readonly N: number;
  readonly T: number;
  readonly loss: 'mean' | 'sum';
  readonly optimizer: OptimizerSpec;
  readonly clip: ClipOptions;
}

/** `lstm V65 H128 L2 N50 T50`. L is omitted for one layer. */
function named(workload: Omit<Workload, 'name'>): Workload {
  const { cell, V, H, L, N, T } = workload;
  return { name: `${cell} V${V} H${H}${L > 1 ? ` L${L}` : ''} N${N} T${T}`, ...workload };
}

const byAdam = { loss: 'mean', optimizer: adam({ rate: 0.002 }), clip: {} } as const;

/** The grid: from a small model, limited by launches, to large ones, limited by arithmetic. */
export const WORKLOADS: readonly Workload[] = [
  named({
    cell: 'rnn',
    V: 65,
    H: 100,
    L: 1,
    N: 1,
    T: 25,
    loss: 'sum',
    optimizer: adagrad({ rate: 0.1, epsilonInside: true }),
    clip: { value: 5 },
  }),
  named({
    cell: 'rnn',
    V: 1465,
    H: 256,
    L: 1,
    N: 32,
    T: 35,
    loss: 'mean',
    optimizer: sgd({ rate: 1 }),
    clip: { norm: 5 },
  }),
  named({ cell: 'lstm', V: 65, H: 128, L: 2, N: 50, T: 50, ...byAdam }),
  named({ cell: 'lstm', V: 65, H: 512, L: 2, N: 32, T: 64, ...byAdam }),
  named({ cell: 'gru', V: 65, H: 256, L: 1, N: 32, T: 64, ...byAdam }),
];

/** The point that both curves share. */
const CROSSING = { H: 128, T: 32 };

function curvePoint(sizes: { readonly H: number; readonly T: number }): Workload {
  return named({ cell: 'lstm', V: 65, L: 1, N: 16, ...sizes, ...byAdam });
}

/** One LSTM layer, from launches to arithmetic: over H at T = 32, and over T at H = 128. */
export const CURVES: Readonly<Record<'H' | 'T', readonly Workload[]>> = {
  H: [64, 128, 256, 512, 1024].map((H) => curvePoint({ ...CROSSING, H })),
  T: [8, 16, 32, 64, 128, 256].map((T) => curvePoint({ ...CROSSING, T })),
};

/** All points of the curves, each once. */
export const CURVE_POINTS: readonly Workload[] = [
  ...CURVES.H,
  ...CURVES.T.filter(({ T }) => T !== CROSSING.T),
];

/** Models that write text character by character, with a batch of 1. */
export const WRITERS: readonly Workload[] = [
  named({ cell: 'rnn', V: 65, H: 100, L: 1, N: 1, T: 1, ...byAdam }),
  named({ cell: 'lstm', V: 65, H: 128, L: 2, N: 1, T: 1, ...byAdam }),
  named({ cell: 'lstm', V: 65, H: 512, L: 2, N: 1, T: 1, ...byAdam }),
  named({ cell: 'gru', V: 65, H: 256, L: 1, N: 1, T: 1, ...byAdam }),
];

/**
 * Operations of one forward pass. Only products count, and a multiply-add counts as two. The first
 * layer reads ids, which needs no product.
 */
export function forwardOperationsOf({ cell, V, H, L, N, T }: Workload): number {
  const G = FACTS[cell].gates.length;
  const recurrent = G * L * H * H;
  const between = G * (L - 1) * H * H;
  return 2 * N * T * (recurrent + between + H * V);
}

/** Operations of one training step: each product forward has two in backward. */
export function operationsOf(workload: Workload): number {
  return 3 * forwardOperationsOf(workload);
}

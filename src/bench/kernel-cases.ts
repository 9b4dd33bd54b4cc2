import { FACTS } from '../cells/facts.js';
import { elementCount, evaluateShape, type Dims } from '../core/notation.js';
import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { opNamed } from '../ops/index.js';
import type { OpCase } from '../plan/op-case.js';

/** One call of one op, to be timed alone. */
export interface KernelCase {
  readonly op: string;
  readonly phase: 'forward' | 'backward';
  readonly size: OpCase;
  /** A smaller size for verification, where the reference would take too long. */
  readonly verifiedSize?: OpCase;
  /** Set where this call measures a limit of the device. */
  readonly ceiling?: 'arithmetic' | 'bandwidth';
  /** A multiply-add counts as two. 0 for ops that compute little. */
  readonly operations: number;
  /** Fewest bytes to move: every tensor of the call once, and recurrent weights in every time step. */
  readonly bytes: number;
}

/** Sizes of the recurrent cases. */
const T = 16;
const N = 32;
const H = 256;

/**
 * The limits of the device first, then the kernels that take most of the training time.
 * @param hardware a GPU needs larger sizes than a software adapter to be busy
 */
export function kernelCases(hardware: boolean): readonly KernelCase[] {
  const elements = hardware ? 2 ** 22 : 2 ** 20;
  const [copied, looped, rounds] = hardware ? [2 ** 24, 2 ** 20, 4096] : [2 ** 22, 2 ** 14, 512];
  const ids = (V: number): OpCase['fill'] => ({ ids: { below: V }, targets: { below: V } });
  const window = {
    without: ['keep', 'lengths', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh'],
    fill: { weight_hh: { scale: 1 / 16 } },
  };
  return [
    {
      ...both('multiply_adds', { dims: { E: looped }, attributes: { rounds } }, 2 * 8 * rounds * looped)[0],
      verifiedSize: { dims: { E: 4096 }, attributes: { rounds } },
      ceiling: 'arithmetic',
    },
    {
      ...both('affine', { dims: { E: copied }, attributes: { scale: 1 } }, 0)[0],
      verifiedSize: { dims: { E: 2 ** 16 }, attributes: { scale: 1 } },
      ceiling: 'bandwidth',
    },
    ...both('linear', { dims: { R: T * N, P: 4 * H, K: H } }, 2 * T * N * 4 * H * H),
    ...both('linear', { dims: { R: T * N, P: 65, K: H } }, 2 * T * N * 65 * H),
    ...(['rnn', 'lstm', 'gru'] as const).flatMap((cell) =>
      both(cell, { dims: { T, N, H }, ...window }, 2 * T * N * FACTS[cell].gates.length * H * H),
    ),
    ...both('gather', { dims: { R: T * N, V: 65, C: 4 * H }, fill: ids(65) ?? {} }, 0),
    both('softmax_cross_entropy', { dims: { R: T * N, V: 1465 }, fill: ids(1465) ?? {} }, 0)[0],
    both('multiply', { dims: { E: elements } }, 0)[0],
    both('adam', { dims: { E: elements }, fill: ADAM_FILL }, 0)[0],
  ];
}

/** Plausible numbers of a step of Adam: no clipping, mean squares above 0. */
const ADAM_FILL = {
  report: { values: [12.5, 3, 1, 1] },
  hyper: { values: [0.002, 0.1, 0.001, 0] },
  mean: { scale: 0.3 },
  square: { values: [0.3, 0.02, 1.2, 0.05] },
} as const;

/** Forward and backward of one size. The backward of a product is two products of the same size. */
function both(op: string, size: OpCase, forwardOperations: number): readonly KernelCase[] {
  return (['forward', 'backward'] as const).map((phase) => ({
    op,
    phase,
    size,
    operations: forwardOperations * (phase === 'forward' ? 1 : 2),
    bytes: bytesOf(op, phase, size),
  }));
}

function bytesOf(name: string, phase: KernelCase['phase'], { dims, without = [] }: OpCase): number {
  const backward = phase === 'backward';
  let elements = 0;
  for (const [key, { role, shape, differentiable }] of Object.entries(opNamed(name).tensors)) {
    if (role === 'scratch' || without.includes(key)) continue;
    const each = elementCount(evaluateShape(shape, dims));
    const times = key === 'weight_hh' ? dims.T : role === 'inout' ? 2 : 1;
    if (!backward || role !== 'output') elements += each * times;
    if (backward && differentiable) elements += each;
  }
  return elements * BYTES_PER_ELEMENT;
}

/** `T=16 N=32 H=256` */
export function sizeName(dims: Dims): string {
  return Object.entries(dims)
    .map(([letter, value]) => `${letter}=${value}`)
    .join(' ');
}

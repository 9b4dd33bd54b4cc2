import type { Fill, OpCase } from '../../plan/op-case.js';
import type { Attributes } from '../../plan/planner.js';

/** Tensors that cases have only if they list them. */
const OPTIONAL = ['keep', 'lengths', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh'];

/** Sizes of a case, its optional tensors, and its attributes. Cases with a `key` have dropout. */
interface Shape {
  readonly T: number;
  readonly N: number;
  readonly H: number;
  readonly has?: readonly string[];
  readonly without?: readonly string[];
  readonly attributes?: Attributes;
  readonly tolerance?: number;
  readonly thorough?: boolean;
  readonly minor?: boolean;
}

/** All optional tensors at once. */
const ALL = ['keep', 'lengths', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh'];
const masks = { dropout: 0.25, recurrentDropout: 0.4 };

const SHAPES: readonly Shape[] = [
  { T: 1, N: 1, H: 1, minor: true },
  { T: 1, N: 1, H: 1, has: ALL, attributes: { ...masks, reverse: true, site: 3 } },
  { T: 5, N: 3, H: 7, has: ['keep'] },
  { T: 5, N: 3, H: 7, has: ['keep'], attributes: { variant: 'simple' }, minor: true },
  { T: 4, N: 2, H: 12, without: ['bias_hh'], minor: true },
  { T: 6, N: 4, H: 5, has: ALL, attributes: { ...masks, site: 1 } },
  { T: 6, N: 4, H: 5, has: ALL, attributes: { ...masks, reverse: true, site: 2 } },
  { T: 6, N: 4, H: 5, has: ALL, attributes: { ...masks, reverse: true, variant: 'simple' }, minor: true },
  { T: 4, N: 6, H: 8, has: ['lengths', 'dh'], attributes: { reverse: true } },
  { T: 5, N: 5, H: 8, has: ['lengths', 'keep', 'key'], attributes: { dropout: 0.5 }, minor: true },
  { T: 5, N: 3, H: 8, has: ['key', 'masked'], attributes: { recurrentDropout: 0.5 }, minor: true },
  { T: 4, N: 3, H: 9, has: ['h0_learned', 'c0_learned', 'keep'], attributes: { reverse: true }, minor: true },
  { T: 3, N: 9, H: 20, minor: true },
  { T: 3, N: 37, H: 33, has: ['lengths'], minor: true },
  { T: 3, N: 40, H: 64, has: ['lengths', 'key', 'masked', 'keep'], attributes: masks },
  { T: 3, N: 1, H: 161, minor: true },
  { T: 25, N: 1, H: 100 },
  // Sums of 256 products and 35 steps of a contraction that is not one: errors grow along the
  // window.
  { T: 35, N: 32, H: 256, has: ['keep'], tolerance: 3e-5, thorough: true },
  { T: 500, N: 2, H: 33, tolerance: 3e-5, thorough: true },
  { T: 3, N: 5, H: 1024, tolerance: 3e-5, thorough: true },
];

/**
 * Returns the cases of a recurrent op: sizes of one, odd sizes, all options, long windows, wide layers.
 * @param attributes attributes of the op. Small sizes are checked with each of them, others with one
 * @param never tensors that the op does not have
 */
export function recurrentCases(attributes: readonly Attributes[], never: readonly string[] = []): OpCase[] {
  return SHAPES.flatMap((shape, i) => {
    const { T, N, H, has = [], without = [] } = shape;
    const chosen = i < 12 ? attributes : [attributes[i % attributes.length]];
    return chosen.map((own): OpCase => ({
      dims: { T, N, H },
      attributes: {
        ...own,
        ...(never.includes('masked') ? withoutRecurrentDropout(shape.attributes) : shape.attributes),
      },
      without: [...OPTIONAL.filter((name) => !has.includes(name)), ...without].filter(
        (name) => !never.includes(name),
      ),
      fill: fills(T, N, H),
      ...(shape.tolerance === undefined ? {} : { tolerance: shape.tolerance }),
      ...(shape.thorough === undefined ? {} : { thorough: shape.thorough }),
      ...(shape.minor === undefined ? {} : { minor: shape.minor }),
    }));
  });
}

/** Removes recurrent dropout, for ops without a recurrent product. */
function withoutRecurrentDropout(attributes: Attributes = {}): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'recurrentDropout'));
}

/**
 * Returns recurrent weights that are small enough not to saturate states, carried and reset rows, and
 * rows of all lengths from 1 to T.
 */
function fills(T: number, N: number, H: number): Readonly<Record<string, Fill>> {
  return {
    weight_hh: { scale: Math.min(0.4, 1 / Math.sqrt(H)) },
    keep: { values: [1, 0, 1] },
    lengths: { values: Array.from({ length: N }, (_, n) => 1 + ((3 * n + T - 1) % T)) },
    key: { values: [7, 3] },
  };
}

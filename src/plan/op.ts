import type { DType, NumberArray } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import type { OperandReader } from '../core/half.js';
import type { DimExpression, Dims } from '../core/notation.js';
import type { OpChains } from './chaining.js';
import type { OpCase } from './op-case.js';
import type { Attributes, NativePlanner, Planner } from './planner.js';

/**
 * How an op uses a tensor:
 * - `input`, `weight`: read; both may have gradients
 * - `output`: written by forward; backward reads its gradient
 * - `saved`: written by forward, read by backward
 * - `inout`: read and overwritten in place
 * - `scratch`: working memory, whose content before and after the call is undefined
 */
export type TensorRole = 'input' | 'weight' | 'output' | 'saved' | 'inout' | 'scratch';

/** One row of an op's tensor table. */
export interface TensorContract {
  readonly role: TensorRole;
  readonly shape: readonly DimExpression[];
  readonly dtype: DType;
  /** Whether a call may leave it out. */
  readonly optional: boolean;
  /** False for ids, masks and hyperparameters: no gradient flows into it. */
  readonly differentiable: boolean;
  /** Description of its content. */
  readonly about?: string;
}

type Extra = Partial<Pick<TensorContract, 'dtype' | 'optional' | 'differentiable' | 'about'>>;

function contract(role: TensorRole, shape: readonly DimExpression[], extra: Extra): TensorContract {
  const dtype = extra.dtype ?? 'f32';
  const differentiable =
    extra.differentiable ?? (dtype === 'f32' && (role === 'input' || role === 'weight' || role === 'output'));
  return {
    role,
    shape,
    dtype,
    optional: extra.optional ?? false,
    differentiable,
    ...(extra.about === undefined ? {} : { about: extra.about }),
  };
}

/** Rows of a tensor table: `x: input(['T','N','C'])`. */
export const input = (shape: readonly DimExpression[], extra: Extra = {}): TensorContract =>
  contract('input', shape, extra);
export const weight = (shape: readonly DimExpression[], extra: Extra = {}): TensorContract =>
  contract('weight', shape, extra);
export const output = (shape: readonly DimExpression[], extra: Extra = {}): TensorContract =>
  contract('output', shape, extra);
export const saved = (shape: readonly DimExpression[], extra: Extra = {}): TensorContract =>
  contract('saved', shape, extra);
export const inout = (shape: readonly DimExpression[], extra: Extra = {}): TensorContract =>
  contract('inout', shape, extra);
export const scratch = (shape: readonly DimExpression[], extra: Extra = {}): TensorContract =>
  contract('scratch', shape, extra);

/**
 * The arrays of a call by contract name. The gradient of `X` is `dX`. A tensor that the call does
 * not have is undefined.
 */
export type Arrays = Readonly<Record<string, NumberArray>>;

/**
 * A reference: plain loops over whole arrays, with arithmetic in double precision. It overwrites
 * its results and does not add to them.
 * @param operands how products read their operands, for ops that compute some of them by themselves:
 *   see `Halves`. Default: as they are
 */
export type Reference = (
  tensors: Arrays,
  dims: Dims,
  attributes: Attributes,
  operands?: OperandReader,
) => void;

/**
 * An operation: its contract, which is enough to build graphs, and a function that loads its
 * implementation. A page loads the implementations of the ops in its graphs alone.
 */
export interface Op {
  readonly name: string;
  /** Description in one sentence, with the formula. */
  readonly about: string;
  readonly tensors: Readonly<Record<string, TensorContract>>;
  /** Attributes with their defaults. A call with other attributes is refused. */
  readonly attributes: Attributes;
  /** Gradients that its kernels can add to their tensors, such as `dweight`. Default: none. */
  readonly accumulates?: readonly string[];
  /**
   * For losses: tensors whose gradients forward computes, and the tensors that hold them
   * afterwards. `{ logits: 'logits' }` means that forward overwrites the logits with their
   * gradient. No gradient arrives at the output of such an op. A call with the attribute `gradient:
   * false` computes none.
   */
  readonly gradientInPlace?: Readonly<Record<string, string>>;
  /** Whether its implementation has a backward phase. Default false. */
  readonly backward?: boolean;
  /** Loads its implementation. */
  readonly load: () => Promise<OpImplementation>;
}

/** The references of an op's phases. */
export interface References {
  readonly forward: Reference;
  readonly backward?: Reference;
}

/** The planners of an op's phases. */
export interface Planners {
  readonly forward: Planner;
  readonly backward?: Planner;
}

/** The planners of an op's phases for SIMD kernels. Default for each phase: the reference runs. */
export interface NativePlanners {
  readonly forward?: NativePlanner;
  readonly backward?: NativePlanner;
}

/**
 * How the products of an op round their operands in a graph of half precision. `inside`: it computes
 * operands by itself, such as the states of a window, and its references round them.
 */
export type Halves = RoundedTensors | 'inside';

/** Which tensors are operands of products. References read them rounded. */
export interface RoundedTensors {
  /** Operands of products by contract name, gradients among them. */
  readonly operands: readonly string[];
  /** Results that are computed of operands before rounding, such as `dbias`. Default: none. */
  readonly exact?: readonly string[];
}

/** How an op is computed on every device, and the sizes at which that is checked. */
export interface OpImplementation {
  readonly reference: References;
  readonly plan: Planners;
  /** Default: the op is computed in single precision in every graph. */
  readonly halves?: Halves;
  /** Calls of SIMD kernels for the backend `cpu`. Default: the reference runs. */
  readonly native?: NativePlanners;
  /**
   * Loads how calls that read each other's results are planned together. Only plans for a GPU need
   * it.
   */
  readonly chains?: () => Promise<OpChains>;
  readonly cases: readonly OpCase[];
}

/** An op with its implementation. */
export type LoadedOp = Op & OpImplementation;

/** Returns the op unchanged; it gives the literal its type. */
export function defineOp(op: Op): Op {
  return op;
}

const loaded = new WeakMap<Op, Promise<LoadedOp>>();

/** Loads the implementation of an op, once. @returns the op with its implementation */
export function loadOp(op: Op): Promise<LoadedOp> {
  checkOp(op);
  const before = loaded.get(op);
  if (before) return before;
  const loading = op.load().then(({ reference, plan, native, chains, cases, halves }) => ({
    ...op,
    ...{ reference, plan, cases },
    ...(halves ? { halves } : {}),
    ...(native ? { native } : {}),
    ...(chains ? { chains } : {}),
  }));
  loaded.set(op, loading);
  // After a failure, such as a lost connection, the next call tries again.
  loading.catch(() => loaded.delete(op));
  return loading;
}

/** Checks that a value is an op. @throws OptionError, such as for `ops.name` that does not exist */
export function checkOp(op: unknown): asserts op is Op {
  const { name, tensors, attributes } = (typeof op === 'object' && op !== null ? op : {}) as Partial<Op>;
  if (typeof name !== 'string' || !tensors || !attributes)
    throw new OptionError('op', op, 'an op of the record `ops`, such as ops.linear');
}

/** The list of ops, by name. */
export type OpRegistry = Readonly<Record<string, Op>>;

/** Ops with their implementations, by name. */
export type LoadedOps = Readonly<Record<string, LoadedOp>>;

/** Loads the implementations of all ops of a registry. */
export async function loadOps<R extends OpRegistry>(
  registry: R,
): Promise<{ readonly [K in keyof R]: LoadedOp }> {
  const loaded = await Promise.all(
    Object.entries(registry).map(async ([name, op]) => [name, await loadOp(op)] as const),
  );
  return Object.fromEntries(loaded) as { readonly [K in keyof R]: LoadedOp };
}

/** Loads the ops that the calls name. Names that the registry does not have are left out. */
export function loadOpsOf(
  calls: Iterable<{ readonly op: string }>,
  registry: OpRegistry,
): Promise<LoadedOps> {
  const wanted = new Set(Array.from(calls, ({ op }) => op));
  return loadOps(Object.fromEntries(Object.entries(registry).filter(([name]) => wanted.has(name))));
}

import type { DType, NumberArray } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import type { OperandReader } from '../core/half.js';
import type { DimExpression, Dims } from '../core/notation.js';
import type { Launch, VariantChoice } from './kernel.js';
import type { NativeCall } from './native.js';

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

/** Settings of a call besides tensors, as plain data: `{ nonlinearity: 'relu' }`. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

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
 * Kinds of adapters. Each has rules of its own for choosing kernels: `RULES` in
 * src/ops/lib/rules.ts.
 */
export const ADAPTER_KINDS = ['software', 'integrated', 'discrete', 'apple'] as const;
export type AdapterKind = (typeof ADAPTER_KINDS)[number];

/** Chosen variants: `VariantChoice.of` → the name of a variant. */
export type Variants = Readonly<Record<string, string>>;

/**
 * Precision of the operands of matrix products. Tensors and sums are in single precision always.
 * - `single`: operands too
 * - `mixed`: operands are rounded to half precision. The device must have the feature `shader-f16`
 * - `emulated`: the same numbers as `mixed` without that feature. It is slower than `single`, and is
 *   for checks
 */
export const PRODUCT_PRECISIONS = ['single', 'mixed', 'emulated'] as const;
export type ProductPrecision = (typeof PRODUCT_PRECISIONS)[number];
export type HalfPrecision = Exclude<ProductPrecision, 'single'>;

/** WGSL with which kernels of products round their operands to half precision, as plain data. */
export interface HalfOperands {
  /** Name in the forms of kernels and in the names of choices. */
  readonly name: HalfPrecision;
  /** Defines what shaders/lib/half.wgsl defines. */
  readonly source: string;
  readonly enables: readonly string[];
  /** Bytes of an operand in workgroup memory. */
  readonly bytes: number;
}

/**
 * Properties of a device that planners use. It is plain data, so that tests of plans need no
 * device.
 */
export interface PlanTarget {
  /**
   * Number of invocations that keep the device busy: thousands on a GPU, a few on a software
   * adapter. Sizes of tiles and splits depend on it.
   */
  readonly parallelism: number;
  /**
   * Whether to use kernels that exchange values between four neighbouring invocations. They are
   * faster on software adapters with the feature `subgroups`, since loads are slow there. Default
   * false.
   */
  readonly quads?: boolean;
  /**
   * Whether the device has the feature `subgroups`. If so, kernels that add up or exchange values in
   * subgroups of any size are offered. Default: false.
   */
  readonly subgroups?: boolean;
  /**
   * Largest memory of a workgroup in bytes. If it is undefined, no kernel keeps the states of a
   * window in workgroup memory.
   */
  readonly workgroupMemory?: number;
  /**
   * Largest tensor in bytes that the device allows. Tensors are not joined to a larger one. Default:
   * no limit.
   */
  readonly maxTensorBytes?: number;
  /** Default: `software` where `parallelism` is below 1024, else `discrete`. */
  readonly kind?: AdapterKind;
  /** Measured variants. A planner that offers one of them uses it instead of its own rule. */
  readonly variants?: Variants;
  /** Whether the device has the feature `shader-f16`. Default: false. */
  readonly shaderF16?: boolean;
  /** Only ops with `halves` get it. Default: operands of products are in single precision. */
  readonly half?: HalfOperands;
}

/** Input of an op's planner. */
export interface PlanRequest {
  readonly dims: Dims;
  readonly attributes: Attributes;
  readonly target: PlanTarget;
  /** Whether the call has this tensor: an optional one, or a gradient `dX` that is wanted. */
  readonly has: (tensor: string) => boolean;
  /**
   * Gradients that must be added to their tensors instead of overwriting them. All are in the op's
   * `accumulates`.
   */
  readonly accumulate: readonly string[];
}

/** Returns the launches of one call, in order, with tensors by contract name. A pure function. */
export type Planner = (request: PlanRequest) => readonly Launch[];

/**
 * How calls of one op that follow each other are planned together, where another op, the link, is
 * between every two of them. Forward, these are the layers of a stack with the projections between
 * them; backward, the same layers from the highest to the lowest.
 */
export interface Chaining {
  /** The tensor of the op that the link after it reads, and the one that the link before it writes. */
  readonly gives: string;
  readonly takes: string;
  /** The link, the tensor that it reads, and the tensor that it writes. */
  readonly link: { readonly op: string; readonly reads: string; readonly writes: string };
  /**
   * Plans a chain. Its launches replace those of all calls, links included.
   * @returns undefined if the calls can only run one after the other
   */
  readonly plan: (chain: ChainRequest) => ChainPlan | undefined;
}

/** How calls of an op are planned together, by phase. */
export type OpChains = Partial<Record<'forward' | 'backward', Chaining>>;

/** The calls of a chain, in order. */
export interface ChainRequest {
  /** Calls of the op. */
  readonly members: readonly ChainCall[];
  /** Calls of the link: `links[i]` is between `members[i]` and `members[i + 1]`. */
  readonly links: readonly ChainCall[];
}

/** One call of a chain. */
export interface ChainCall {
  readonly request: PlanRequest;
  /** Returns where a tensor of the call is; undefined if the call does not have it. */
  readonly place: (tensor: string) => ChainPlace | undefined;
  /** Plans the call by itself, as if it did not have a tensor. */
  readonly planWithout: (tensor: string) => readonly Launch[];
}

/** Where the elements of a tensor are. */
export interface ChainPlace {
  /** Name of the tensor that owns the elements, which may be the tensor itself. */
  readonly root: string;
  /** Index of the first element in `root`. */
  readonly offset: number;
  /** Whether the tensor is a whole intermediate, so that it can become a part of another tensor. */
  readonly joinable: boolean;
}

/** The plan of a chain. */
export interface ChainPlan {
  /** The choice between one call after the other and all calls together. */
  readonly choice: VariantChoice;
  /** The plan for all calls together. Undefined if the choice is one call after the other. */
  readonly together?: {
    readonly launches: readonly ChainLaunch[];
    /**
     * Intermediates that become parts of one new tensor, in this order. The key is the new tensor's
     * name in launches of the chain. Each part begins at a multiple of its length, which is rounded
     * up by `alignElements`.
     */
    readonly joined: Readonly<Record<string, readonly ChainTensor[]>>;
    /**
     * Other tensors that launches of the chain bind, by the name that they use. `whole` binds the
     * tensor's root instead of the tensor.
     */
    readonly others: Readonly<Record<string, ChainTensor & { readonly whole?: boolean }>>;
  };
}

/** A tensor of one member of a chain. */
export interface ChainTensor {
  /** Name in the op's contract. */
  readonly tensor: string;
  /** Index in `ChainRequest.members`. */
  readonly member: number;
}

/** A launch of a chain. It binds the tensors of `ChainPlan.together`, or those of one call. */
export interface ChainLaunch {
  readonly launch: Launch;
  /** The call whose tensors it binds: an index in `ChainRequest.members` or `links`. */
  readonly member?: number;
  readonly link?: number;
}

/**
 * Returns the SIMD kernel calls of one call, in order; undefined if there are none for it, and then
 * the reference runs. A pure function.
 */
export type NativePlanner = (request: Omit<PlanRequest, 'target'>) => readonly NativeCall[] | undefined;

/** Sizes at which tests and `verify` check an op, and the tolerance. */
export interface OpCase {
  readonly dims: Dims;
  readonly attributes?: Attributes;
  /** Optional tensors that this case leaves out. */
  readonly without?: readonly string[];
  /**
   * Largest allowed error against the reference: max|a−b| / max(1, max|b|). Default 1e-5. Another
   * value needs a comment with its reason.
   */
  readonly tolerance?: number;
  /**
   * Whether only the test suite and `verify --thorough` run it, since it is slow. Default false.
   */
  readonly thorough?: boolean;
  /**
   * Whether only the test suite and `verify --thorough` run it, since other cases cover its parts.
   * Default false.
   */
  readonly minor?: boolean;
  /**
   * Content of tensors by name, such as ids, masks and hyperparameters. Default: normal deviates.
   */
  readonly fill?: Readonly<Record<string, Fill>>;
}

/**
 * Content of a tensor in tests and `verify`: normal deviates times `scale` plus `shift`, random
 * whole numbers below `below`, or a list of values that is repeated.
 */
export type Fill =
  | { readonly scale: number; readonly shift?: number }
  | { readonly below: number }
  | { readonly values: readonly number[] };

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

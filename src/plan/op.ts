import type { DType, NumberArray } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import type { DimExpression, Dims } from '../core/notation.js';
import type { Launch, VariantChoice } from './kernel.js';
import type { NativeCall } from './native.js';

/**
 * What a tensor is to an op:
 * - `input`, `weight`: read; both may have gradients
 * - `output`: written by forward; its gradient arrives in backward
 * - `saved`: written by forward for backward; nobody else reads it
 * - `inout`: read and overwritten in place
 * - `scratch`: neither its old nor its new content matters to anyone else
 */
export type TensorRole = 'input' | 'weight' | 'output' | 'saved' | 'inout' | 'scratch';

/** One row of an op's tensor table. */
export interface TensorContract {
  readonly role: TensorRole;
  readonly shape: readonly DimExpression[];
  readonly dtype: DType;
  /** The call may leave it out. */
  readonly optional: boolean;
  /** False for ids, masks and hyperparameters: no gradient flows into it. */
  readonly differentiable: boolean;
  /** What it holds, for `unrolled plan`, docs and messages. */
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

/** Settings of a call that are no tensors: `{ nonlinearity: 'relu' }`. Plain data. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/**
 * The arrays of a call by contract name; gradients are `dX` of `X`. A tensor that the call leaves
 * out is undefined.
 */
export type Arrays = Readonly<Record<string, NumberArray>>;

/**
 * A reference: plain loops in double precision over whole arrays. It overwrites its results and
 * never adds to them.
 */
export type Reference = (tensors: Arrays, dims: Dims, attributes: Attributes) => void;

/** Kinds of adapters, whose best kernels differ: see `RULES` in src/ops/lib/rules.ts. */
export const ADAPTER_KINDS = ['software', 'integrated', 'discrete', 'apple'] as const;
export type AdapterKind = (typeof ADAPTER_KINDS)[number];

/** Variants by what they were taken for: `VariantChoice.of` → a name that is offered there. */
export type Variants = Readonly<Record<string, string>>;

/**
 * What the planner may know of the device, as plain data, so that plans stay testable without one.
 */
export interface PlanTarget {
  /**
   * Invocations that keep the device busy: some thousands on a GPU, a handful on a software
   * adapter. Decides about tiles and splits.
   */
  readonly parallelism: number;
  /**
   * Whether kernels that exchange values between four neighbours pay: on a software adapter with
   * the feature `subgroups`, whose loads are slow.
   */
  readonly quads?: boolean;
  /**
   * Bytes of memory that a workgroup may have. Where it is not known, nothing is planned that keeps
   * the states of a window there.
   */
  readonly workgroupMemory?: number;
  /** Default: `software` where `parallelism` is below 1024, else `discrete`. */
  readonly kind?: AdapterKind;
  /** Variants that go before the planner's own rules where they are offered: measured ones. */
  readonly variants?: Variants;
}

/** What an op's planner gets. */
export interface PlanRequest {
  readonly dims: Dims;
  readonly attributes: Attributes;
  readonly target: PlanTarget;
  /** Whether the call has this tensor (optional ones, and gradients that somebody wants). */
  readonly has: (tensor: string) => boolean;
  /**
   * Gradients that must be added to what is there. Only names of the op's `accumulates` ever come.
   */
  readonly accumulate: readonly string[];
}

/** Returns the launches of one call, in order, with tensors by contract name. A pure function. */
export type Planner = (request: PlanRequest) => readonly Launch[];

/**
 * Calls of an op that read each other's results, with another op between two of them: layers of a
 * stack, and what projects the outputs of one for the next. They can be planned together.
 */
export interface Chaining {
  /** Of the op: what the next one reads in the end, and what it reads it as. */
  readonly gives: string;
  readonly takes: string;
  /** The op between them: what it reads of the one before, and writes for the next. */
  readonly link: { readonly op: string; readonly reads: string; readonly writes: string };
  /**
   * Plans a chain; undefined where there is only one way, which is one call after the other. Its
   * launches replace those of all calls, links among them.
   */
  readonly plan: (chain: ChainRequest) => ChainPlan | undefined;
}

/** What the planner of a chain gets. */
export interface ChainRequest {
  /** Of the op and of the links, which are one fewer: in the order of calls. */
  readonly members: readonly ChainCall[];
  readonly links: readonly ChainCall[];
}

export interface ChainCall {
  readonly request: PlanRequest;
  readonly place: (tensor: string) => ChainPlace | undefined;
}

/** Where the elements of a tensor are. */
export interface ChainPlace {
  /** The tensor that owns them, and where they begin in it. */
  readonly root: string;
  readonly offset: number;
  /** An intermediate that owns its elements. */
  readonly joinable: boolean;
}

export interface ChainPlan {
  /** One call after the other, or what `together` does. */
  readonly choice: VariantChoice;
  /** Undefined where the choice is one call after the other. */
  readonly together?: {
    readonly launches: readonly ChainLaunch[];
    /**
     * Intermediates of some members that are laid into one tensor, by the name that launches of the
     * chain know it by; each begins at a multiple of `alignElements` of its length.
     */
    readonly joined: Readonly<
      Record<string, { readonly tensor: string; readonly members: readonly number[] }>
    >;
    /** Other tensors that they know: of one member, or with `whole` what that is a part of. */
    readonly others: Readonly<
      Record<string, { readonly tensor: string; readonly member: number; readonly whole?: boolean }>
    >;
  };
}

/** A launch of one member with its tensors, or of the chain with those of its plan. */
export interface ChainLaunch {
  readonly member?: number;
  readonly launch: Launch;
}

/**
 * Returns the kernel calls of one call on the CPU, in order; undefined where they do not cover it:
 * its reference runs instead. A pure function.
 */
export type NativePlanner = (request: Omit<PlanRequest, 'target'>) => readonly NativeCall[] | undefined;

/** Which sizes an op is checked at, and how closely. */
export interface OpCase {
  readonly dims: Dims;
  readonly attributes?: Attributes;
  /** Optional tensors that this case leaves out. */
  readonly without?: readonly string[];
  /**
   * Largest allowed error against the reference: max|a−b| / max(1, max|b|). State the reason where
   * it is not the default 1e-5.
   */
  readonly tolerance?: number;
  /** Only in `verify --thorough` and the test suite's slow ring. */
  readonly thorough?: boolean;
  /**
   * A combination that the test suite runs, and `verify` only with --thorough: other cases have its
   * parts.
   */
  readonly minor?: boolean;
  /**
   * Fills a tensor for this case where plain normal deviates would be wrong (ids, masks,
   * hyperparameters). Keyed by tensor name.
   */
  readonly fill?: Readonly<Record<string, Fill>>;
}

/**
 * How a test or `verify` fills a tensor: normal deviates times `scale` plus `shift`, whole numbers
 * below `below`, or a constant list (repeated).
 */
export type Fill =
  | { readonly scale: number; readonly shift?: number }
  | { readonly below: number }
  | { readonly values: readonly number[] };

/**
 * One operation: its contract, which is all that a graph needs, and where to find how it is computed.
 * A page loads only what the ops of its graphs need.
 */
export interface Op {
  readonly name: string;
  /** One sentence and the formula. */
  readonly about: string;
  readonly tensors: Readonly<Record<string, TensorContract>>;
  /** Attributes with their defaults; a call's other attributes are refused. */
  readonly attributes: Attributes;
  /** Gradients whose kernels can add to what is there, such as `dweight`. */
  readonly accumulates?: readonly string[];
  /**
   * Gradient that needs no launch of its own, since forward leaves it in the place of the tensor:
   * `{ logits: 'logits' }`. Such an op is the end of a graph: a loss. A call with the attribute
   * `gradient: false` leaves none.
   */
  readonly gradientInPlace?: Readonly<Record<string, string>>;
  /** Whether gradients pass through it by a backward of its own. Default false. */
  readonly backward?: boolean;
  /** How it is computed and checked; loaded by whoever computes. */
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

/** The planners of an op's phases on the CPU device, where there are any. */
export interface NativePlanners {
  readonly forward?: NativePlanner;
  readonly backward?: NativePlanner;
}

/** How an op is computed, on every device, and at which sizes that is checked. */
export interface OpImplementation {
  readonly reference: References;
  readonly plan: Planners;
  /** How the CPU device computes it. Without it, and where it returns undefined, by the reference. */
  readonly native?: NativePlanners;
  /** How several calls that read each other's results are planned together. */
  readonly chains?: Partial<Record<'forward' | 'backward', Chaining>>;
  readonly cases: readonly OpCase[];
}

/** An op with its implementation. */
export type LoadedOp = Op & OpImplementation;

/** Gives an op its type and keeps it as it is. */
export function defineOp(op: Op): Op {
  return op;
}

const loaded = new WeakMap<Op, Promise<LoadedOp>>();

/** An op with its implementation, which is loaded once. */
export function loadOp(op: Op): Promise<LoadedOp> {
  checkOp(op);
  const before = loaded.get(op);
  if (before) return before;
  const loading = op.load().then(({ reference, plan, native, chains, cases }) => ({
    ...op,
    ...{ reference, plan, cases },
    ...(native ? { native } : {}),
    ...(chains ? { chains } : {}),
  }));
  loaded.set(op, loading);
  // A page that was offline for a moment may ask again.
  loading.catch(() => loaded.delete(op));
  return loading;
}

/** Refuses what is no op, such as a name that `ops` does not have. @throws OptionError */
export function checkOp(op: unknown): asserts op is Op {
  const { name, tensors, attributes } = (typeof op === 'object' && op !== null ? op : {}) as Partial<Op>;
  if (typeof name !== 'string' || !tensors || !attributes)
    throw new OptionError('op', op, 'an op of the record `ops`, such as ops.linear');
}

/** The list of ops, by name. */
export type OpRegistry = Readonly<Record<string, Op>>;

/** Ops with their implementations, by name. */
export type LoadedOps = Readonly<Record<string, LoadedOp>>;

/** All ops of a registry with their implementations. */
export async function loadOps<R extends OpRegistry>(
  registry: R,
): Promise<{ readonly [K in keyof R]: LoadedOp }> {
  const loaded = await Promise.all(
    Object.entries(registry).map(async ([name, op]) => [name, await loadOp(op)] as const),
  );
  return Object.fromEntries(loaded) as { readonly [K in keyof R]: LoadedOp };
}

/** The ops that some calls name; a name that the registry does not have is left out. */
export function loadOpsOf(
  calls: Iterable<{ readonly op: string }>,
  registry: OpRegistry,
): Promise<LoadedOps> {
  const wanted = new Set(Array.from(calls, ({ op }) => op));
  return loadOps(Object.fromEntries(Object.entries(registry).filter(([name]) => wanted.has(name))));
}

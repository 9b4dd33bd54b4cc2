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

import type { TensorKind } from './tensor.js';

/** How a kernel accesses one tensor. Its binding index is its position in `Kernel.bindings`. */
export interface Binding {
  readonly access: 'read' | 'read_write';
  /** WGSL element type. `vec4<f32>` needs rows whose length is a multiple of four. */
  readonly type: 'f32' | 'u32' | 'i32' | 'vec4<f32>' | 'vec4<u32>' | 'vec4<i32>';
}

/**
 * Values that are compiled into a kernel: numbers become `const` lines, and `#if NAME` is true
 * unless the value is 0 or false.
 */
export type Constants = Readonly<Record<string, number | boolean>>;

/** Numbers that change between launches of one pipeline. WGSL reads them as `step.t` and so on. */
export type Uniforms = Readonly<Record<string, number>>;

/** One compute kernel, as plain data. Its WGSL has one entry point, `main`. */
export interface Kernel {
  /** Path of the .wgsl file in shaders/, without the extension: `rnn/forward`. */
  readonly name: string;
  /**
   * Distinguishes kernels of one name: `vec4`, `tile vec4`, `mingru serial`. Records with the same
   * name and form must have equal texts and bindings. Default: none.
   */
  readonly form?: string;
  /**
   * WGSL texts that are joined in order: files of shaders/lib first, the kernel's own file last.
   */
  readonly sources: readonly string[];
  /** Tensors by the name that WGSL uses, in binding order. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** WGSL extensions that it enables, such as `subgroups`. The device must have the feature. */
  readonly enables?: readonly string[];
  /** Names of its u32 uniforms, at most four. */
  readonly uniforms?: readonly string[];
  /** The variable of WGSL that has them. Default: `step`. */
  readonly uniformsAs?: string;
  /**
   * Bindings that only some options need: binding → those options. An error names them where a
   * device allows a kernel fewer storage buffers.
   */
  readonly avoidable?: Readonly<Record<string, string>>;
}

/** The variant that a planner chose among several that compute the same. */
export interface VariantChoice {
  /**
   * What is computed, such as `product NT 50x512x128`. Launches of one name take about equal time.
   */
  readonly of: string;
  readonly taken: string;
  /** All variants that this call and this target allow, including `taken`. */
  readonly offered: readonly string[];
  /**
   * Number of launches of this variant, where another variant needs one: the time steps of a
   * window. Default: 1.
   */
  readonly launches?: number;
}

/**
 * One dispatch: a kernel, its constants, the tensors that it binds, and the number of workgroups.
 */
export interface Launch {
  readonly kernel: Kernel;
  readonly constants: Constants;
  /**
   * Kernel binding name → tensor of the op's contract. A binding that is not listed binds the
   * tensor of its own name. A binding that is listed as undefined, or whose tensor the call does
   * not have, does not exist in this variant.
   */
  readonly tensors?: Readonly<Record<string, string | undefined>>;
  readonly uniforms?: Uniforms;
  readonly grid: readonly [number, number, number];
  /** Present where the planner chose a variant. `PlanTarget.variants` can replace the choice. */
  readonly choice?: VariantChoice;
  /** The choice between this launch with others and some that do the same as all of them. */
  readonly within?: VariantChoice;
}

/** A binding of a launch with the part of a buffer that it binds. */
export interface BoundTensor {
  readonly binding: string;
  readonly access: Binding['access'];
  readonly type: Binding['type'];
  /** Name of the tensor that owns the elements (never a view). */
  readonly root: string;
  readonly kind: TensorKind;
  /** First element within the root, and number of elements. */
  readonly offset: number;
  readonly elements: number;
}

/** Whether a binding's offset changes from step to step: feeds and reports have a slot per step. */
export function isRing(bound: BoundTensor): boolean {
  return bound.kind === 'feed' || bound.kind === 'report';
}

/** Identifies a kernel: `rnn/forward`, `rnn/forward (tile vec4)`. */
export function kernelId({ name, form }: Pick<Kernel, 'name' | 'form'>): string {
  return form === undefined || form === '' ? name : `${name} (${form})`;
}

/**
 * Identifies the pipeline of a launch by kernel, constants and lengths of its tensors. The T
 * launches of a time loop share a pipeline, since uniforms such as `step.t` are no part of it.
 */
export function pipelineKey(
  { kernel, constants }: Pick<Launch, 'kernel' | 'constants'>,
  bound: readonly BoundTensor[],
): string {
  const tensors = bound.map((b) => `${b.binding}:${b.elements}${isRing(b) ? ':ring' : ''}`);
  return `${kernelId(kernel)} ${JSON.stringify(constants)} ${tensors.join(' ')}`;
}

/** Largest number of workgroups in each dimension that every WebGPU device allows. */
export const MAX_WORKGROUPS = 65535;

/**
 * The grid for a number of invocations in one dimension. If one dimension is too short, it uses
 * two; `linear_index` of shaders/lib/index.wgsl with the constant GRID_X = grid[0] computes an
 * invocation's index.
 */
export function lineGrid(invocations: number, workgroupSize: number): readonly [number, number, number] {
  const groups = Math.max(1, Math.ceil(invocations / workgroupSize));
  const rows = Math.ceil(groups / MAX_WORKGROUPS);
  return [Math.ceil(groups / rows), rows, 1];
}

import type { TensorKind } from './tensor.js';

/** How a kernel sees one tensor. The binding's index is its place in the kernel's list. */
export interface Binding {
  readonly access: 'read' | 'read_write';
  /** WGSL element type. `vec4<f32>` needs rows whose length is a multiple of four. */
  readonly type: 'f32' | 'u32' | 'i32' | 'vec4<f32>' | 'vec4<u32>' | 'vec4<i32>';
}

/**
 * Values that are compiled into a kernel: numbers become `const` lines, and `#if NAME` sees them as
 * true unless 0 or false.
 */
export type Constants = Readonly<Record<string, number | boolean>>;

/**
 * Numbers that change from launch to launch without a new pipeline: they reach WGSL as `step.t` and
 * so on.
 */
export type Uniforms = Readonly<Record<string, number>>;

/** One compute kernel, as plain data. Its WGSL has one entry point, `main`. */
export interface Kernel {
  /** The .wgsl file below shaders/, without the ending: `rnn/forward`. */
  readonly name: string;
  /**
   * Tells kernels of one name apart: `vec4`, `tile vec4`, `mingru serial`. Kernels of the same name
   * and form are the same kernel, whoever made the record: their texts and bindings must be equal.
   */
  readonly form?: string;
  /**
   * WGSL texts that are joined in order: files of shaders/lib first, the kernel's own file last.
   */
  readonly sources: readonly string[];
  /** Tensors by the name that WGSL uses, in binding order. */
  readonly bindings: Readonly<Record<string, Binding>>;
  /** WGSL extensions that it enables: `subgroups`. The device must have the feature. */
  readonly enables?: readonly string[];
  /** Names of the u32 uniforms. At most four. */
  readonly uniforms?: readonly string[];
  /** The variable of WGSL that has them. Default: `step`. */
  readonly uniformsAs?: string;
  /**
   * Bindings that only some options bring, and which: what a device that allows a kernel fewer
   * storage buffers must go without.
   */
  readonly avoidable?: Readonly<Record<string, string>>;
}

/** Which of several ways to compute the same a planner took. */
export interface VariantChoice {
  /** What it was taken for: `product NT 50x512x128`. Launches of one name take about the same time. */
  readonly of: string;
  readonly taken: string;
  /** All that this call and this target allow, `taken` among them; names are the planner's own. */
  readonly offered: readonly string[];
  /**
   * Launches that do what others of those offered do in one: the time steps of a window. Default: 1.
   */
  readonly launches?: number;
}

/**
 * One dispatch: a kernel, what is compiled into it, the tensors that it touches, and how many
 * workgroups run.
 */
export interface Launch {
  readonly kernel: Kernel;
  readonly constants: Constants;
  /**
   * Kernel binding name → tensor of the op's contract. A binding that is not listed takes the tensor
   * of its own name; one that is listed as undefined, or whose tensor the call leaves out, does not
   * exist in this variant.
   */
  readonly tensors?: Readonly<Record<string, string | undefined>>;
  readonly uniforms?: Uniforms;
  readonly grid: readonly [number, number, number];
  /** Where there was a choice. Another is made by `PlanTarget.variants`. */
  readonly choice?: VariantChoice;
  /** The choice between this launch with others and some that do the same as all of them. */
  readonly within?: VariantChoice;
}

/** A binding of a launch with everything that the GPU needs to know of its tensor. */
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

/** A binding whose place in the buffer changes from step to step: feeds and reports are rings. */
export function isRing(bound: BoundTensor): boolean {
  return bound.kind === 'feed' || bound.kind === 'report';
}

/** What a kernel is known by: `rnn/forward`, `rnn/forward (tile vec4)`. */
export function kernelId({ name, form }: Pick<Kernel, 'name' | 'form'>): string {
  return form === undefined || form === '' ? name : `${name} (${form})`;
}

/**
 * Equal for launches that run the same pipeline: the same kernel, constants, and lengths of its
 * tensors. The T launches of a time loop differ in `step.t` alone, which is no part of it.
 */
export function pipelineKey(
  { kernel, constants }: Pick<Launch, 'kernel' | 'constants'>,
  bound: readonly BoundTensor[],
): string {
  const tensors = bound.map((b) => `${b.binding}:${b.elements}${isRing(b) ? ':ring' : ''}`);
  return `${kernelId(kernel)} ${JSON.stringify(constants)} ${tensors.join(' ')}`;
}

/** Workgroups per dimension that every WebGPU device allows. */
export const MAX_WORKGROUPS = 65535;

/**
 * The grid for `invocations` in one line, folded into two dimensions where one is too short. Use
 * `linear_index` of
 * shaders/lib/index.wgsl with the constant GRID_X = grid[0] to get the invocation's number back.
 */
export function lineGrid(invocations: number, workgroupSize: number): readonly [number, number, number] {
  const groups = Math.max(1, Math.ceil(invocations / workgroupSize));
  const rows = Math.ceil(groups / MAX_WORKGROUPS);
  return [Math.ceil(groups / rows), rows, 1];
}

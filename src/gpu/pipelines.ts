import { ShapeError, ValidationError, type UnrolledError } from '../core/errors.js';
import { isRing, kernelId, pipelineKey, type BoundTensor, type Kernel, type Launch } from '../plan/kernel.js';
import type { FaultRecord } from './faults.js';
import { assembleShader, UNIFORM_BYTES } from './shader.js';

/** A compiled kernel with the layout of its tensors. */
export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Compiles each form of a kernel once, several at the same time, and keeps it with the device. */
export class Pipelines {
  readonly #cache = new Map<string, Promise<CompiledKernel>>();
  /** The first record of each kernel, by name and form. */
  readonly #kernels = new Map<string, Kernel>();
  /** Records that have been compared with the first one. */
  readonly #known = new WeakSet<Kernel>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  /** Layout of group 1, which holds the uniforms of a launch. */
  readonly uniformLayout: GPUBindGroupLayout;

  constructor(
    readonly device: GPUDevice,
    readonly faults: FaultRecord,
    /** Whether uniforms are immediates. Otherwise they are in a buffer with a dynamic offset. */
    readonly immediates: boolean,
  ) {
    this.uniformLayout = device.createBindGroupLayout({
      entries: [
        {
          binding: 0,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: 'uniform', hasDynamicOffset: true },
        },
      ],
    });
  }

  get count(): number {
    return this.#cache.size;
  }

  /**
   * The compiled kernel of a launch. A new kernel starts to compile.
   * @throws ShapeError where another kernel has the same name and form
   */
  get(launch: Launch, bound: readonly BoundTensor[]): Promise<CompiledKernel> {
    this.#register(launch.kernel);
    const key = pipelineKey(launch, bound);
    let compiled = this.#cache.get(key);
    if (!compiled) {
      compiled = this.#compile(launch, bound);
      this.#cache.set(key, compiled);
      compiled.catch(() => this.#cache.delete(key));
    }
    return compiled;
  }

  /** Checks that records of one name and form are equal: planners may create one for every call. */
  #register(kernel: Kernel): void {
    if (this.#known.has(kernel)) return;
    const id = kernelId(kernel);
    const first = this.#kernels.get(id);
    if (!first) this.#kernels.set(id, kernel);
    else if (!sameKernel(first, kernel))
      throw new ShapeError(
        `Two different kernels are called ${id}. Give each a name or a form (Kernel.form) of its own.`,
      );
    this.#known.add(kernel);
  }

  async #compile(launch: Launch, bound: readonly BoundTensor[]): Promise<CompiledKernel> {
    const { device } = this;
    const code = assembleShader(launch, bound, this.immediates);
    const label = launch.kernel.name;
    const layout = this.#layout(launch, bound);
    const numbers = (launch.kernel.uniforms?.length ?? 0) > 0;
    const pipelineLayout = device.createPipelineLayout({
      bindGroupLayouts: numbers && !this.immediates ? [layout, this.uniformLayout] : [layout],
      ...(numbers && this.immediates ? { immediateSize: UNIFORM_BYTES } : {}),
    });
    const module = device.createShaderModule({ label, code });
    try {
      const pipeline = await device.createComputePipelineAsync({
        label,
        layout: pipelineLayout,
        compute: { module, entryPoint: 'main' },
      });
      return { pipeline, layout };
    } catch (error) {
      throw await this.#explain(error, label, module, code);
    }
  }

  /** Tells a driver's failure from an error in the kernel, and names the line of the latter. */
  async #explain(
    error: unknown,
    label: string,
    module: GPUShaderModule,
    code: string,
  ): Promise<UnrolledError> {
    const doing = `compiling the kernel ${label}`;
    if (!(error instanceof GPUPipelineError) || error.reason !== 'validation')
      return this.faults.explain(error, doing);
    const { messages } = await module.getCompilationInfo();
    const first = messages.find(({ type }) => type === 'error');
    const where = first
      ? `line ${first.lineNum}: ${first.message} — ${code.split('\n')[first.lineNum - 1]?.trim()}`
      : error.message;
    return new ValidationError(`The kernel ${label} does not compile: ${where}`, doing, { cause: error });
  }

  #layout(launch: Launch, bound: readonly BoundTensor[]): GPUBindGroupLayout {
    const key = layoutKey(launch, bound);
    let layout = this.#layouts.get(key);
    if (!layout) {
      const order = Object.keys(launch.kernel.bindings);
      layout = this.device.createBindGroupLayout({
        label: launch.kernel.name,
        entries: bound.map((b) => ({
          binding: order.indexOf(b.binding),
          visibility: GPUShaderStage.COMPUTE,
          buffer: {
            type: b.access === 'read' ? ('read-only-storage' as const) : ('storage' as const),
            hasDynamicOffset: isRing(b),
          },
        })),
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }
}

/** Whether two records have the same text, bindings and settings. */
function sameKernel(a: Kernel, b: Kernel): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function layoutKey(launch: Launch, bound: readonly BoundTensor[]): string {
  const order = Object.keys(launch.kernel.bindings);
  return bound.map((b) => `${order.indexOf(b.binding)}:${b.access}${isRing(b) ? ':ring' : ''}`).join(' ');
}

/** Compiles all kernels of a plan at once, under one error scope. */
export function compileAll(
  pipelines: Pipelines,
  launches: readonly { readonly launch: Launch; readonly bound: readonly BoundTensor[] }[],
): Promise<CompiledKernel[]> {
  return pipelines.faults.guard('compiling kernels', () =>
    Promise.all(launches.map(({ launch, bound }) => pipelines.get(launch, bound))),
  );
}

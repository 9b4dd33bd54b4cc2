import { ValidationError, type UnrolledError } from '../core/errors.js';
import type { BoundTensor, Kernel, Launch } from '../plan/kernel.js';
import type { FaultRecord } from './faults.js';
import { assembleShader } from './shader.js';

/** A compiled kernel with the layout of its tensors. */
export interface CompiledKernel {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** A binding whose place in the buffer changes from step to step: feeds and reports are rings. */
export function isRing(bound: BoundTensor): boolean {
  return bound.kind === 'feed' || bound.kind === 'report';
}

/** Compiles kernels, each text once, in parallel. Pipelines live as long as the device. */
export class Pipelines {
  readonly #cache = new Map<string, Promise<CompiledKernel>>();
  readonly #kernels = new Map<Kernel, number>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  /** Layout of group 1: the numbers that change from launch to launch. */
  readonly uniformLayout: GPUBindGroupLayout;

  constructor(
    readonly device: GPUDevice,
    readonly faults: FaultRecord,
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

  /** The compiled kernel of a launch; starts to compile it if it is new. */
  get(launch: Launch, bound: readonly BoundTensor[]): Promise<CompiledKernel> {
    const key = this.#key(launch, bound);
    let compiled = this.#cache.get(key);
    if (!compiled) {
      compiled = this.#compile(launch, bound);
      this.#cache.set(key, compiled);
      compiled.catch(() => this.#cache.delete(key));
    }
    return compiled;
  }

  /**
   * Equal for launches with the same shader and layout, without assembling the text: the T launches
   * of a time loop differ in `step.t` alone.
   */
  #key(launch: Launch, bound: readonly BoundTensor[]): string {
    let number = this.#kernels.get(launch.kernel);
    if (number === undefined) this.#kernels.set(launch.kernel, (number = this.#kernels.size));
    const tensors = bound.map(
      (b) => `${b.binding}:${b.access}:${b.type}:${b.elements}${isRing(b) ? ':ring' : ''}`,
    );
    return `${number} ${JSON.stringify(launch.constants)} ${tensors.join(' ')}`;
  }

  async #compile(launch: Launch, bound: readonly BoundTensor[]): Promise<CompiledKernel> {
    const { device } = this;
    const code = assembleShader(launch, bound);
    const label = launch.kernel.name;
    const layout = this.#layout(launch, bound);
    const groups = launch.kernel.uniforms?.length ? [layout, this.uniformLayout] : [layout];
    const module = device.createShaderModule({ label, code });
    try {
      const pipeline = await device.createComputePipelineAsync({
        label,
        layout: device.createPipelineLayout({ bindGroupLayouts: groups }),
        compute: { module, entryPoint: 'main' },
      });
      return { pipeline, layout };
    } catch (error) {
      throw await this.#explain(error, label, module, code);
    }
  }

  /**
   * A driver that gives up on a kernel is no fault of the kernel; a kernel that is wrong is told
   * with its line.
   */
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

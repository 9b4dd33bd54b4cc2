import { checkLength, deviceArray, type DeviceArray } from '../core/arrays.js';
import { ShapeError, UnrolledError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { checkStepCount } from '../plan/check-device.js';
import type { Plan, PlannedLaunch } from '../plan/compile.js';
import type { Feeds, KernelTime, Program, Reports } from '../plan/device.js';
import { summarize, type PlanSummary } from '../plan/print.js';
import type { Variants } from '../plan/target.js';
import type { Tensor } from '../plan/tensor.js';
import { variantsOf } from '../plan/variants.js';
import { isRing } from '../plan/kernel.js';
import { tensorBytes, type Buffers } from './buffers.js';
import type { GpuMemory } from './memory.js';
import { compileAll, type Pipelines } from './pipelines.js';
import { ReadBack } from './readback.js';
import { recordStep, type Dispatch } from './recorder.js';
import { UNIFORM_BYTES } from './shader.js';
import { timeKernels, timeRuns } from './timings.js';

/** Bytes between the uniforms of neighbouring launches. */
const UNIFORM_STRIDE = 256;

/** A plan with its buffers, pipelines and bind groups. Running it allocates nothing on the GPU. */
export class GpuProgram implements Program {
  readonly summary: PlanSummary;
  readonly variants: Variants;
  readonly #owned = new Map<string, GPUBuffer>();
  readonly #extra: GPUBuffer[] = [];
  readonly #feeds: { readonly tensor: Tensor; readonly staging: DeviceArray }[] = [];
  #dispatches: Dispatch[] = [];
  #uniforms: GPUBindGroup | undefined;
  #readBack: ReadBack | undefined;
  #disposed = false;
  /** Number of bind groups, for the test of leaks. */
  groups = 0;

  private constructor(
    readonly plan: Plan,
    readonly memory: GpuMemory,
    readonly buffers: Buffers,
    readonly pipelines: Pipelines,
    readonly maxSteps: number,
    readonly onDispose: (program: GpuProgram) => void,
  ) {
    this.summary = summarize(plan);
    this.variants = variantsOf(plan.launches);
  }

  /**
   * Allocates buffers, compiles kernels and creates bind groups.
   * @throws OutOfMemoryError that names the tensor, its size and the limit
   */
  static async create(
    plan: Plan,
    memory: GpuMemory,
    buffers: Buffers,
    pipelines: Pipelines,
    maxSteps: number,
    onDispose: (program: GpuProgram) => void,
  ): Promise<GpuProgram> {
    const program = new GpuProgram(plan, memory, buffers, pipelines, maxSteps, onDispose);
    try {
      for (const tensor of Object.values(plan.tensors))
        if (tensor.kind === 'memory' && !tensor.view) await memory.ensure(tensor);
      await buffers.faults.guard('allocating buffers', () => program.#allocate());
      const compiled = await compileAll(
        pipelines,
        plan.launches.map((launch) => ({ launch, bound: launch.bound })),
      );
      await buffers.faults.guard('binding buffers', () => program.#bind(compiled));
      buffers.faults.check();
    } catch (error) {
      program.dispose();
      throw error;
    }
    return program;
  }

  async submit(feeds: readonly Feeds[]): Promise<readonly Reports[]> {
    const { buffers, maxSteps } = this;
    checkStepCount(feeds, maxSteps);
    buffers.faults.begin(`running ${feeds.length} ${feeds.length === 1 ? 'step' : 'steps'}`);
    const readBack = this.#reports();
    for (const { tensor, staging } of this.#feeds) {
      const stride = tensorBytes(tensor) / 4;
      feeds.forEach((feed, slot) => {
        const data = feed[tensor.name];
        if (!data)
          throw new ShapeError(`Step ${slot} of this submit has no data for the feed "${tensor.name}".`);
        checkLength(tensor.name, elementCount(tensor.shape), data);
        staging.set(data, slot * stride);
      });
      buffers.write(this.#buffer(tensor.name), staging.subarray(0, feeds.length * stride));
    }
    const encoder = buffers.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let slot = 0; slot < feeds.length; slot++) recordStep(pass, this.#dispatches, this.#uniforms, slot);
    pass.end();
    const wait = readBack.record(encoder, feeds.length);
    buffers.device.queue.submit([encoder.finish()]);
    try {
      const reports = await wait();
      buffers.faults.check();
      return reports;
    } catch (error) {
      throw await buffers.faults.explain(
        this.#disposed
          ? new UnrolledError('This program has been disposed of before its reports were read.')
          : error,
      );
    }
  }

  write(name: string, data: DeviceArray): Promise<void> {
    const tensor = this.#tensor(name);
    if (tensor.kind === 'memory') return this.memory.write(name, data);
    checkLength(name, elementCount(tensor.shape), data);
    this.buffers.write(this.#buffer(name), data);
    return Promise.resolve();
  }

  read(name: string): Promise<DeviceArray> {
    const tensor = this.#tensor(name);
    if (tensor.kind === 'memory') return this.memory.read(name);
    return this.buffers.read(this.#buffer(name), tensor);
  }

  async time(feeds: Feeds, repeats: number): Promise<readonly KernelTime[] | undefined> {
    if (!this.buffers.device.features.has('timestamp-query')) return undefined;
    await this.submit([feeds]);
    return timeKernels(this.buffers, this.#dispatches, this.#uniforms, repeats);
  }

  /** Microseconds of one run of all launches: see `timeRuns`. Feeds hold what they held before. */
  timeRuns(repeats: number): Promise<number> {
    return timeRuns(this.buffers, this.#dispatches, this.#uniforms, repeats);
  }

  dispose(): void {
    this.#disposed = true;
    for (const buffer of new Set([...this.#owned.values(), ...this.#extra])) this.buffers.destroy(buffer);
    this.#owned.clear();
    this.#extra.length = 0;
    this.#readBack?.dispose();
    this.onDispose(this);
  }

  #tensor(name: string): Tensor {
    const tensor = this.plan.tensors[name];
    if (!tensor) throw new ShapeError(`The program has no tensor "${name}".`);
    if (tensor.view) throw new ShapeError(`"${name}" is a part of "${tensor.view.of}": read or write that.`);
    return tensor;
  }

  #buffer(name: string): GPUBuffer {
    const buffer = this.#owned.get(name);
    if (this.#disposed) throw disposedOf();
    if (!buffer) throw new ShapeError(`No launch of this program uses "${name}".`);
    return buffer;
  }

  #reports(): ReadBack {
    // A submit with a destroyed buffer would make the whole device unusable.
    if (!this.#readBack || this.#disposed || this.memory.disposed) throw disposedOf();
    return this.#readBack;
  }

  #allocate(): void {
    const { plan, buffers, maxSteps } = this;
    const shared = plan.buffers.shared.map(({ elements, tensors }) =>
      buffers.storage(tensors.join(' | '), Math.max(256, elements * 4)),
    );
    this.#extra.push(...shared);
    for (const [name, index] of Object.entries(plan.buffers.indexOf)) this.#owned.set(name, shared[index]);
    const reports: { tensor: Tensor; buffer: GPUBuffer }[] = [];
    for (const tensor of Object.values(plan.tensors)) {
      if (tensor.view || tensor.kind === 'memory' || tensor.kind === 'value') continue;
      const slots = tensor.kind === 'feed' || tensor.kind === 'report' ? maxSteps : 1;
      const buffer = buffers.storage(tensor.name, tensorBytes(tensor) * slots);
      this.#owned.set(tensor.name, buffer);
      if (tensor.values) {
        const content = deviceArray(tensor.dtype, tensor.values.length);
        content.set(tensor.values);
        buffers.write(buffer, content);
      }
      if (tensor.kind === 'report') reports.push({ tensor, buffer });
      if (tensor.kind === 'feed')
        this.#feeds.push({ tensor, staging: deviceArray(tensor.dtype, (tensorBytes(tensor) / 4) * slots) });
    }
    this.#readBack = new ReadBack(buffers, reports, maxSteps);
  }

  #bind(
    compiled: readonly { readonly pipeline: GPUComputePipeline; readonly layout: GPUBindGroupLayout }[],
  ): void {
    const { device } = this.buffers;
    const { immediates } = this.pipelines;
    const offsets = immediates ? new Map<string, number>() : this.#createUniforms();
    const offsetOf = (key: string | undefined): number | undefined =>
      key === undefined ? undefined : offsets.get(key);
    const groups = new Map<string, GPUBindGroup>();
    this.#dispatches = this.plan.launches.map((launch, i) => {
      const { pipeline, layout } = compiled[i];
      const order = Object.keys(launch.kernel.bindings);
      const key =
        `${launch.kernel.name} ` +
        launch.bound
          .map((b) => `${order.indexOf(b.binding)}=${b.access}${b.root}@${b.offset}+${b.elements}`)
          .join(' ');
      let group = groups.get(key);
      if (!group) {
        group = device.createBindGroup({
          layout,
          entries: launch.bound.map((b) => ({
            binding: order.indexOf(b.binding),
            resource: {
              buffer: b.kind === 'memory' ? this.memory.buffer(b.root) : this.#buffer(b.root),
              offset: b.offset * 4,
              size: Math.ceil(b.elements / 4) * 16,
            },
          })),
        });
        groups.set(key, group);
      }
      const ringStrides = launch.bound
        .filter(isRing)
        .sort((a, b) => order.indexOf(a.binding) - order.indexOf(b.binding))
        .map((b) => tensorBytes(this.plan.tensors[b.root]));
      return {
        kernel: launch.kernel.name,
        pipeline,
        group,
        ringStrides,
        immediates: immediates ? numbersOf(launch) : undefined,
        uniformOffset: offsetOf(uniformKey(launch)),
        grid: launch.grid,
      };
    });
    this.groups = groups.size + (this.#uniforms ? 1 : 0);
  }

  /** One buffer with the uniforms of all launches; a launch selects its own by a dynamic offset. */
  #createUniforms(): Map<string, number> {
    const rows = new Map<string, number[]>();
    for (const launch of this.plan.launches) {
      const names = launch.kernel.uniforms;
      const key = uniformKey(launch);
      if (names && key !== undefined)
        rows.set(
          key,
          names.map((name) => launch.uniforms?.[name] ?? 0),
        );
    }
    const offsets = new Map<string, number>();
    if (rows.size === 0) return offsets;
    const table = new Uint32Array((rows.size * UNIFORM_STRIDE) / 4);
    [...rows].forEach(([key, values], i) => {
      offsets.set(key, i * UNIFORM_STRIDE);
      table.set(values, (i * UNIFORM_STRIDE) / 4);
    });
    const buffer = this.buffers.create(
      'uniforms',
      table.byteLength,
      GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    );
    this.#extra.push(buffer);
    this.buffers.write(buffer, table);
    this.#uniforms = this.buffers.device.createBindGroup({
      layout: this.pipelines.uniformLayout,
      entries: [{ binding: 0, resource: { buffer, offset: 0, size: UNIFORM_BYTES } }],
    });
    return offsets;
  }
}

function disposedOf(): UnrolledError {
  return new UnrolledError('This program has been disposed of: prepare it again.');
}

/** The uniforms of a launch as immediates. All bytes are set, and the kernel may use fewer. */
function numbersOf({ kernel, uniforms }: PlannedLaunch): Uint32Array<ArrayBuffer> | undefined {
  if (!kernel.uniforms?.length) return undefined;
  const numbers = new Uint32Array(UNIFORM_BYTES / 4);
  numbers.set(kernel.uniforms.map((name) => uniforms?.[name] ?? 0));
  return numbers;
}

function uniformKey(launch: PlannedLaunch): string | undefined {
  const names = launch.kernel.uniforms;
  return names?.length ? names.map((name) => launch.uniforms?.[name] ?? 0).join() : undefined;
}

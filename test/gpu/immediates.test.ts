import { describe, expect, it } from 'vitest';
import { openDawn } from '../../src/device/dawn.js';
import { openGpu } from '../../src/gpu/adapter.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import type { GpuMemory } from '../../src/gpu/memory.js';
import { recordStep, type Dispatch } from '../../src/gpu/recorder.js';
import { assembleShader } from '../../src/gpu/shader.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { Device } from '../../src/plan/device.js';
import type { OpCase } from '../../src/plan/op-case.js';
import { runOpGraph } from '../../src/verify/check-op.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { allOps } from '../support/ops.js';

const TARGET = { parallelism: 64 };
const opCase: OpCase = {
  dims: { T: 4, N: 2, H: 5 },
  without: ['keep', 'lengths', 'key', 'h0_learned', 'masked', 'dh'],
};

describe('the numbers of a launch', () => {
  it('are immediates where the device has them, with the same results as with a buffer', async () => {
    const dawn = await openDawn();
    if (!dawn.gpu) throw new Error(`There is no WebGPU adapter: ${dawn.why}`);
    const { device, immediates } = await openGpu(dawn.gpu, 'test');
    expect(immediates).toBe(dawn.gpu.wgslLanguageFeatures.has('immediate_address_space'));
    const built = buildOpGraph(allOps.rnn, opCase, { backward: true });
    const resultsOf = async (executor: GpuExecutor): Promise<unknown> => {
      const planning: Pick<Device, 'createMemory' | 'prepare'> = {
        createMemory: () => Promise.resolve(executor.createMemory()),
        prepare: (graph, memory) =>
          executor.load(compileLoaded(graph, allOps, TARGET), memory as GpuMemory, 1),
      };
      return (await runOpGraph(planning as Device, built)).results;
    };
    const buffered = await resultsOf(new GpuExecutor(device));
    expect(await resultsOf(new GpuExecutor(device, immediates))).toEqual(buffered);
    device.destroy();
  });

  it('are declared in the right address space', () => {
    const { graph } = buildOpGraph(allOps.rnn, opCase, { backward: true, data: false });
    const { launches } = compileLoaded(graph, allOps, TARGET);
    const [step] = launches.filter(({ kernel }) => kernel.uniforms);
    expect(assembleShader(step, step.bound, true)).toContain('var<immediate> step: Step;');
    expect(assembleShader(step, step.bound, true)).toContain('requires immediate_address_space;');
    expect(assembleShader(step, step.bound)).toContain('@group(1) @binding(0) var<uniform> step: Step;');
    const [begin] = launches.filter(({ kernel }) => kernel.name === 'recurrent/begin');
    expect(assembleShader(begin, begin.bound, true)).not.toContain('immediate');
  });
});

describe('recording a step', () => {
  /** Calls of a compute pass by name, for a number of launches of one kernel. */
  function callsFor(numbers: (i: number) => Pick<Dispatch, 'immediates' | 'uniformOffset'>): string[] {
    const calls: string[] = [];
    const pass = new Proxy({} as GPUComputePassEncoder, {
      get: (_, name) => () => calls.push(String(name)),
    });
    const group = {} as GPUBindGroup;
    const pipeline = {} as GPUComputePipeline;
    const dispatches = [0, 1, 2].map((i): Dispatch => ({
      kernel: 'a step',
      pipeline,
      group,
      ringStrides: [],
      grid: [1, 1, 1],
      ...numbers(i),
    }));
    recordStep(pass, dispatches, {} as GPUBindGroup, 0);
    return calls;
  }

  it('sets pipeline and bind group once for the launches of a kernel', () => {
    const each = ['setImmediates', 'dispatchWorkgroups'];
    const calls = callsFor((i) => ({ immediates: new Uint32Array([i, 0, 0, 0]), uniformOffset: undefined }));
    expect(calls).toEqual(['setPipeline', 'setBindGroup', ...each, ...each, ...each]);
  });

  it('changes the dynamic offset where there are no immediates', () => {
    const each = ['setBindGroup', 'dispatchWorkgroups'];
    const calls = callsFor((i) => ({ immediates: undefined, uniformOffset: 256 * i }));
    expect(calls).toEqual(['setPipeline', 'setBindGroup', ...each, ...each, ...each]);
  });
});

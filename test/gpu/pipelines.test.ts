import { expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  openDevice,
  Trainer,
  type CharModelOptions,
  type Device,
} from '../../src/index.js';
import type { CharModel } from '../../src/graph.js';
import type { GpuDevice } from '../../src/device/gpu-device.js';
import { GpuExecutor } from '../../src/gpu/executor.js';
import { compileLoaded, type Plan } from '../../src/plan/compile.js';
import type { Planner } from '../../src/plan/planner.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { webgpuDevice } from '../support/devices.js';
import { allOps } from '../support/ops.js';

const corpus = Corpus.fromText('the quick brown fox jumps over the lazy dog. '.repeat(8));

type ModelOptions = Omit<CharModelOptions, 'vocabulary'>;

function create(device: Device, options: ModelOptions = {}, rate = 0.01): Promise<Trainer<CharModel>> {
  const model = charModel({ vocabulary: corpus.vocabulary, hidden: 6, ...options });
  return Trainer.create(model, { device, batch: 2, time: 3, optimizer: adam({ rate }) });
}

it.each<[NonNullable<CharModelOptions['cell']>, ModelOptions]>([
  ['rnn', {}],
  ['lstm', { embedding: 4, hidden: 8, dropout: 0.2, layers: 2 }],
  ['gru', { reset: 'before', initialState: 'learned' }],
  ['minlstm', { form: 'general' }],
  ['mingru', { hidden: 8 }],
])('a trainer of %s compiles what its plan counts, and a second one nothing', async (cell, options) => {
  const device = await openDevice({ backend: 'webgpu' });
  const first = await create(device, { cell, ...options });
  const { pipelines } = device.counts;
  expect(pipelines).toBe(first.plan.pipelines);
  const second = await create(device, { cell, ...options });
  expect(device.counts.pipelines).toBe(pipelines);
  first.dispose();
  second.dispose();
  device.dispose();
});

it('creating and disposing of 100 trainers does not change the number of pipelines', async () => {
  const device = await webgpuDevice();
  const options = { cell: 'lstm', embedding: 4, recurrentDropout: 0.2 } as const;
  (await create(device, options)).dispose();
  const before = device.counts;
  for (let i = 0; i < 100; i++) (await create(device, options)).dispose();
  expect(device.counts).toEqual(before);
});

it('a new learning rate compiles nothing in training and samples', async () => {
  const device = await webgpuDevice();
  const pipelinesAt = async (rate: number): Promise<number> => {
    const trainer = await create(device, {}, rate);
    for await (const { loss } of trainer.run(corpus, { steps: 2 })) expect(loss).toBeGreaterThan(0);
    await trainer.sample({ length: 4 });
    const { pipelines } = device.counts;
    trainer.dispose();
    return pipelines;
  };
  const before = await pipelinesAt(0.01);
  expect(await pipelinesAt(0.5)).toBe(before);
});

it('two kernels of the same name and form are refused', async () => {
  const device = await openDevice({ backend: 'webgpu' });
  const executor = new GpuExecutor((device as GpuDevice).native);
  const { graph } = buildOpGraph(allOps.tanh, { dims: { E: 4 } }, { backward: false });
  const changed: Planner = (request) =>
    allOps.tanh.plan.forward(request).map((launch) => ({
      ...launch,
      kernel: { ...launch.kernel, sources: [...launch.kernel.sources, '// another text'] },
    }));
  const planOf = (forward: Planner): Plan =>
    compileLoaded(graph, { tanh: { ...allOps.tanh, plan: { forward } } }, { parallelism: 64 });
  const memory = executor.createMemory();
  (await executor.load(planOf(allOps.tanh.plan.forward), memory, 1)).dispose();
  await expect(executor.load(planOf(changed), memory, 1)).rejects.toThrow(
    'Two different kernels are called tanh/forward (vec4<f32>). Give each a name or a form (Kernel.form) of its own.',
  );
  executor.dispose();
  device.dispose();
});

import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  FileFormatError,
  loadCheckpoint,
  openDevice,
  readCheckpoint,
  readSafetensors,
  saveCheckpoint,
  Trainer,
  writeSafetensors,
  type Device,
  type StepReport,
  type TrainerOptions,
} from '../../src/index.js';
import { GraphBuilder, trainingGraph, type CharModel } from '../../src/graph.js';
import { LOSS_SCALE } from '../../src/train/loss-scale.js';
import { webgpuDevice } from '../support/devices.js';

const corpus = Corpus.fromText('the quick brown fox jumps over the lazy dog. '.repeat(20));
const model = charModel({ vocabulary: corpus.vocabulary, cell: 'lstm', hidden: 12 });

const make = (device: Device, options: Partial<TrainerOptions> = {}): Promise<Trainer<CharModel>> =>
  Trainer.create(model, {
    ...{ device, batch: 2, time: 5, optimizer: adam({ rate: 0.01 }), clip: { norm: 5 }, seed: 3 },
    precision: 'emulated',
    ...options,
  });

async function run(trainer: Trainer<CharModel>, steps: number): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of trainer.run(corpus, { steps })) reports.push(report);
  return reports;
}

const lossesOf = async (trainer: Trainer<CharModel>, steps: number): Promise<number[]> =>
  (await run(trainer, steps)).map(({ loss }) => loss);

const scaleOf = async (trainer: Trainer): Promise<number[]> =>
  Array.from(await trainer.memory.read(LOSS_SCALE));

describe('training with products in half precision', () => {
  it('differs from single precision by the rounding of operands, and reports the true norm', async () => {
    const device = await webgpuDevice();
    const [half, single] = [await make(device), await make(device, { precision: 'single' })];
    const [ofHalf, ofSingle] = [await run(half, 12), await run(single, 12)];
    for (const [i, { loss, gradientNorm, skipped }] of ofHalf.entries()) {
      expect(skipped).toBe(false);
      expect(Math.abs(loss / ofSingle[i].loss - 1)).toBeLessThan(0.01);
      expect(Math.abs(gradientNorm / ofSingle[i].gradientNorm - 1)).toBeLessThan(0.05);
    }
    expect(ofHalf[0].loss).not.toBe(ofSingle[0].loss);
    for (const trainer of [half, single]) trainer.dispose();
  });

  it('gives on the CPU what it gives on WebGPU', async () => {
    const cpu = await openDevice({ backend: 'cpu' });
    const [there, here] = [await make(await webgpuDevice()), await make(cpu)];
    const [onGpu, onCpu] = [await lossesOf(there, 4), await lossesOf(here, 4)];
    for (const [i, loss] of onCpu.entries()) expect(loss).toBeCloseTo(onGpu[i], 3);
    there.dispose();
    cpu.dispose();
  });

  it('skips a step whose gradient is too large for half precision, and halves the factor', async () => {
    const trainer = await make(await webgpuDevice());
    const before = await trainer.parameters();
    // The gradients of the logits are up to 1/10, times the factor: more than 65504.
    await trainer.memory.write(LOSS_SCALE, Float32Array.of(2 ** 24, 7));
    const [first] = await run(trainer, 1);
    expect(first.skipped).toBe(true);
    expect(await trainer.parameters()).toEqual(before);
    expect(await scaleOf(trainer)).toEqual([2 ** 23, 0]);
    const later = await run(trainer, 8);
    const skipped = later.filter((report) => report.skipped).length;
    expect(skipped).toBeGreaterThanOrEqual(2);
    expect(later.at(-1)?.skipped).toBe(false);
    expect(await scaleOf(trainer)).toEqual([2 ** (23 - skipped), 8 - skipped]);
    // Three skipped steps in a row would be a reason for advice in single precision.
    expect(later.map(({ advice }) => advice)).toEqual(later.map(() => undefined));
    trainer.dispose();
  });

  it('continues from a checkpoint bit for bit, with micro-batches', async () => {
    const device = await webgpuDevice();
    const [whole, first] = [await make(device, { accumulate: 2 }), await make(device, { accumulate: 2 })];
    const expected = await lossesOf(whole, 6);
    const begun = await lossesOf(first, 3);
    const bytes = await saveCheckpoint(first);
    const second = await loadCheckpoint(bytes, { device });
    expect(second.config.precision).toBe('emulated');
    expect(await scaleOf(second)).toEqual([65536, 3]);
    expect([...begun, ...(await lossesOf(second, 3))]).toEqual(expected);
    expect(await scaleOf(second)).toEqual(await scaleOf(whole));
    for (const trainer of [whole, first, second]) trainer.dispose();
  });

  it('refuses a checkpoint without the factor', async () => {
    const cpu = await openDevice({ backend: 'cpu' });
    const { tensors, metadata } = readSafetensors(await saveCheckpoint(await make(cpu)));
    const { [LOSS_SCALE]: _, ...others } = tensors;
    const zero = { ...tensors, [LOSS_SCALE]: { ...tensors[LOSS_SCALE], data: Float32Array.of(0, 0) } };
    for (const changed of [others, zero])
      expect(() => readCheckpoint(writeSafetensors(changed, metadata))).toThrow(FileFormatError);
    cpu.dispose();
  });
});

describe('the precision', () => {
  it('mixed needs a device with shader-f16', async () => {
    const cpu = await openDevice({ backend: 'cpu' });
    await expect(make(cpu, { precision: 'mixed' })).rejects.toThrow(
      /needs a device with the feature shader-f16, which this one has not\. .* slower\.$/,
    );
    expect(cpu.counts.buffers).toBe(0);
    const gpu = await webgpuDevice();
    const trainer = make(gpu, { precision: 'mixed' });
    if (gpu.info.features.includes('shader-f16')) (await trainer).dispose();
    else await expect(trainer).rejects.toThrow('shader-f16');
    cpu.dispose();
  });

  it('single leaves nothing in graphs and checkpoints', async () => {
    const options = { sizes: { T: 2, N: 1 }, loss: 'mean', clip: {}, optimizer: adam() } as const;
    const graph = trainingGraph(model, options);
    expect(trainingGraph(model, { ...options, precision: 'single' })).toEqual(graph);
    expect(Object.keys(graph)).toEqual(['tensors', 'calls']);
    expect(graph.calls.map(({ op }) => op)).not.toContain(LOSS_SCALE);
    const cpu = await openDevice({ backend: 'cpu' });
    const { tensors, metadata } = readSafetensors(
      await saveCheckpoint(await make(cpu, { precision: 'single' })),
    );
    expect(Object.keys(tensors)).not.toContain(LOSS_SCALE);
    expect(metadata.unrolled).not.toContain('precision');
    cpu.dispose();
  });

  it('is one of three', async () => {
    const cpu = await openDevice({ backend: 'cpu' });
    await expect(make(cpu, { precision: 'half' as 'mixed' })).rejects.toThrow(/^precision: expected/);
    expect(() => new GraphBuilder('half' as 'mixed')).toThrow(/^precision: expected/);
    cpu.dispose();
  });
});

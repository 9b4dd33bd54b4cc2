import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  Corpus,
  loadCheckpoint,
  openDevice,
  readCheckpoint,
  readSafetensors,
  saveCheckpoint,
  type Device,
} from '../../src/index.js';
import { copyMemory } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';

/** Reports of a run after the checkpoint. */
interface Continuation {
  /** Of six steps. */
  readonly reports: readonly Readonly<
    Record<'epoch' | 'loss' | 'smoothLoss' | 'gradientNorm' | 'rate', number>
  >[];
  /** 20 symbols, sampled after these steps with the run's seed; absent for a task. */
  readonly sample?: string;
  /** Loss on the whole text, or on the held-out windows of the task, after these steps. */
  readonly evaluated: number;
}

/**
 * Checkpoints of format 1, each after twelve steps, and the results of the last version that wrote this
 * format when it continued them.
 */
interface Golden {
  readonly text: string;
  readonly repeats: number;
  /** Adapter of the webgpu numbers. */
  readonly adapter: string;
  readonly cases: Readonly<Record<string, { readonly cpu: Continuation; readonly webgpu: Continuation }>>;
}

const folder = new URL('../golden/first-format/', import.meta.url);
const golden = JSON.parse(readFileSync(new URL('continuations.json', folder), 'utf8')) as Golden;
const corpus = Corpus.fromText(golden.text.repeat(golden.repeats));
const sourceOf = (name: string) => (name.endsWith('task') ? copyMemory({ symbols: 2, delay: 2 }) : corpus);
const bytesOf = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`${name}.safetensors`, folder)));

async function goOn(name: string, bytes: Uint8Array, device: Device): Promise<Continuation> {
  const trainer = await loadCheckpoint(bytes, { device });
  const source = sourceOf(name);
  const reports = [];
  for await (const { epoch, loss, smoothLoss, gradientNorm, rate } of trainer.run(source, { steps: 6 }))
    reports.push({ epoch, loss, smoothLoss, gradientNorm, rate });
  const sample = name.endsWith('task') ? {} : { sample: await trainer.sample({ length: 20 }) };
  const { loss: evaluated } = await trainer.evaluate(source);
  trainer.dispose();
  return { reports, ...sample, evaluated };
}

/** Compares numbers with a relative tolerance of 1e-5, for another adapter. */
function expectClose(got: Continuation, wanted: Continuation): void {
  expect(got.reports).toHaveLength(wanted.reports.length);
  for (const [i, report] of wanted.reports.entries())
    for (const field of ['epoch', 'loss', 'smoothLoss', 'gradientNorm', 'rate'] as const)
      expect(Math.abs(got.reports[i][field] - report[field]), `step ${i} ${field}`).toBeLessThanOrEqual(
        1e-5 * Math.abs(report[field]),
      );
  expect(Math.abs(got.evaluated - wanted.evaluated)).toBeLessThanOrEqual(1e-5 * wanted.evaluated);
  expect(got.sample).toBe(wanted.sample);
}

describe.each(Object.entries(golden.cases))('a checkpoint of format 1, %s', (name, { cpu, webgpu }) => {
  it('has format 1 and is read correctly', () => {
    const { metadata } = readSafetensors(bytesOf(name));
    expect(metadata.format).toBe('unrolled-checkpoint/1');
    const { model, extra, progress, trainer } = readCheckpoint(bytesOf(name));
    const description = JSON.parse(metadata.unrolled) as {
      model: object;
      symbols: string[];
      trainer: Record<string, unknown>;
      progress: { batcher: Record<string, unknown> };
    };
    expect(model.config).toEqual(description.model);
    expect(model.vocabulary.symbols).toEqual(description.symbols);
    expect(extra).toEqual({ note: name });
    const { scored, optimizer, ...options } = description.trainer;
    expect(scored).toBeGreaterThan(0);
    expect(trainer).toMatchObject({ ...options, accumulate: 1, frozen: [] });
    expect({ kind: trainer.optimizer.kind, options: trainer.optimizer.options }).toEqual(optimizer);
    const { sampling, windowsPerEpoch, ...place } = description.progress.batcher;
    expect(progress.loader).toEqual({ ...place, order: sampling, batchesPerEpoch: windowsPerEpoch });
  });

  it('continues bit for bit on the reference', async () => {
    expect(await goOn(name, bytesOf(name), await openDevice({ backend: 'reference' }))).toEqual(cpu);
  });

  it('continues on webgpu, bit for bit on the adapter of the golden numbers', async () => {
    const device = await webgpuDevice();
    const got = await goOn(name, bytesOf(name), device);
    if (device.info.adapter === golden.adapter) expect(got).toEqual(webgpu);
    else expectClose(got, webgpu);
  });

  it('continues equally after it was saved in the current format', async () => {
    for (const device of [await openDevice({ backend: 'cpu' }), await webgpuDevice()]) {
      const trainer = await loadCheckpoint(bytesOf(name), { device });
      const again = await saveCheckpoint(trainer, readCheckpoint(bytesOf(name)).extra);
      trainer.dispose();
      expect(readSafetensors(again).metadata.format).not.toBe('unrolled-checkpoint/1');
      expect(readSafetensors(again).tensors).toEqual(readSafetensors(bytesOf(name)).tensors);
      expect(await goOn(name, again, device)).toEqual(await goOn(name, bytesOf(name), device));
    }
  });
});

it('a position of format 1 is refused in a text of another length', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await loadCheckpoint(bytesOf('lstm-adam'), { device });
  const other = Corpus.fromText(golden.text.repeat(golden.repeats + 2));
  await expect(trainer.run(other, { steps: 1 }).next()).rejects.toThrow(
    'The saved position is in 12 windows per epoch',
  );
  trainer.dispose();
});

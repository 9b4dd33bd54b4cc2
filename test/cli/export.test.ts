import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  Corpus,
  captioner,
  characters,
  charModel,
  classifier,
  encoderDecoder,
  languageModel,
  openDevice,
  saveCheckpoint,
  sgd,
  Trainer,
  writeFileAtomic,
} from '../../src/node.js';
import type { Model } from '../../src/graph.js';
import { runOnnx, type OnnxInput } from '../support/onnxruntime.js';
import { command, temporaryFolder } from './support.js';

const file = temporaryFolder();

beforeAll(async () => {
  await writeFile(file('text.txt'), 'no checkpoint');
  const corpus = Corpus.fromText('abcab cab abc\n'.repeat(20));
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await Trainer.create(charModel({ vocabulary: corpus.vocabulary, hidden: 8, layers: 2 }), {
    device,
    batch: 1,
    time: 5,
    optimizer: sgd({ rate: 0.1 }),
  });
  await writeFileAtomic(file('model.safetensors'), await saveCheckpoint(trainer));
  trainer.dispose();
});

describe('export', () => {
  const exported = (...args: string[]): ReturnType<typeof command> =>
    command(['export', '--checkpoint', file('model.safetensors'), ...args]);

  test('writes a file that onnxruntime runs, over any number of steps and rows', async () => {
    const { status, out, error } = await exported('--onnx', file('model.onnx'));
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toMatch(/model\.onnx: rnn 2×8, 5 symbols, .+ \(step 0\)\n$/);
    const bytes = await readFile(file('model.onnx'));
    for (const [T, N] of [
      [1, 1],
      [4, 3],
    ]) {
      const h0 = { type: 'float32' as const, shape: [2, N, 8], data: new Float32Array(2 * N * 8) };
      const { logits, hn } = await runOnnx(bytes, {
        ids: { type: 'int64', shape: [T, N], data: new Array<number>(T * N).fill(2) },
        h0,
      });
      expect(logits.shape).toEqual([T, N, 5]);
      expect(hn.shape).toEqual([2, N, 8]);
    }
  });

  test('single steps give the same result as the window', async () => {
    await exported('--onnx', file('window.onnx'));
    const step = await exported('--onnx', file('step.onnx'), '--time', '1', '--batch', '1', '--json');
    expect(JSON.parse(step.out)).toEqual({
      event: 'export',
      step: 0,
      path: file('step.onnx'),
      bytes: (await readFile(file('step.onnx'))).length,
      cell: 'rnn',
      hidden: 8,
      layers: 2,
      vocabulary: 5,
    });
    const ids = [0, 1, 2, 3, 4, 1];
    const start: OnnxInput = { type: 'float32', shape: [2, 1, 8], data: new Float32Array(16) };
    const window = await runOnnx(await readFile(file('window.onnx')), {
      ids: { type: 'int64', shape: [6, 1], data: ids },
      h0: start,
    });
    let h0 = start;
    const logits: number[] = [];
    for (const id of ids) {
      const one = await runOnnx(await readFile(file('step.onnx')), {
        ids: { type: 'int64', shape: [1, 1], data: [id] },
        h0,
      });
      logits.push(...one.logits.data);
      h0 = { ...h0, data: one.hn.data };
    }
    logits.forEach((value, i) => expect(value).toBeCloseTo(window.logits.data[i], 5));
  });

  test('writes one file of a classifier or a language model, and two of an encoder–decoder', async () => {
    const device = await openDevice({ backend: 'cpu' });
    const symbols = { tokenizer: characters(['ab']), embedding: 3 };
    const models = {
      classifier: classifier({ input: symbols, labels: { names: ['x', 'y'] }, hidden: 4 }),
      translator: encoderDecoder({ source: symbols, target: symbols, hidden: 4, attention: 'dot' }),
      captioner: captioner({ target: symbols, features: { size: 2 }, hidden: 4 }),
      writer: languageModel({ tokenizer: symbols.tokenizer, hidden: 4, cell: 'gru', tied: true }),
    };
    for (const [name, model] of Object.entries(models)) {
      const trainer = await Trainer.create<Model>(model, { device, optimizer: sgd({ rate: 0.1 }) });
      await writeFileAtomic(file(`${name}.safetensors`), await saveCheckpoint(trainer));
      trainer.dispose();
    }
    const exportOf = (name: string, ...args: string[]): ReturnType<typeof command> =>
      command([
        'export',
        '--checkpoint',
        file(`${name}.safetensors`),
        '--onnx',
        file(`${name}.onnx`),
        ...args,
      ]);
    expect((await exportOf('classifier')).out).toMatch(
      /classifier\.onnx: classifier with \d+ weights, .+ \(step 0\)\n$/,
    );
    const ids: OnnxInput = { type: 'int64', shape: [2, 1], data: [0, 1] };
    const lengths: OnnxInput = { type: 'int64', shape: [1], data: [2] };
    const { logits } = await runOnnx(await readFile(file('classifier.onnx')), { ids, lengths });
    expect(logits.shape).toEqual([1, 2]);
    expect((await exportOf('writer')).out).toMatch(
      /writer\.onnx: language-model with \d+ weights, .+ \(step 0\)\n$/,
    );
    const h0: OnnxInput = { type: 'float32', shape: [1, 1, 4], data: [0, 0, 0, 0] };
    const written = await runOnnx(await readFile(file('writer.onnx')), { ids, h0 });
    expect(written.logits.shape).toEqual([2, 1, symbols.tokenizer.size]);
    const { status, out } = await exportOf('translator', '--json', '--time', '2');
    expect(status).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { event: 'export', path: file('translator.encoder.onnx'), kind: 'encoder-decoder' },
      { event: 'export', path: file('translator.decoder.onnx'), kind: 'encoder-decoder' },
    ]);
    const encoder = await readFile(file('translator.encoder.onnx'));
    const { memory } = await runOnnx(encoder, { source: ids, sourceLengths: lengths });
    expect(memory.shape).toEqual([2, 1, 4]);
    expect((await readFile(file('translator.decoder.onnx'))).length).toBeGreaterThan(100);
    expect(await exportOf('captioner')).toMatchObject({
      status: 2,
      error: expect.stringContaining('expected a classifier, tagger or regressor') as string,
    });
  });

  test('refuses wrong options and unusable checkpoints', async () => {
    expect(await command(['export', '--checkpoint', file('model.safetensors')])).toMatchObject({
      status: 2,
      error: expect.stringContaining('--onnx') as string,
    });
    expect(await exported('--onnx', file('none/model.onnx'))).toMatchObject({
      status: 1,
      error: expect.stringContaining('there is no such folder') as string,
    });
    expect(await exported('--onnx', file('model.onnx'), '--time', '0')).toMatchObject({
      status: 2,
      error: expect.stringContaining('--time') as string,
    });
    expect(
      await command(['export', '--checkpoint', file('text.txt'), '--onnx', file('x.onnx')]),
    ).toMatchObject({ status: 1 });
  });
});

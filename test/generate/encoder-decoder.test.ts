import { describe, expect, it } from 'vitest';
import {
  adam,
  beam,
  characters,
  dataset,
  encoderDecoder,
  evaluationGraph,
  openDevice,
  records,
  sourceTokens,
  targetTokens,
  Trainer,
  type EncoderDecoder,
  type EncoderDecoderOptions,
} from '../../src/index.js';
import { Random, STREAM } from '../../src/core/random.js';

const letters = 'abcdef';
const tokenizer = characters([letters]);
const cpu = await openDevice({ backend: 'cpu' });

function modelOf(options: Partial<EncoderDecoderOptions>): EncoderDecoder {
  const symbols = { tokenizer, embedding: 4 };
  return encoderDecoder({ source: symbols, target: symbols, cell: 'gru', hidden: 6, ...options });
}

const KINDS: readonly (readonly [string, Partial<EncoderDecoderOptions>])[] = [
  ['RNN, last state', { cell: 'rnn' }],
  ['LSTM, two layers, both contexts', { cell: 'lstm', layers: 2, context: 'both' }],
  ['bidirectional, every step', { bidirectional: true, context: 'every-step', summary: 'last' }],
  ['transformed mean, one-hot source', { summary: 'transformed-all', source: { tokenizer } }],
  ['minGRU with dot attention', { cell: 'mingru', attention: 'dot' }],
  ['bidirectional LSTM with general attention', { cell: 'lstm', bidirectional: true, attention: 'general' }],
  ['general attention, input feeding', { layers: 2, attention: 'general', inputFeeding: true }],
  ['additive attention, bidirectional', { bidirectional: true, attention: 'additive', attentionSize: 5 }],
  ['additive attention, two LSTM layers', { cell: 'lstm', layers: 2, attention: 'additive' }],
  ['minLSTM with additive attention', { cell: 'minlstm', attention: 'additive' }],
  ['pyramidal with additive attention', { layers: 3, pyramidal: true, attention: 'additive' }],
  [
    'pyramidal, bidirectional, general',
    { layers: 2, pyramidal: true, bidirectional: true, attention: 'general' },
  ],
  [
    'dot attention, every step, tied',
    { attention: 'dot', context: 'both', tied: true, target: { tokenizer, embedding: 6 } },
  ],
];

describe('step by step, an encoder–decoder has the numbers of its training graph', () => {
  it.each(KINDS)('%s', async (_, options) => {
    const model = modelOf(options);
    const trainer = await Trainer.create(model, { device: cpu, optimizer: adam({ rate: 0.01 }), seed: 2 });
    const sources = ['abcde', 'f', 'eebfacd'];
    const all = await trainer.generator.generateAll(sources, { longest: 5, attention: true });
    const [T, N, S, V] = [5, 3, 7, tokenizer.size];
    const written = all.map(([{ ids }]) => ids);
    const at = (rows: readonly ArrayLike<number>[], length: number): Uint32Array<ArrayBuffer> =>
      Uint32Array.from({ length: length * N }, (__, i) => rows[i % N][Math.floor(i / N)] ?? V);
    const arrays = {
      source: at(
        sources.map((source) => tokenizer.encode(source)),
        S,
      ),
      sourceLengths: Uint32Array.from(sources, (source) => source.length),
      previous: at(
        written.map((ids) => [tokenizer.begin, ...ids.slice(0, -1)]),
        T,
      ),
      targets: at(written, T),
    };
    const attends = options.attention !== undefined;
    const kept = attends ? ['logits', 'attention'] : ['logits'];
    const program = await cpu.prepare(evaluationGraph(model, { sizes: { T, N, S }, kept }), trainer.memory);
    await program.submit([arrays]);
    const logits = await program.read('logits');
    const weights = attends ? await program.read('attention') : new Float32Array();
    const places = weights.length / (T * N);
    for (const [n, ids] of written.entries()) {
      let sum = 0;
      for (const [t, id] of ids.entries()) {
        const row = Array.from(logits.subarray((t * N + n) * V, (t * N + n + 1) * V));
        expect(row.indexOf(Math.max(...row))).toBe(id);
        sum += row[id] - Math.log(row.reduce((total, x) => total + Math.exp(x), 0));
      }
      const [{ logProbability, attention = new Float32Array() }] = all[n];
      expect(logProbability).toBeCloseTo(sum, 4);
      const own = attention.length / ids.length;
      for (let i = 0; i < attention.length; i++) {
        const [t, s] = [Math.floor(i / own), i % own];
        expect(attention[i]).toBeCloseTo(weights[(t * N + n) * places + s], 5);
      }
      if (!attends) continue;
      const first = attention.slice(0, own).reduce((total, weight) => total + weight, 0);
      expect(first).toBeCloseTo(1, 5);
      expect(own).toBe(
        options.pyramidal
          ? Math.ceil(sources[n].length / 2 ** ((options.layers ?? 1) - 1))
          : sources[n].length,
      );
    }
    // A row is what it is alone, also where the search is wider.
    const method = beam(3);
    const [, [together]] = await trainer.generator.generateAll(sources, { method, longest: 5 });
    const [alone] = await trainer.generate(sources[1], { method, longest: 5 });
    expect(together.ids).toEqual(alone.ids);
    expect(together.logProbability).toBeCloseTo(alone.logProbability, 4);
    program.dispose();
    trainer.dispose();
  });
});

it('learns to reverse strings, and generates 99 of 100 without a mistake', async () => {
  const device = await openDevice({ backend: 'wasm' });
  const random = new Random(4, STREAM.test);
  const rows = Array.from({ length: 2400 }, () => {
    const from = Array.from({ length: 2 + random.below(5) }, () => letters[random.below(6)]).join('');
    return { from, to: [...from].reverse().join('') };
  });
  const model = encoderDecoder({
    source: { tokenizer, embedding: 16 },
    target: { tokenizer, embedding: 16 },
    cell: 'gru',
    hidden: 48,
    bidirectional: true,
    attention: 'general',
  });
  const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 5e-3 }), seed: 1 });
  const data = dataset(
    records.of(rows.slice(0, 2000)),
    [sourceTokens('from', tokenizer), targetTokens('to', tokenizer)],
    { batch: 50 },
  );
  for await (const { step, loss } of trainer.run(data, { epochs: 12 }))
    if (step % 40 === 0) console.log(step, loss);
  const seen = new Set(rows.slice(0, 2000).map(({ from }) => from));
  const fresh = rows.slice(2000).filter(({ from }) => !seen.has(from));
  expect(fresh.length).toBeGreaterThan(100);
  const results = await trainer.generator.generateAll(
    fresh.map(({ from }) => from),
    { longest: 8 },
  );
  const right = results.filter(([{ text }], i) => text === fresh[i].to).length;
  expect(right / fresh.length).toBeGreaterThanOrEqual(0.99);
  trainer.dispose();
  device.dispose();
});

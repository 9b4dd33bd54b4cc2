import { describe, expect, it } from 'vitest';
import {
  adam,
  characters,
  DataError,
  encoderDecoder,
  openDevice,
  OptionError,
  Trainer,
  type EncoderDecoder,
  type EncoderDecoderOptions,
} from '../../src/index.js';
import { byStep, expectNumbersOfTraining } from '../support/teacher-forced.js';

const tokenizer = characters(['abcdef']);
const cpu = await openDevice({ backend: 'cpu' });

function modelOf(options: Partial<EncoderDecoderOptions>): EncoderDecoder {
  const symbols = { tokenizer, embedding: 4 };
  return encoderDecoder({ source: symbols, target: symbols, cell: 'gru', hidden: 6, ...options });
}

const target = { tokenizer, embedding: 6 };
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
  ['dot attention, both contexts, tied', { attention: 'dot', context: 'both', tied: true, target }],
];

describe('single steps of an encoder–decoder have the results of its training graph', () => {
  it.each(KINDS)('%s', async (_, options) => {
    const sources = ['abcde', 'f', 'eebfacd'];
    const joined = options.pyramidal ? 2 ** ((options.layers ?? 1) - 1) : 1;
    await expectNumbersOfTraining(cpu, {
      model: modelOf(options),
      conditions: sources,
      arrays: {
        source: byStep(
          sources.map((source) => tokenizer.encode(source)),
          7,
          tokenizer.size,
        ),
        sourceLengths: Uint32Array.from(sources, ({ length }) => length),
      },
      sizes: { S: 7 },
      ...(options.attention ? { positions: sources.map(({ length }) => Math.ceil(length / joined)) } : {}),
    });
  });
});

it('reads a source as text, symbols or ids, and refuses anything else', async () => {
  const trainer = await Trainer.create(modelOf({}), { device: cpu, optimizer: adam({ rate: 0.01 }) });
  const expected = await trainer.generate('fade', { longest: 6 });
  expect(await trainer.generate(['f', 'a', 'd', 'e'], { longest: 6 })).toEqual(expected);
  expect(await trainer.generate([5, 0, 3, 4], { longest: 6 })).toEqual(expected);
  const refused = async (source: unknown, message: string): Promise<void> => {
    await expect(trainer.generate(source as string)).rejects.toThrow(DataError);
    await expect(trainer.generate(source as string)).rejects.toThrow(message);
  };
  await refused('', 'The condition 0 is empty');
  await refused([], 'The condition 0 is empty');
  await refused([99], 'ids from 0 to 8');
  await refused(7, 'must be a text');
  await expect(trainer.generator.generateAll(['a', ''])).rejects.toThrow('condition 1');
  trainer.dispose();
});

it('refuses to return attention of a model without it, and can be used afterwards', async () => {
  const options = { device: cpu, optimizer: adam({ rate: 0.01 }) };
  const trainer = await Trainer.create(modelOf({}), options);
  const call = trainer.generate('fade', { longest: 6, attention: true });
  await expect(call).rejects.toThrow(OptionError);
  await expect(call).rejects.toThrow(
    'attention: expected false, since this model (encoder-decoder) has no attention, got true.',
  );
  expect((await trainer.generate('fade', { longest: 6 })).at(0)).not.toHaveProperty('attention');
  trainer.dispose();
});

it('reports that a model without a tokenizer has no begin symbol', async () => {
  const model = modelOf({ source: { symbols: 9 }, target: { symbols: 9, embedding: 4 } });
  const trainer = await Trainer.create(model, { device: cpu, optimizer: adam({ rate: 0.01 }) });
  await expect(trainer.generate([1, 2])).rejects.toThrow('no begin symbol');
  await expect(trainer.generate('ab')).rejects.toThrow('no tokenizer that encodes texts');
  trainer.dispose();
});

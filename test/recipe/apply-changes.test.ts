import { describe, expect, it } from 'vitest';
import { Corpus, PRESETS } from '../../src/index.js';
import {
  copyMemory,
  modelOptions,
  scheduleOf,
  stepOptions,
  taskTrainingData,
  TASK_PRESET,
  textTrainingData,
  textOptions,
  validationOf,
  type Changes,
} from '../../src/graph.js';

const [karpathy, gluon, charRnn] = [PRESETS['min-char-rnn'], PRESETS.gluon, PRESETS['char-rnn']];

describe('a preset with changes', () => {
  it('equals the preset without changes', () => {
    const { embedding: _, ...init } = charRnn.model.init;
    expect(modelOptions(charRnn, {})).toEqual({ ...charRnn.model, init });
    const { optimizer, ...step } = stepOptions(charRnn, {});
    expect(optimizer).toMatchObject({ kind: 'rmsprop', options: { rate: 2e-3, decay: 0.95 } });
    const { batch, time, sampling, loss, report, clip } = charRnn.train;
    expect(step).toEqual({ batch, time, sampling, loss, report, clip, seed: 0 });
    expect(scheduleOf(charRnn, {}, 100)).toEqual(charRnn.train.schedule);
    expect(textOptions(gluon, {})).toEqual({ newlines: 'space', limit: 20_000 });
    expect(validationOf(charRnn, {})).toBe(0.05);
    expect(validationOf(karpathy, {})).toBe(0);
  });

  it('keeps only those parts of the initializer that the cell can have', () => {
    const initOf = (changes: Changes): unknown => modelOptions(TASK_PRESET, changes).init;
    expect(initOf({})).toEqual({ kind: 'glorot', recurrent: 'orthogonal', forgetBias: 3 });
    expect(initOf({ cell: 'gru' })).toEqual({ kind: 'glorot', recurrent: 'orthogonal' });
    expect(initOf({ cell: 'minlstm' })).toEqual({ kind: 'glorot', forgetBias: 3 });
    expect(initOf({ cell: 'mingru' })).toEqual({ kind: 'glorot' });
    // An option of the user is not ignored: the model refuses it.
    expect(initOf({ cell: 'mingru', forgetBias: 1 })).toEqual({ kind: 'glorot', forgetBias: 1 });
    expect(initOf({ init: 'torch', hidden: 4, embedding: 2, embeddingStd: 0.5 })).toEqual({
      kind: 'uniform',
      bound: 0.5,
      embedding: 0.5,
    });
  });

  it('takes options from changes first, then from given weights, then from the preset', () => {
    const weights = { cell: 'gru', hidden: 7, layers: 3 } as const;
    expect(modelOptions(charRnn, { hidden: 9 }, weights)).toMatchObject({
      cell: 'gru',
      hidden: 9,
      layers: 3,
      biases: charRnn.model.biases,
    });
  });

  it('uses a single pointer only with one row', () => {
    expect(stepOptions(karpathy, {}).sampling).toBe('pointer');
    expect(stepOptions(karpathy, { batch: 2 }).sampling).toBe('consecutive');
    expect(stepOptions(karpathy, {}, { streams: 3 })).toMatchObject({ batch: 3, sampling: 'consecutive' });
    expect(stepOptions(gluon, { sampling: 'consecutive' }).sampling).toBe('consecutive');
    expect(stepOptions(karpathy, { sampling: 'random' }).sampling).toBe('random');
  });

  it('uses the defaults of another optimizer, and removes a limit of 0', () => {
    expect(stepOptions(karpathy, { rate: 0.5 }).optimizer.options).toMatchObject({
      rate: 0.5,
      epsilon: 1e-8,
    });
    expect(stepOptions(charRnn, { optimizer: 'sgd', rate: 0.5 }).optimizer.options).not.toHaveProperty(
      'decay',
    );
    expect(stepOptions(charRnn, { clipValue: 0, clipNorm: 2 }).clip).toEqual({ norm: 2 });
    expect(stepOptions(gluon, { loss: 'mean' })).toMatchObject({ loss: 'mean', report: 'mean' });
  });

  it('has the chosen schedule, or a step schedule if a decay is given', () => {
    expect(scheduleOf(karpathy, { warmup: 5 }, 10)).toEqual({ kind: 'constant', warmup: 5 });
    expect(scheduleOf(karpathy, { rateDecay: 0.5 }, 10)).toMatchObject({ kind: 'step', decay: 0.5 });
    expect(scheduleOf(charRnn, { schedule: 'cosine', rateDecay: 0.5, rateFloor: 0.1 }, 40)).toEqual({
      kind: 'cosine',
      steps: 40,
      floor: 0.1,
      warmup: 0,
    });
    expect(() => scheduleOf(karpathy, { schedule: 'other' as 'step' }, 10)).toThrow(/constant, step, cosine/);
  });
});

describe('training data', () => {
  it('of a text have a part to train on and a part for validation', async () => {
    const text = textTrainingData(Corpus.fromText('abcdefghij'.repeat(100)), 0.25, 'letters');
    expect(text).toMatchObject({ characters: 750, heldBack: 250, evaluation: { batch: 1 }, streams: 1 });
    expect(text.guessing).toEqual({ loss: Math.log(10), bits: Math.log2(10), perplexity: 10 });
    expect(await text.opening?.(4)).toBe('abcd');
    expect(textTrainingData(Corpus.fromText('abab'), 0, 'short').validation).toBeUndefined();
  });

  it('of a task have windows of one length and no text to continue', () => {
    const task = copyMemory({ symbols: 2, delay: 3 });
    const data = taskTrainingData(task, 'the task copy-memory');
    expect(data).toMatchObject({ time: 7, characters: 0, evaluation: {}, unit: { name: 'symbol' } });
    expect(data.opening).toBeUndefined();
    expect(data.validation).toBe(task);
    expect(data.guessing.perplexity).toBeCloseTo(8, 10);
    const bidirectional = { vocabulary: task.vocabulary, hidden: 2, bidirectional: true };
    expect(data.model(bidirectional).config.bidirectional).toBe(true);
    const text = textTrainingData(Corpus.fromText('abab'), 0, 'short');
    expect(() => text.model({ ...bidirectional, vocabulary: text.source.vocabulary })).toThrow(
      /bidirectional/,
    );
  });
});

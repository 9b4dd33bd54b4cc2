import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Settings } from '../../demo/src/training/protocol.js';
import { estimate } from '../../demo/src/training/worker/estimate.js';
import { checkSampling } from '../../demo/src/training/worker/sampling.js';
import { recipeEntries, RECIPES } from '../../demo/src/training/worker/recipes.js';
import { Run } from '../../demo/src/training/worker/run.js';
import { openDevice, OptionError, type Device } from '../../src/index.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice({ backend: 'cpu' });
});
afterAll(() => device.dispose());

const settings = (preset: string, more: Partial<Settings> = {}): Settings => ({
  text: { kind: 'bundled', name: 'english' },
  preset,
  ...recipeEntries(preset).settings,
  seed: 0,
  steps: '',
  backend: 'cpu',
  ...more,
});

/** The option that an OptionError names. */
async function refused(entries: Partial<Settings>): Promise<string> {
  const told = await estimate(settings('first-words', entries)).catch((error: unknown) => error);
  await expect(Run.create(settings('first-words', entries), device)).rejects.toThrow((told as Error).message);
  return told instanceof OptionError ? told.option : String(told);
}

describe('what a run would be is what it is', () => {
  test.each(Object.keys(RECIPES))('%s', async (preset) => {
    const small = { hidden: 16, ...(preset === 'char-rnn' ? { batch: 4, time: 10 } : {}) };
    const told = await estimate(settings(preset, small), device.info);
    const run = await Run.create(settings(preset, small), device);
    const { parameters, dispatchesPerStep, charactersPerStep, text, held } = run.facts;
    const characters = text.characters - held;
    const bytes = Object.values(run.trainer.plan.bytes).reduce((a, b) => a + b, 0);
    expect(told).toEqual({
      parameters,
      characters,
      exact: true,
      symbols: text.symbols,
      dispatches: dispatchesPerStep,
      bytes,
      charactersPerStep,
    });
    run.dispose();
  });

  test('of a large file the beginning is enough, and its size is the most that there can be', async () => {
    const file = new File(['the mill on the hill. '.repeat(100_000)], 'mill.txt');
    const told = await estimate(settings('first-words', { text: { kind: 'file', file } }));
    expect(told).toMatchObject({
      exact: false,
      characters: Math.round(2_200_000 * 0.95),
      symbols: new Set('the mill on the hill. ').size,
    });
  });
});

test.each([
  ['layers', 1.5, 'layers'],
  ['layers', '', 'layers'],
  ['hidden', 'many', 'hidden'],
  ['dropout', 0.5, 'dropout'],
  ['dropout', 1, 'dropout'],
  ['recurrentDropout', -0.1, 'recurrentDropout'],
  ['cell', 'perceptron', 'cell'],
  ['batch', 0, 'batch'],
  ['time', 2.5, 'time'],
  ['optimizer', 'magic', 'optimizer.kind'],
  ['rate', -1, 'adam.rate'],
  ['schedule', 'sometimes', 'schedule'],
  ['warmup', -5, 'constant.warmup'],
  ['clipNorm', -1, 'clip.norm'],
  ['clipValue', 'little', 'clip.value'],
  ['validation', 1, 'validation'],
  ['seed', 0.5, 'seed'],
  ['steps', 0, 'steps'],
])(
  '%s "%s" is refused before the start and at the start, by the same words about %s',
  async (field, entry, option) => {
    expect(await refused({ [field]: entry })).toBe(option);
  },
);

test('entries that belong to a schedule are checked with it, and only then', async () => {
  expect(await refused({ schedule: 'step', rateDecay: 2 })).toBe('step.decay');
  expect(await refused({ schedule: 'step', rateDecayAfter: 0 })).toBe('step.after');
  expect(await refused({ schedule: 'cosine' })).toBe('cosine.steps');
  expect(await refused({ schedule: 'cosine', steps: 100, rateFloor: 3 })).toBe('cosine.floor');
  await estimate(settings('first-words', { rateDecay: 2, rateFloor: 3 }));
});

test('every cell of the form trains, with layers, dropout, a cosine and a part held back', async () => {
  for (const cell of ['rnn', 'rnn-relu', 'lstm', 'gru', 'mingru', 'minlstm']) {
    const recurrentDropout = cell.startsWith('min') ? 0 : 0.1;
    const entries = {
      cell,
      rate: 0.005,
      hidden: 6,
      layers: 2,
      dropout: 0.1,
      recurrentDropout,
      batch: 2,
      time: 5,
      steps: 3,
      schedule: 'cosine',
      warmup: 1,
      rateFloor: 0.5,
      clipNorm: '',
      clipValue: 2,
    };
    const run = await Run.create(settings('first-words', entries), device);
    const { schedule, warmup, rateFloor, clipNorm, clipValue } = entries;
    expect(run.facts.used).toMatchObject({
      cell,
      layers: 2,
      dropout: 0.1,
      recurrentDropout,
      schedule,
      warmup,
      rateFloor,
      clipNorm,
      clipValue,
      validation: 0.05,
    });
    const rates: number[] = [];
    for await (const { rate, loss } of run.trainer.run(run.corpus, { steps: 3 })) {
      rates.push(rate);
      expect(loss).toBeGreaterThan(0);
    }
    expect(rates).toEqual([0.005, 0.00375, 0.0025]);
    // What a loaded checkpoint shows in the form is what it was made with.
    const again = await Run.resume(await run.save(), settings('first-words', { steps: 3 }), device);
    expect(again.facts.used).toEqual(run.facts.used);
    expect(again.held?.length).toBe(run.facts.held);
    for (const one of [run, again]) one.dispose();
  }
});

test('a recipe of one pointer, which sums its losses, trains several rows too', async () => {
  const run = await Run.create(settings('min-char-rnn', { batch: 3, time: 10, hidden: 6 }), device);
  expect(run.facts).toMatchObject({
    summed: true,
    charactersPerStep: 30,
    baseline: expect.closeTo(30 * Math.log(52), 6) as number,
  });
  for await (const { loss } of run.trainer.run(run.corpus, { steps: 1 }))
    expect(loss).toBeCloseTo(run.facts.baseline, 0);
  run.dispose();
});

test('a network that fits no memory is refused before it is planned, with what it needs and what to change', async () => {
  const tooLarge =
    /^3,000,\d+,\d+,\d+ parameters are too many: they need 10\.9 TiB of memory in one piece, but at most 4\.0 GiB is available\. Choose fewer hidden units \(H\) or layers/;
  await expect(estimate(settings('first-words', { hidden: 1_000_000 }))).rejects.toThrow(tooLarge);
  await expect(Run.create(settings('first-words', { hidden: 1_000_000 }), device)).rejects.toThrow(tooLarge);
});

test('entries for samples: k counts with top-k alone, and argmax needs no temperature', () => {
  const entries = { prime: 'a', draw: 'all', temperature: 0.5, topK: 'few', length: 10, sampleEvery: 0 };
  expect(checkSampling(entries)).toEqual({ prime: 'a', temperature: 0.5, topK: 0, length: 10, every: 0 });
  expect(() => checkSampling({ ...entries, draw: 'top-k' })).toThrow(
    'topK: expected a whole number of at least 1, got "few".',
  );
  expect(checkSampling({ ...entries, draw: 'top-k', topK: 3 })).toMatchObject({ temperature: 0.5, topK: 3 });
  expect(checkSampling({ ...entries, draw: 'argmax', temperature: 'hot' })).toMatchObject({
    temperature: 0,
    topK: 0,
  });
  expect(() => checkSampling({ ...entries, draw: 'dice' })).toThrow(
    'draw: expected one of all, top-k, argmax, got "dice".',
  );
});

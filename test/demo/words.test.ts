import { describe, expect, test } from 'vitest';
import {
  deviceFault,
  deviceNotice,
  fieldSentence,
  labelledSentence,
  machineWords,
} from '../../demo/src/page/fault-words.js';
import { sentences } from '../../demo/src/page/format.js';
import { readNumber } from '../../demo/src/page/numbers.js';
import { optimizerName, presetName, textName } from '../../demo/src/training/names.js';
import { directionOf } from '../../demo/src/training/pasted-text.js';
import { sizeAdvice } from '../../demo/src/training/size-advice.js';
import { recipeEntries, RECIPES } from '../../demo/src/training/worker/recipes.js';
import { partsOf, planOf } from '../../demo/src/training/worker/plan.js';
import { answer, faultOf } from '../../demo/src/host/answers.js';
import { bundledTexts, OPTIMIZER_KINDS, syntheticLanguages } from '../../src/graph.js';
import { Corpus, OptionError } from '../../src/index.js';

test.each([
  ['0,05', false, 0.05],
  [' ,5 ', false, 0.5],
  ['1,5e-3', false, 0.0015],
  ['−0.3', false, -0.3],
  ['0.05', false, 0.05],
  ['1,000', false, 1],
  ['1,000', true, 1000],
  ['1.000.000', true, 1_000_000],
  ['12 500', true, 12_500],
  ['1.5', true, 1.5],
  ['1,5', true, 1.5],
  ['many', true, 'many'],
  ['1,2,3', false, '1,2,3'],
  ['  ', false, ''],
])('what people type, "%s" (whole: %s), is read as %j', (typed, whole, value) => {
  expect(readNumber(typed, whole)).toBe(value);
});

test('between two sentences is a blank, but not after a Chinese mark', () => {
  expect(sentences(['It stops.', '', 'It goes on.'])).toBe('It stops. It goes on.');
  expect(sentences(['停了。', '接着学。'])).toBe('停了。接着学。');
  expect(sentences(['没有 GPU（慢）', '停了。', 'The GPU was lost.'])).toBe(
    '没有 GPU（慢）停了。The GPU was lost.',
  );
  expect([sentences([]), sentences(['', 'One.'])]).toEqual(['', 'One.']);
});

describe('what is wrong is said without the names of options', () => {
  test('at its field, and with its label where the field is not in sight', () => {
    const wrong = faultOf(new OptionError('adam.rate', 'high', 'a number from 0 to 1000000'));
    expect(fieldSentence(wrong)).toBe('“high” does not fit: it needs a number from 0 to 1,000,000.');
    expect(labelledSentence('Learning rate', wrong)).toBe(
      '“Learning rate” needs a number from 0 to 1,000,000, not “high”.',
    );
    const empty = faultOf(new OptionError('cosine.steps', '', 'a whole number of at least 2'));
    expect(fieldSentence(empty)).toBe('This is empty: it needs a whole number of at least 2.');
    expect(labelledSentence('Stop after step', empty)).toBe(
      '“Stop after step” needs a whole number of at least 2.',
    );
    const other = faultOf(new Error('The text has invalid bytes.'));
    expect([fieldSentence(other), labelledSentence('Text', other)]).toEqual([
      'The text has invalid bytes.',
      'The text has invalid bytes.',
    ]);
  });

  test('a text that is too short, at the field that it was given in', async () => {
    const plan = planOf({
      text: { kind: 'pasted', text: 'abcde' },
      preset: 'first-words',
      ...recipeEntries('first-words').settings,
      seed: 0,
      steps: '',
      backend: 'cpu',
    });
    expect(await answer(() => partsOf(Corpus.fromText('abcde'), plan))).toEqual({
      ok: false,
      fault: {
        name: 'PageError',
        option: 'pasted',
        message:
          'At least 421 characters are needed: this text has 5. Take a longer one, or less under “Reads at ' +
          'once” or “Looks back”.',
      },
    });
  });

  test('what computes, why it is no GPU, and that there is none', () => {
    const machine = (backend: 'webgpu' | 'cpu' | 'reference', adapter: string): string =>
      machineWords({ backend, adapter });
    expect([
      machine('webgpu', 'google, swiftshader (software)'),
      machine('webgpu', 'nvidia, ampere'),
      machine('cpu', 'CPU, relaxed SIMD'),
      machine('reference', 'CPU reference, single precision'),
    ]).toEqual([
      'on your processor, acting as a GPU',
      'on your GPU',
      'on your processor',
      'on your processor, by plain loops',
    ]);
    const notice = 'WebGPU is there, but it offers no adapter. Check the GPU driver (while asking)';
    expect(deviceNotice({ backend: 'cpu', notice }, true)).toBe(
      'Your browser has no GPU for this page, so your processor computes: everything works, only slower.',
    );
    expect(deviceNotice({ backend: 'webgpu', notice }, true)).toMatch(/Your processor acts as one/);
    expect(deviceNotice({ backend: 'cpu' }, true)).toBe('');
    expect(deviceNotice({ backend: 'cpu' }, false)).toMatch(/^This browser lets no page use the GPU, /);
    expect(deviceNotice({ backend: 'reference' }, false)).toMatch(/many times slower/);
    expect(deviceFault({ name: 'DeviceError', message: notice })).toMatch(
      /^Your browser has no GPU for this page\. Choose /,
    );
    expect(deviceFault({ name: 'DataError', message: 'adapter' })).toBe('adapter');
  });
});

test('every choice of the page has a name for people', () => {
  const texts = [...Object.keys(bundledTexts), ...syntheticLanguages.map(({ name }) => name)];
  const named = [
    ...texts.map((name) => [name, textName(name)]),
    ...Object.keys(RECIPES).map((name) => [name, presetName(name)]),
    ...OPTIMIZER_KINDS.map((name) => [name, optimizerName(name)]),
  ];
  for (const [name, words] of named) expect(words, name).not.toBe(name);
  expect(new Set(named.map(([, words]) => words)).size).toBe(named.length);
});

test('nobody is told to take precautions that are taken', () => {
  const advice = (held: boolean, dropout: boolean, parameters = 90_000): string =>
    sizeAdvice(parameters, 45_000, { held, dropout });
  expect(advice(false, false)).toContain('Give a share under “Held back” to see when');
  expect(advice(true, false)).toContain('The part that is held back shows when');
  expect(advice(true, false, 9_000_000)).toContain(
    'Take a longer text, some “Recurrent dropout” or fewer “Hidden units”.',
  );
  expect(advice(true, true, 9_000_000)).toContain('Take a longer text or fewer “Hidden units”.');
});

test('the direction of a text is that of its first letter', () => {
  expect(['hello', '12 — مرحبا', 'שלום', 'a مرحبا', '', '漢'].map(directionOf)).toEqual([
    'ltr',
    'rtl',
    'rtl',
    'ltr',
    'ltr',
    'ltr',
  ]);
  expect(directionOf(`${'1'.repeat(5000)}مرحبا`)).toBe('ltr'); // further in nobody looks
});

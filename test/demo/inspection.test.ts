import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { InsideRequest, InsideView } from '../../demo/src/inside/protocol.js';
import type { Sum } from '../../demo/src/drawing/shape.js';
import { totalOf } from '../../demo/src/drawing/sums.js';
import { colourText } from '../../demo/src/inside/colouring.js';
import { gatesSentence } from '../../demo/src/inside/gate-words.js';
import {
  characterSentences,
  type Colouring,
  flowSentence,
  reachSentence,
  surpriseSentence,
  unitSentence,
} from '../../demo/src/inside/sentences.js';
import { named, percent, signed, visible } from '../../demo/src/inside/symbols.js';
import type { Listener, Settings } from '../../demo/src/training/protocol.js';
import { Inspections } from '../../demo/src/training/worker/inspection.js';
import { TrainingLoop } from '../../demo/src/training/worker/loop.js';
import { checkSampling } from '../../demo/src/training/worker/sampling.js';
import { FlowProbe } from '../../demo/src/training/worker/flow-probe.js';
import { lastErrorWindow, stretchOf } from '../../demo/src/training/worker/passages.js';
import { recipeEntries } from '../../demo/src/training/worker/recipes.js';
import { Run } from '../../demo/src/training/worker/run.js';
import { chapters } from '../../demo/src/words/en/page/chapters.js';
import { inside as english } from '../../demo/src/words/en/page/inside.js';
import { Corpus, Inspector, openDevice, type Device } from '../../src/index.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice({ backend: 'cpu' });
});
afterAll(() => device.dispose());
afterEach(() => vi.restoreAllMocks());

const ASKED: InsideRequest = {
  text: undefined,
  place: 0.3,
  unit: undefined,
  feature: undefined,
  prediction: undefined,
  strip: 0,
  before: undefined,
  live: true,
  shown: undefined,
};

async function loopOf(entries: Partial<Settings> = {}): Promise<TrainingLoop> {
  const small = { ...recipeEntries('first-words').settings, hidden: 8, batch: 4, time: 8 };
  const text = { kind: 'bundled', name: 'english' } as const;
  const run = await Run.create(
    { text, preset: 'first-words', ...small, seed: 0, steps: '', backend: 'cpu', ...entries },
    device,
  );
  const deaf = new Proxy({} as Listener, { get: () => () => undefined });
  return new TrainingLoop(
    1,
    run,
    deaf,
    checkSampling({ prime: '', draw: 'all', temperature: 1, topK: 5, length: 20, sampleEvery: 0 }),
  );
}

/** A look that must show something. */
async function seen(
  inspections: Inspections,
  loop: TrainingLoop,
  request: Partial<InsideRequest> = {},
): Promise<InsideView> {
  const view = await inspections.look(loop, { ...ASKED, ...request });
  if (!view) throw new Error('Nothing new was seen.');
  return view;
}

test(
  'a look has the text, what is expected, followers, the unit and gradients; a page that shows it is ' +
    'told nothing until a step or a choice',
  async () => {
    const loop = await loopOf({ cell: 'lstm', layers: 2 });
    const inspections = new Inspections();
    const view = await seen(inspections, loop);
    expect(view).toMatchObject({ step: 0, layers: 2, hidden: 8, cut: false, unknown: [] });
    expect(view.symbols).toHaveLength(200);
    expect(await loop.run.whole.text(0, loop.run.whole.length)).toContain(`\n${view.symbols.join('')}`); // from the beginning of a line
    expect(view.symbols[0]).not.toBe('\n');
    expect(view.likeliest[0]).toHaveLength(5);
    // The surprise at a character is that of the guess after the one before.
    expect(view.surprise[0]).toBeNaN();
    const guessed = view.likeliest.flatMap((candidates, t) => {
      const chance = candidates.find(({ symbol }) => symbol === view.symbols[t + 1])?.probability;
      return chance === undefined ? [] : [{ t, chance }];
    });
    expect(guessed.length).toBeGreaterThan(10);
    for (const { t, chance } of guessed) expect(2 ** -view.surprise[t + 1]).toBeCloseTo(chance, 5);
    expect(Object.keys(view.unit.activations).sort()).toEqual(['c', 'f', 'g', 'h', 'i', 'o']);
    expect(view.followers[0]).toMatchObject({ layer: view.unit.layer, unit: view.unit.unit });
    expect(view.unit.follows).toEqual({
      feature: view.followers[0].feature,
      correlation: expect.closeTo(view.followers[0].correlation, 6) as number,
    });
    expect(new Set(view.followers.map(({ feature }) => feature)).size).toBe(view.followers.length);
    expect(view.flow.map(({ norms }) => norms.length)).toEqual([8, 8]);
    expect(view.connectivity).toBeUndefined();
    const { token: shown } = view;
    expect(await inspections.look(loop, { ...ASKED, shown })).toBeNull();
    expect(await seen(inspections, loop)).toEqual(view);

    const unit = { layer: 1, unit: 3 };
    const other = await seen(inspections, loop, { unit, feature: 'word end', live: false, shown });
    expect(other.unit).toMatchObject(unit);
    expect(other.unit.follows?.feature).toBe('word end');
    expect(other.followers.every(({ feature }) => feature === 'word end')).toBe(true);
    const inspector = new Inspector(loop.run.trainer.model, device, loop.run.trainer.memory);
    const { layers } = await inspector.inspect(view.symbols.join(''));
    expect(other.unit.activations.c).toEqual(
      Float32Array.from(view.symbols, (_, t) => layers[1].c[t * 8 + 3]),
    );

    await loop.step();
    expect((await seen(inspections, loop, { live: false })).step).toBe(0);
    const later = await seen(inspections, loop, { shown });
    expect(later.step).toBe(1);
    expect(later.likeliest).not.toEqual(view.likeliest);
    inspector.dispose();
    inspections.close();
    loop.run.dispose();
  },
);

test(
  'a chosen prediction is traced, in a text of the visitor too; one that does not fit the text is left ' +
    'out',
  async () => {
    const loop = await loopOf();
    const inspections = new Inspections();
    const text = ['Bess 漢 said', '"Bess".'].join(' ');
    const view = await seen(inspections, loop, { text, prediction: { position: 2, symbol: 'x' } });
    expect(view.symbols).toEqual([...text]);
    expect(view.unknown).toEqual(['漢']);
    expect(view.connectivity).toMatchObject({ position: 2, symbol: 'x' });
    expect(view.connectivity?.norms).toHaveLength(3);
    expect((await seen(inspections, loop, { text, prediction: { position: 7 } })).connectivity?.symbol).toBe(
      'a',
    );
    expect(
      (await seen(inspections, loop, { text, prediction: { position: 4 } })).connectivity,
    ).toBeUndefined(); // the unknown one comes next
    expect(
      (await seen(inspections, loop, { text, prediction: { position: 99 } })).connectivity,
    ).toBeUndefined();
    const long = await seen(inspections, loop, { text: 'ab '.repeat(300) });
    expect([long.symbols.length, long.cut]).toEqual([600, true]);
    await expect(inspections.look(loop, { ...ASKED, text: '' })).rejects.toThrow('the text is empty');
    inspections.close();
    loop.run.dispose();
  },
);

test('looks in mid-training change no loss', async () => {
  // By this clock the CPU leaves the event loop a turn after each step, however fast the machine is.
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
  const looksAt = new Set<number>();
  const smoothAfter = async (look: boolean): Promise<number> => {
    const loop = await loopOf({ steps: 12 });
    const inspections = new Inspections();
    loop.play();
    while (loop.run.trainer.step < 12) {
      if (look) {
        const view = await inspections.look(loop, { ...ASKED, prediction: { position: 20 } });
        looksAt.add(view?.step ?? -1);
      }
      // A look may resolve in microtasks alone. Without a turn of the event loop the training, which
      // waits for one, would wait forever.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await loop.pause();
    inspections.close();
    loop.run.dispose();
    return loop.run.trainer.smoothLoss;
  };
  expect(await smoothAfter(true)).toBe(await smoothAfter(false));
  const midway = [...looksAt].filter((step) => step > 0 && step < 12);
  expect(midway.length).toBeGreaterThan(1);
});

test.each([
  ['rnn', {}, ['h'], /^$/],
  ['rnn-relu', {}, ['h'], /^$/],
  ['gru', {}, ['h', 'n', 'r', 'z'], /^GRU/],
  ['mingru', { layers: 2 }, ['candidate', 'h', 'z'], /^minGRU/],
  ['minlstm', {}, ['candidate', 'f', 'h', 'i'], /^minLSTM/],
])('a cell %s shows the activations that it has', async (cell, settings, names, about) => {
  const loop = await loopOf({ cell, ...settings });
  const inspections = new Inspections();
  const view = await seen(inspections, loop, { text: 'a <b>, 漢🙂!', prediction: { position: 3 } });
  expect(view.unknown).toEqual(expect.arrayContaining(['漢', '🙂']));
  expect(Object.keys(view.unit.activations).sort()).toEqual(names);
  expect(gatesSentence(view.unit.activations)).toMatch(about);
  for (const values of Object.values(view.unit.activations)) expect(values.every(Number.isFinite)).toBe(true);
  expect(view.flow.map(({ norms }) => norms.every((norm) => norm > 0))).toEqual(
    new Array(view.layers).fill(true),
  );
  inspections.close();
  loop.run.dispose();
});

const SQUASH: Readonly<Record<Sum['squash'], (sum: number) => number>> = {
  sigmoid: (sum) => 1 / (1 + Math.exp(-sum)),
  tanh: Math.tanh,
  relu: (sum) => Math.max(0, sum),
  none: (sum) => sum,
};

test.each([
  ['rnn', ['h']],
  ['rnn-relu', ['h']],
  ['lstm', ['i', 'f', 'g', 'o']],
  ['gru', ['r', 'z', 'n']],
  ['mingru', ['z', 'candidate']],
  ['minlstm', ['f', 'i', 'candidate']],
])('of a cell %s the products of one unit add up to each of its gates', async (cell, names) => {
  const loop = await loopOf({ cell, layers: 2 });
  for (let step = 0; step < 2; step++) await loop.step();
  const inspections = new Inspections();
  for (const layer of [0, 1]) {
    const request = { ...ASKED, text: 'The end.' };
    const sums = await inspections.sums(loop, request, { layer, direction: 0, step: 5, unit: 3 });
    expect(sums.map(({ name }) => name)).toEqual(names);
    for (const sum of sums) {
      expect(sum.inputs).toHaveLength(layer === 0 ? 1 : 8);
      expect(SQUASH[sum.squash](totalOf(sum))).toBeCloseTo(sum.result, 4);
    }
  }
  inspections.close();
  loop.run.dispose();
});

test('the strip has the states of 24 characters and those before, and a change is compared under the same weights', async () => {
  const loop = await loopOf({ cell: 'lstm' });
  const inspections = new Inspections();
  const text = 'It was late, and the lamp was lit.';
  const view = await seen(inspections, loop, { text, strip: 5 });
  expect(view.strip.from).toBe(5);
  expect(view.strip.layers[0].c).toHaveLength(24 * 8);
  const unit = { layer: 0, unit: 2 };
  const { unit: shown } = await seen(inspections, loop, { text, strip: 5, unit });
  expect(view.strip.layers[0].c[2]).toBe(shown.activations.c[5]);
  expect(view.strip.before?.[0].c[2]).toBe(shown.activations.c[4]);
  expect(view.overview.levels.c).toHaveLength(8 * view.symbols.length);
  expect(view.changed).toBeUndefined();
  const other = await seen(inspections, loop, { text: text.replace('late', 'lite'), before: text });
  expect(other.changed).toMatchObject({ from: 8, to: 9 });
  expect([...(other.changed?.states ?? [])].slice(0, 9).map((distance) => distance > 0)).toEqual([
    ...Array<boolean>(8).fill(false),
    true,
  ]);
  inspections.close();
  loop.run.dispose();
});

test('the flow is that of the last prediction: what reaches the first step has come all the way through time', async () => {
  const loop = await loopOf({ cell: 'rnn' });
  const { trainer, whole } = loop.run;
  const [T, N, V] = [8, 4, whole.vocabulary.size];
  const { inputs, targets } = (await lastErrorWindow(whole, trainer.sizes)).arrays;
  const ids = await Promise.all(
    [0, whole.length - T - 1].map(async (start) => [
      ...whole.vocabulary.encode(await whole.text(start, T + 1)).ids,
    ]),
  );
  expect([0, N - 1].map((n) => Array.from({ length: T }, (_, t) => inputs[t * N + n]))).toEqual(
    ids.map((row) => row.slice(0, T)),
  );
  expect([targets[(T - 1) * N], targets[T * N - 1]]).toEqual(ids.map((row) => row[T]));
  expect(targets.subarray(0, (T - 1) * N).every((id) => id === V)).toBe(true);
  const inspections = new Inspections();
  const { flow } = await seen(inspections, loop);
  const [{ norms }] = flow;
  // Orthogonal recurrent weights and tanh can only shrink a gradient on its way back.
  expect(norms.every((norm, t) => t === 0 || norm > norms[t - 1])).toBe(true);
  const short = Corpus.fromText('abc');
  const window = (await lastErrorWindow(short, { T, N: 1 })).arrays;
  expect([...window.inputs]).toEqual([3, 3, 3, 3, 3, 3, 0, 1]);
  expect([...window.targets]).toEqual([3, 3, 3, 3, 3, 3, 3, 2]);
  inspections.close();
  loop.run.dispose();
});

test('of an LSTM the way back through its cells is measured beside that through its states, over several batches', async () => {
  const loop = await loopOf({ cell: 'lstm', layers: 2 });
  const { trainer, whole } = loop.run;
  for (let step = 0; step < 3; step++) await loop.step();
  const batch = await lastErrorWindow(whole, trainer.sizes);
  const probe = new FlowProbe(trainer);
  const lines = await probe.measure([batch]);
  // Of the states, what the engine's own probe finds, which counts the targets otherwise.
  const { layers } = await trainer.gradientFlow(batch);
  for (const [i, { norms, cellNorms = [] }] of lines.entries()) {
    const ratio = norms[7] / layers[i].norms[7];
    for (const [t, norm] of norms.entries()) expect(norm / (ratio * layers[i].norms[t])).toBeCloseTo(1, 3);
    // dc_t = dh_t ⊙ o_t ⊙ (1 − tanh²c_t) + f_{t+1} ⊙ dc_{t+1}: with nothing behind it, less than dh.
    expect(cellNorms).toHaveLength(8);
    expect(cellNorms[7]).toBeGreaterThan(0);
    expect(cellNorms[7]).toBeLessThan(norms[7]);
    // On the way back the cell loses less than the state.
    expect(cellNorms[0] / cellNorms[7]).toBeGreaterThan(norms[0] / norms[7]);
  }
  expect(await probe.measure([batch, batch])).toEqual(
    lines.map(({ layer, norms, cellNorms = [] }) => ({
      layer,
      norms: norms.map((norm) => expect.closeTo(norm, 6) as number),
      cellNorms: cellNorms.map((norm) => expect.closeTo(norm, 6) as number),
    })),
  );
  probe.dispose();
  const gru = await loopOf({ cell: 'gru' });
  const plain = new FlowProbe(gru.run.trainer);
  expect((await plain.measure([batch])).map((line) => Object.keys(line))).toEqual([['layer', 'norms']]);
  plain.dispose();
  for (const one of [loop, gru]) one.run.dispose();
});

test('of several places a stretch is from where most can be read off the text', async () => {
  const dull = 'so it went on and on\n'.repeat(60);
  expect(
    await stretchOf(Corpus.fromText(`${dull}"It is (really) at http://a.org/b," said Ada.\n${dull}`), 0.33),
  ).toContain('"It is (really)');
  expect(await stretchOf(Corpus.fromText('\n\nab'), 0.9)).toBe('\n\nab');
});

test('what is seen, in sentences', () => {
  const unit = {
    layer: 0,
    unit: 4,
    activations: { h: Float32Array.of(0.5, -1), z: Float32Array.of(0.25, 1) },
  };
  const follows = (feature: string, correlation: number): string =>
    unitSentence({ unit: { ...unit, follows: { feature, correlation } }, layers: 2, step: 1234 });
  expect(follows('between words', 0.81)).toBe(
    'Colour: unit 5 of layer 1 at step 1,234. It is clearly high between words, low elsewhere ' +
      '(correlation 0.81).',
  );
  expect(follows('position in line', -0.5)).toContain('It mostly falls along the line (correlation −0.50).');
  expect(follows('URL', 0.2)).toContain('It follows nothing that is listed here; closest comes URL');
  expect(unitSentence({ unit, layers: 1, step: 0 })).toContain('It stands still');

  const likeliest = [[{ symbol: 'b', probability: 0.41 }], [{ symbol: ' ', probability: 0.5 }]];
  const connectivity = { position: 1, symbol: ' ', norms: Float32Array.of(0.001, 2) };
  expect(reachSentence({ symbols: ['a', '漢'], likeliest, connectivity })).toMatch(
    /^Space \(50\u00a0%\) after “漢”: .* over the last character alone\.$/,
  );
  expect(
    reachSentence({
      symbols: ['a', 'b'],
      likeliest,
      connectivity: { ...connectivity, norms: Float32Array.of(1, 1) },
    }),
  ).toContain('over the last 2 characters');
  expect(
    reachSentence({
      symbols: ['a', 'b'],
      likeliest,
      connectivity: { ...connectivity, norms: new Float32Array(2) },
    }),
  ).toContain('has any influence');
  const view = {
    token: '',
    step: 1,
    layers: 1,
    hidden: 8,
    cut: false,
    features: [],
    followers: [],
    flow: [],
    symbols: ['a', '漢'],
    unknown: ['漢'],
    unit,
    likeliest,
    surprise: Float32Array.of(NaN, 2.5),
  };
  expect(surpriseSentence(view)).toBe(
    'Colour: how surprised it is by each letter at step 1. On average 2.5 bits a letter, and most at “漢”: 2.5.',
  );
  expect(surpriseSentence({ ...view, surprise: [NaN, NaN] })).toContain('There is none here');
  const coloured = (colouring: Colouring): unknown[] => {
    const { levels, low, high } = colourText({ ...view, connectivity }, colouring);
    return [levels.map((level) => Number(level.toFixed(3))), low, high];
  };
  expect(coloured('surprise')).toEqual([[0, 0.417], '0: knew it', '6 bits or more']);
  expect(coloured('unit')).toEqual([[0.5, -1], '−1.00', '1.00']);
  expect(coloured('reach')).toEqual([[0.001, 1], 'nothing', 'most']);
  expect(colourText(view, 'reach').levels).toEqual([0, 0]);
  const unknown = 'The network has never seen this character and reads it as nothing.';
  const next = 'Expected next: space 50\u00a0%.';
  const said = (colouring: Colouring, position = 1): string =>
    characterSentences({ ...view, connectivity }, position, colouring);
  expect(said('unit')).toBe(`“漢”: unit 5 is −1.00 (z 1.00). ${unknown} ${next}`);
  const surprised = '“漢”: it had given it 18\u00a0%, so it is surprised by 2.5 bits.';
  expect(said('surprise')).toBe(`${surprised} ${unknown} ${next}`);
  expect(said('surprise', 0)).toMatch(/^“a”\. Expected next/); // nothing came before it
  expect(said('reach')).toBe(`${surprised} ${unknown} ${next} Gradient here: 2.`);
  expect(said('unit', 7)).toBe('');

  const flow = (...norms: number[]): string => flowSentence([{ layer: 0, norms }]);
  expect(flow(0.5, 0.9, 1)).toContain('It reaches back: 50\u00a0% of the gradient is left 2 steps before');
  expect(flow(1e-9, 1e-3, 0.1, 1)).toContain('It vanishes: less than a hundredth is left 2 steps before');
  expect(flow(40, 1)).toContain('It explodes: one step back the gradient is 40 times as large');
  expect(flow(NaN, NaN)).toContain('The gradient is – at the last step');
  expect(flowSentence([{ layer: 0, norms: [1e-9, 1e-3, 0.1, 1], cellNorms: [0.4, 0.6, 0.8, 1] }])).toMatch(
    /^Through its cell c: it reaches back: 40\u00a0% .* Through its state h alone: it vanishes: /,
  );
  expect(flowSentence([0, 1].map((layer) => ({ layer, norms: [1, 1] })))).toMatch(
    /^Layer 1: It .* Layer 2: It /,
  );
});

test('characters and numbers in words', () => {
  expect([' ', '\n', '\t', 'e', '漢'].map(visible)).toEqual(['␣', '↵', '⇥', 'e', '漢']);
  expect([' ', '\n', 'e', '\u200b'].map(named)).toEqual(['space', 'line end', '“e”', 'U+200B']);
  expect(['\u200d', '\ufe0f', '\u0301', '🙂'].map(visible)).toEqual(['▯', '▯', '◌\u0301', '🙂']);
  expect([0.834, -0.4, -0.001, 1].map(signed)).toEqual(['0.83', '−0.40', '0.00', '1.00']);
  expect([1, 0.414, 0.0312, 0.0004, 0].map(percent)).toEqual([
    '100\u00a0%',
    '41\u00a0%',
    '3\u00a0%',
    '0.04\u00a0%',
    '0\u00a0%',
  ]);
});

test('nothing is promised that a network may not show: a unit below 0.3 follows nothing', () => {
  const unit = (correlation: number) => ({
    ...{ layer: 0, unit: 4 },
    ...{ activations: { h: new Float32Array(1) }, follows: { feature: 'inside quotes', correlation } },
  });
  const said = (correlation: number): string => unitSentence({ unit: unit(correlation), layers: 1, step: 9 });
  expect(said(0.23)).toMatch(/It follows nothing that is listed here; closest comes inside quotes/);
  expect(said(0.31)).toMatch(/is mostly high inside quotes/);
  for (const text of [...Object.values(english), chapters['remembers.lead'], chapters['remembers.todo']])
    expect(text).not.toMatch(/quotation|bracket/i);
});

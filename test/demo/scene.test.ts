import { expect, test } from 'vitest';
import { Network } from '../../demo/src/scene/network.js';
import { heat, signed } from '../../demo/src/scene/numbers.js';
import { isMilestone } from '../../demo/src/scene/progress-table.js';
import { isLearned, likeliest, ofRightLetters } from '../../demo/src/scene/scene.js';
import { Story } from '../../demo/src/scene/story.js';
import {
  LETTERS,
  READS,
  TARGETS,
  UNITS,
  type Forward,
  type Matrix,
  type Weights,
} from '../../demo/src/scene/word.js';
import { explain } from '../../demo/src/scene/words.js';
import { ReferenceDevice } from '../../src/reference/device.js';
import type { ReferenceMemory } from '../../src/reference/tensors.js';
import { ops } from '../../src/ops/index.js';

const SEED = 7;
const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, k) => sum + value * vector[k], 0));
const add = (...vectors: (readonly number[])[]): number[] =>
  vectors[0].map((_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0));

/**
 * The scene's formulas, written once more: h = tanh(U·x + W·h + b), scores = V·h + c, chances =
 * softmax(scores), loss = −ln(chance of the right letter).
 */
function byHand(weights: Weights, remember = true): Omit<Forward, 'forgetful'> {
  let h = new Array<number>(UNITS).fill(0);
  const steps = READS.map((letter, t) => {
    const x = LETTERS.map((symbol) => (symbol === letter ? 1 : 0));
    const fromLetter = times(weights.fromLetter, x);
    const fromBefore = times(weights.fromBefore, h);
    const states = add(fromLetter, fromBefore, weights.stateBias).map(Math.tanh);
    const scores = add(times(weights.toScores, states), weights.scoreBias);
    const sum = scores.reduce((total, score) => total + Math.exp(score), 0);
    const chances = scores.map((score) => Math.exp(score) / sum);
    if (remember) h = states;
    return {
      fromLetter,
      fromBefore,
      states,
      scores,
      chances,
      loss: -Math.log(chances[LETTERS.indexOf(TARGETS[t])]),
    };
  });
  const losses = steps.map(({ loss }) => loss);
  return {
    fromLetter: steps.map((step) => step.fromLetter),
    fromBefore: steps.map((step) => step.fromBefore),
    states: steps.map((step) => step.states),
    scores: steps.map((step) => step.scores),
    chances: steps.map((step) => step.chances),
    losses,
    loss: losses.reduce((total, loss) => total + loss, 0),
  };
}

const flat = (value: unknown): number[] => (Array.isArray(value) ? value.flatMap(flat) : [value as number]);
function expectClose(got: unknown, expected: unknown, digits = 6): void {
  const [a, b] = [flat(got), flat(expected)];
  expect(a.length).toBe(b.length);
  a.forEach((value, i) => expect(value).toBeCloseTo(b[i], digits));
}

test('forward shows what the formulas give, at the start and after some updates', async () => {
  const network = await Network.create(SEED);
  for (const updates of [0, 5]) {
    for (let i = 0; i < updates; i++) await network.update(0.3);
    const weights = await network.weights();
    expect(flat(Object.values(weights))).toHaveLength(40);
    const { forgetful, ...forward } = await network.forward();
    const expected = byHand(weights);
    for (const name of Object.keys(expected) as (keyof typeof expected)[])
      expectClose(forward[name], expected[name]);
    expectClose(forgetful, byHand(weights, false).chances);
  }
  network.dispose();
});

test('gradients are central differences of the loss, and what the trainer steps against', async () => {
  const network = await Network.create(SEED, new ReferenceDevice(ops, 'double'));
  const memory = network.memory as ReferenceMemory;
  const { layout } = network.trainer.model;
  const { weights: gradients, scores } = await network.backward();
  const before = await network.weights();
  const parameters = memory.array('parameters');
  const differences = new Float64Array(layout.elements);
  for (let i = 0; i < layout.elements; i++) {
    const kept = parameters[i];
    const lossAt = async (value: number): Promise<number> => {
      parameters[i] = value;
      return (await network.forward()).loss;
    };
    differences[i] = ((await lossAt(kept + 1e-2)) - (await lossAt(kept - 1e-2))) / 2e-2;
    parameters[i] = kept;
  }
  const named = Object.values(layout.unpack(differences)).map(({ data }) => [...data]);
  expectClose(
    [
      gradients.fromLetter,
      gradients.fromBefore,
      gradients.stateBias,
      gradients.toScores,
      gradients.scoreBias,
    ].map(flat),
    named,
    4,
  );

  const { chances } = await network.forward();
  expectClose(
    scores,
    chances.map((row, t) => row.map((chance, v) => chance - (LETTERS[v] === TARGETS[t] ? 1 : 0))),
  );
  await network.update(0.3);
  const [old, step] = [flat(Object.values(before)), flat(Object.values(gradients))];
  expectClose(
    Object.values(await network.weights()),
    old.map((weight, i) => weight - 0.3 * step[i]),
  );
  network.dispose();
});

test('the gradient of a state has its share of all later letters', async () => {
  const network = await Network.create(SEED);
  const { toScores, fromBefore } = await network.weights();
  const { states } = await network.forward();
  const gradients = await network.backward();
  let later: readonly number[] = new Array<number>(UNITS).fill(0);
  for (let t = READS.length - 1; t >= 0; t--) {
    const expected = later.map(
      (share, i) =>
        share + gradients.scores[t].reduce((sum, gradient, v) => sum + gradient * toScores[v][i], 0),
    );
    expectClose(gradients.states[t], expected);
    const before = expected.map((gradient, i) => gradient * (1 - states[t][i] ** 2));
    later = later.map((_, k) => before.reduce((sum, gradient, j) => sum + gradient * fromBefore[j][k], 0));
  }
  network.dispose();
});

test('every update raises the scores of the right letters at first, the loss falls, and the word is learned', async () => {
  const story = await Story.begin(SEED);
  await story.advance(0.3);
  expect(story.scene.history[0].says).not.toBe('ello');
  for (let i = 1; i <= 40; i++) {
    await story.rounds(1, 0.3);
    const [before, now] = story.scene.history.slice(-2);
    expect(now.update).toBe(i);
    expect(now.loss).toBeLessThan(before.loss);
    if (i <= 5) now.scores.forEach((score, t) => expect(score).toBeGreaterThan(before.scores[t]));
  }
  const last = story.scene.history[40];
  expect(last.says).toBe('ello');
  expect(isLearned(last)).toBe(true);
  expect(isLearned(story.scene.history[5])).toBe(false);
  story.dispose();
});

test('other weights learn the word too, at every rate that can be chosen', async () => {
  for (const [seed, rate, updates] of [
    [8, 0.1, 120],
    [9, 0.3, 60],
    [10, 1, 60],
  ]) {
    const story = await Story.begin(seed);
    await story.rounds(updates, rate);
    expect(story.scene.history.at(-1)?.says).toBe('ello');
    story.dispose();
  }
});

test('the same l gives l and then o, and only because of the state', async () => {
  const network = await Network.create(SEED);
  for (let i = 0; i < 40; i++) await network.update(0.3);
  const { fromLetter, fromBefore, states, chances, forgetful } = await network.forward();
  expect(READS[2]).toBe(READS[3]);
  expect(fromLetter[2]).toEqual(fromLetter[3]);
  expect(forgetful[2]).toEqual(forgetful[3]);
  expect(fromBefore[2]).not.toEqual(fromBefore[3]);
  expect(states[2]).not.toEqual(states[3]);
  expect([2, 3].map((t) => LETTERS[likeliest(chances[t])])).toEqual(['l', 'o']);
  expect(fromBefore[0]).toEqual([0, 0, 0]);
  network.dispose();
});

test('a round is forward, backward, update; the numbers on the screen belong together', async () => {
  const story = await Story.begin(SEED);
  const start = story.scene;
  expect(start).toMatchObject({
    next: 'forward',
    updates: 0,
    forward: undefined,
    backward: undefined,
    change: undefined,
    history: [],
  });
  await story.advance(0.3);
  expect(story.scene).toMatchObject({ next: 'backward', updates: 0, backward: undefined });
  expect(story.scene.forward).toBeDefined();
  await story.advance(0.3);
  expect(story.scene).toMatchObject({ next: 'update', updates: 0, weights: start.weights });
  const gradients = story.scene.backward;
  await story.advance(0.3);
  expect(story.scene).toMatchObject({
    next: 'forward',
    updates: 1,
    backward: gradients,
    change: { rate: 0.3, before: start.weights },
  });
  expect(story.scene.weights).not.toEqual(start.weights);
  await story.advance(0.3);
  expect(story.scene).toMatchObject({ next: 'backward', updates: 1, backward: undefined, change: undefined });
  await story.advance(0.3);
  await story.rounds(10, 0.3);
  expect(story.scene).toMatchObject({ next: 'backward', updates: 11 });
  expect(story.scene.history.map(({ update }) => update)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);

  const again = await Story.begin(SEED);
  expect(again.scene.weights).toEqual(start.weights);
  await again.rounds(11, 0.3);
  expect({ ...again.scene, compared: story.scene.compared }).toEqual(story.scene);
  expect([again, story].map(({ scene }) => scene.compared?.update)).toEqual([0, 1]); // what each had on the screen before
  again.dispose();
  story.dispose();
});

test('every click is explained with the numbers of this very pass', async () => {
  const story = await Story.begin(SEED);
  expect(explain(story.scene).join(' ')).toContain('Press “Forward”: the network reads h, e, l and l');
  await story.advance(0.3);
  const [first] = story.scene.history;
  const chances = ofRightLetters(story.scene.forward?.chances ?? []).map(
    (chance) => `${Math.round(100 * chance)}%`,
  );
  expect(explain(story.scene).join(' ')).toContain(
    `says “${first.says}”. The right letters got ${chances.join(', ')}.`,
  );
  expect(explain(story.scene).join(' ')).toContain(
    `−ln(chance): ${first.loss.toFixed(2)}. Whoever guesses has 5.55.`,
  );
  await story.advance(0.3);
  const largest = flat(Object.values(story.scene.backward?.weights ?? {})).reduce((most, one) =>
    Math.abs(one) > Math.abs(most) ? one : most,
  );
  expect(explain(story.scene).join(' ')).toContain(`the largest is ${signed(largest)}, of the `);
  await story.advance(0.3);
  expect(explain(story.scene).join(' ')).toContain(` − 0.3 × (${signed(largest)}) = `);
  await story.advance(0.3);
  const now = story.scene.history[1];
  expect(explain(story.scene).join(' ')).toContain(
    `rose for e (${signed(first.scores[0])} to ${signed(now.scores[0])}), l (`,
  );
  expect(explain(story.scene).join(' ')).toContain(
    `from ${first.loss.toFixed(2)} to ${now.loss.toFixed(2)}. It says “${now.says}”`,
  );
  await story.rounds(40, 0.3);
  const last = story.scene.history[41];
  expect(explain(story.scene).join(' ')).toContain(
    `Forward, after 40 updates. The score of the right letter rose for e (${signed(now.scores[0])} to ` +
      `${signed(last.scores[0])})`,
  );
  expect(explain(story.scene).join(' ')).toContain('It has learned the word');
  story.dispose();
});

test('numbers have their sign in the text, and a step of colour', () => {
  expect([0.314, -0.2, 0, -0.001, 12].map(signed)).toEqual(['+0.31', '−0.20', '0.00', '0.00', '+12.00']);
  expect([0, 0.05, 0.5, 1, 7, -0.01, -1].map((value) => heat(value, 1))).toEqual([0, 0, 3, 5, 5, 0, -5]);
  expect([0, 1, 2, 3, 4, 5, 9, 10, 15, 20, 30, 40, 50, 100, 1000].filter(isMilestone)).toEqual([
    0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 1000,
  ]);
});

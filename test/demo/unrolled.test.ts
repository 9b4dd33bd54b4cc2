import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Example, Strip } from '../../demo/src/drawing/shape.js';
import { stepSentence } from '../../demo/src/drawing/words.js';
import { totalOf } from '../../demo/src/drawing/sums.js';
import { entryOf } from '../../demo/src/tasks/catalogue.js';
import { defaultsOf } from '../../demo/src/tasks/defaults.js';
import type { TaskSettings } from '../../demo/src/tasks/protocol.js';
import type { Unrolled } from '../../demo/src/tasks/unrolled.js';
import type { Asked } from '../../demo/src/tasks/view.js';
import { weightBlocks } from '../../demo/src/task-views/weight-labels.js';
import { exampleOf } from '../../demo/src/tasks/worker/asking.js';
import { TaskRun } from '../../demo/src/tasks/worker/run.js';
import { Trials } from '../../demo/src/tasks/worker/trials.js';
import { Unroller } from '../../demo/src/tasks/worker/unroller.js';
import { openDevice, type Device } from '../../src/index.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice({ backend: 'cpu', threads: 1 });
});
afterAll(() => device.dispose());

const SQUASH = {
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x: number) => Math.max(0, x),
  none: (x: number) => x,
};

interface Found extends Unrolled {
  readonly sums: (layer: number, direction: 0 | 1, step: number, unit: number) => number;
}

/** What is drawn of a task, untrained, with small layers. */
async function unrolled<T>(
  task: string,
  changes: Partial<TaskSettings>,
  asked: Asked,
  use: (found: Found) => T,
): Promise<T> {
  const entry = entryOf(task);
  if (!entry) throw new Error(`There is no task ${task}.`);
  const settings = { ...defaultsOf(entry, task), hidden: 6, batch: 8, backend: 'cpu', ...changes };
  const run = await TaskRun.create(settings, undefined, device);
  try {
    const parameters = (await run.trainer.memory.read('parameters')) as Float32Array;
    const unroller = new Unroller();
    const one = await unroller.unroll(run, parameters, 0, exampleOf(run, new Trials(run), asked));
    /** Numbers of a unit that its products make; each is checked. */
    const sums = (layer: number, direction: 0 | 1, step: number, unit: number): number => {
      const all = unroller.sums({ layer, direction, step, unit });
      for (const sum of all) expect(SQUASH[sum.squash](totalOf(sum)), sum.name).toBeCloseTo(sum.result, 4);
      return all.length;
    };
    return use({ ...one, sums });
  } finally {
    run.dispose();
  }
}

function norms(strip: Strip): number[] {
  return strip.states.flat(2).flatMap(({ gradients }) => (gradients ? [gradients.h] : []));
}

function sourceOf({ source }: Example): Strip {
  if (!source || !('steps' in source)) throw new Error('There is no source.');
  return source;
}

test('a writer with attention: source, lines that sum to 1, forced symbols, gradients through both, products', async () => {
  await unrolled('dates', {}, { example: 0 }, ({ shape, example, read, matrices, forced, sums }) => {
    expect(forced).toBe(true);
    expect(shape).toMatchObject({
      encoder: { hidden: 6, layers: 1, directions: 2 },
      attention: true,
      stack: { hidden: 6, layers: 1, directions: 1 },
      answers: 'each',
    });
    const source = sourceOf(example);
    expect(source.steps.map(({ reads }) => reads).join('')).toBe(read.kind === 'text' ? read.text : '');
    const { steps } = example;
    expect(steps).toHaveLength(11);
    expect(steps[0].reads).toBe('▸');
    expect(steps.map(({ comes }) => comes).join('')).toMatch(/^\d{4}-\d\d-\d\d■$/);
    for (const [t, { attention, guesses = [] }] of steps.entries()) {
      expect(Array.from(attention ?? []).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
      expect(attention).toHaveLength(source.steps.length);
      expect(guesses).toHaveLength(5);
      if (t > 0) expect(steps[t].reads).toBe(steps[t - 1].comes);
    }
    expect(norms(example)).toHaveLength(11);
    expect(norms(source)).toHaveLength(2 * source.steps.length);
    expect([...norms(example), ...norms(source)].every((norm) => norm > 0)).toBe(true);
    for (const step of [0, 1, 10]) expect(sums(0, 0, step, 3)).toBe(3);
    // Weights stand once, under names that say from what to what they lead.
    const blocks = weightBlocks(matrices);
    expect(weightBlocks(structuredClone(matrices))).toBe(blocks);
    expect(blocks.map(({ label }) => label)).toEqual([
      'symbols',
      'what is read → memory that reads, one for each direction',
      'before → memory that reads, one for each direction',
      'symbols',
      'what was read → first memory',
      'what is read → memory that writes',
      'before → memory that writes',
      'attention',
      'attention',
      'attention',
      'memory → guesses',
    ]);
  });
});

test('Morse code: a pyramid over frames, each layer with half the steps, and weights spread over frames', async () => {
  await unrolled('morse', { hidden: 4 }, { text: 'E' }, ({ shape, example, read, forced }) => {
    if (read.kind !== 'sound') throw new Error('There is no sound.');
    expect([forced, shape.encoder]).toMatchObject([true, { pyramidal: true, layers: 3, directions: 2 }]);
    const source = sourceOf(example);
    expect(source.steps).toHaveLength(read.frames);
    // A tone is darker than a pause.
    expect(source.steps.map(({ reads }) => reads).join('')).toMatch(/^[ ░▒]+[▓█]+[ ░▒]+$/);
    expect(source.states.map(([forward]) => forward.length)).toEqual(
      [1, 2, 4].map((joined) => Math.ceil(read.frames / joined)),
    );
    const [{ attention = [] }] = example.steps;
    expect(attention).toHaveLength(read.frames);
    expect(Array.from(attention).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
    expect(example.steps.map(({ comes }) => comes)).toEqual(['E', '■']);
  });
});

test('what is typed is answered by the network alone: no right answer, no gradients', async () => {
  const asked = { text: '5 May 1999' };
  await unrolled('dates', { attention: 'none' }, asked, ({ shape, example, forced, sums }) => {
    expect([forced, shape.attention]).toEqual([false, false]);
    expect(example.steps.flatMap(({ comes = [] }) => comes)).toEqual([]);
    expect(norms(example)).toEqual([]);
    // Each step reads the likeliest of the step before, and the first state is the summary.
    for (const [t, { reads }] of example.steps.entries())
      if (t > 0) expect(reads).toBe(example.steps[t - 1].guesses?.[0].symbol);
    expect(Array.from(example.before?.[0][0].h ?? []).some((value) => value !== 0)).toBe(true);
    for (const step of [0, 1]) expect(sums(0, 0, step, 0)).toBe(3);
  });
});

test.each([
  ['reviews', 'last', 4, { layers: 2, bidirectional: '1' }],
  ['handwriting', 'last', 4, {}],
  ['series', 'last', 4, {}],
  ['opinions', 'each', 4, { cell: 'gru' }],
  ['film', 'each', 4, {}],
] as const)('%s: answers %s, with the products of a unit', async (task, answers, gates, changes) => {
  await unrolled(task, changes, { example: 1 }, ({ shape, example, read, sums }) => {
    expect(shape.answers).toBe(answers);
    expect(shape.encoder).toBeUndefined();
    const { steps } = example;
    const length = { text: steps.length, tokens: 0, picture: 14, film: 12, class: 0, series: 24, sound: 0 }[
      read.kind
    ];
    expect(steps).toHaveLength(read.kind === 'tokens' ? read.tokens.length : length);
    expect(steps.every(({ reads }) => reads !== '')).toBe(true);
    // A row of a picture is not taken for the digit of its number.
    if (read.kind === 'picture')
      expect(stepSentence(example, 13)).toMatch(/^Row 14: it reads it and guesses “\d”/);
    const said = steps.filter(({ guesses }) => guesses !== undefined);
    expect(said).toHaveLength(answers === 'last' ? 1 : steps.length);
    expect(said.every(({ comes }) => comes !== undefined)).toBe(true);
    expect(norms(example).length).toBe(steps.length * shape.stack.layers * shape.stack.directions);
    const { layers, directions } = shape.stack;
    for (let layer = 0; layer < layers; layer++)
      for (let d = 0; d < directions; d++)
        for (const step of [0, 2, steps.length - 1])
          expect(sums(layer, d as 0 | 1, step, 1), `${layer} ${d} ${step}`).toBe(
            'cell' in changes ? 3 : gates,
          );
  });
});

test.each([
  ['first-names', { class: 'female' }, 3],
  ['written-digits', { class: '7' }, 3],
] as const)('%s: begins with its class, which joins every step', async (task, asked, gates) => {
  await unrolled(task, {}, asked, ({ shape, example, forced, sums }) => {
    expect([shape.encoder, forced]).toEqual([undefined, false]);
    expect(example.steps[0].reads).toBe(asked.class);
    for (const step of [0, 1]) expect(sums(0, 0, Math.min(step, example.steps.length - 1), 2)).toBe(gates);
  });
});

test.each(['additive', 'none', 'first'])(
  'scenes, given by %s: a picture with its places',
  async (attention) => {
    await unrolled('scenes', { attention }, { example: 0 }, ({ shape, example, read, sums }) => {
      const attends = attention === 'additive';
      expect(shape.attention).toBe(attends);
      if (!shape.encoder || !('rows' in shape.encoder)) throw new Error('There is no picture.');
      expect(shape.encoder.rows > 1).toBe(attends);
      expect(read.kind).toBe('picture');
      if (attends) expect(example.steps[0].attention).toHaveLength(shape.encoder.rows ** 2);
      expect(norms(example).every((norm) => norm > 0)).toBe(true);
      expect(sums(0, 0, 1, 0)).toBe(4);
    });
  },
);

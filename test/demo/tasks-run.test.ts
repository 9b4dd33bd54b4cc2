import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sentenceOf } from '../../demo/src/host/answers.js';
import { keyOf, readTaskAddress, writeTaskAddress } from '../../demo/src/tasks/address.js';
import { entryOf, TASK_ENTRIES } from '../../demo/src/tasks/catalogue.js';
import { defaultsOf } from '../../demo/src/tasks/defaults.js';
import { drawnDigits, isDigitText } from '../../demo/src/tasks/made/digits.js';
import { opinionOf } from '../../demo/src/tasks/made/opinions.js';
import type { OwnData, TaskSettings } from '../../demo/src/tasks/protocol.js';
import type { Asked, Reply } from '../../demo/src/tasks/view.js';
import { words } from '../../demo/src/tasks/words.js';
import { answerQuestion } from '../../demo/src/tasks/worker/asking.js';
import { TaskRun } from '../../demo/src/tasks/worker/run.js';
import { Trials } from '../../demo/src/tasks/worker/trials.js';
import {
  classifier,
  labels,
  openDevice,
  records,
  saveCheckpoint,
  sgd,
  Trainer,
  type Device,
} from '../../src/index.js';
import { command, eventsOf, temporaryFolder } from '../cli/support.js';
import { webgpuDevice } from '../support/devices.js';
import { LACKING_SOME, lackingVariants } from '../support/lacking-variants.js';

const file = temporaryFolder();
let device: Device;
beforeAll(async () => {
  device = await openDevice({ backend: 'cpu', threads: 1 });
});
afterAll(() => device.dispose());

/** The settings of a task of the list, with small layers. */
function settingsOf(task: string, changes: Partial<TaskSettings> = {}): TaskSettings {
  const entry = entryOf(task);
  if (!entry) throw new Error(`There is no task ${task}.`);
  return { ...defaultsOf(entry, task), hidden: 8, batch: 8, backend: 'cpu', ...changes };
}

async function train(run: TaskRun, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for await (const { loss } of run.trainer.run(run.source, { steps })) losses.push(loss);
  return losses;
}

/** A run after so many steps, handed to `use` and then disposed of. */
async function withRun<T>(
  settings: TaskSettings,
  steps: number,
  use: (run: TaskRun, trials: Trials) => T | Promise<T>,
  own?: OwnData,
): Promise<T> {
  const run = await TaskRun.create(settings, own, device);
  try {
    await train(run, steps);
    return await use(run, new Trials(run));
  } finally {
    run.dispose();
  }
}

/** A task of a visitor's own: the label is the first word. */
const OWN: OwnData = {
  name: 'own.tsv',
  content: new Blob(
    Array.from(
      { length: 60 },
      (_, i) => `${i % 2 === 0 ? 'good' : 'bad'} thing ${i % 7}\t${i % 2 === 0 ? 'up' : 'down'}\n`,
    ),
  ),
  choice: {
    ...{ format: 'tsv', header: false, separator: '\t', task: 'classify' },
    ...{ read: ['column 1'], learned: 'column 2' },
  },
};

test.each(TASK_ENTRIES.map(({ name }) => name))(
  '%s: is in words, trains, and is tried on examples',
  async (name) => {
    expect(Object.keys(words.tasks)).toContain(name);
    await withRun(settingsOf(name), 2, async (run, trials) => {
      const facts = run.facts(1);
      const entry = entryOf(name);
      expect(facts).toMatchObject({
        task: name,
        shape: entry?.shape,
        reads: entry?.reads,
        records: entry?.rows,
      });
      const { share, examples, tried } = await trials.try();
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
      expect(tried).toBeGreaterThan(facts.kind === 'caption' && facts.reads === 'class' ? 20 : 60);
      for (const reply of examples) {
        expect(reply.read.kind).toBe(entry?.reads);
        expect(reply.attention !== undefined).toBe(facts.attends && reply.text !== '');
        if (facts.kind === 'tag') expect(reply.tags).toHaveLength(reply.wantedTags?.length ?? -1);
        if (facts.kind === 'regress') expect([reply.value, reply.wantedValue]).not.toContain(undefined);
        if (facts.kind === 'classify') expect(Object.keys(reply.probabilities ?? {})).toEqual(facts.labels);
        if (facts.reads === 'class')
          expect(reply.drawn).toHaveLength(Math.max(6, Math.ceil(32 / examples.length)));
      }
    });
  },
);

test('examples of a series follow each other, and truth is what comes after the horizon', async () => {
  await withRun(settingsOf('series'), 1, async (_, trials) => {
    const { examples } = await trials.try();
    const temperatures = examples.map(({ read }) =>
      read.kind === 'series' ? read.values[0] : new Float32Array(0),
    );
    expect(temperatures[0]).toHaveLength(24);
    expect([...temperatures[1].subarray(0, 23)]).toEqual([...temperatures[0].subarray(1)]);
    expect(examples[0].wantedValue).toBeCloseTo(temperatures[6][23], 4);
  });
});

test('what is wrong is told, and of tags each counts for itself', async () => {
  await withRun(settingsOf('opinions'), 3, async (run, trials) => {
    const { share, wrong } = await trials.try();
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.every(({ right }) => right === false)).toBe(true);
    const tried = [...run.material.parts.heldOut].slice(0, 64);
    const { measures } = await run.runner.evaluate(records.of(tried));
    expect(share).toBeCloseTo(measures.accuracy, 6);
  });
});

test('Morse code: a network that listens learns, and what is typed is sent as the examples are', async () => {
  await withRun(settingsOf('morse'), 1, async (run, trials) => {
    const losses = await train(run, 25);
    expect(losses[24]).toBeLessThan(0.9 * losses[0]);
    const { encoder } = run.trainer.model.config as { readonly encoder?: unknown };
    expect(encoder ?? run.trainer.model.config).toMatchObject({ pyramidal: true, layers: 3 });
    const asked: Asked = { text: 'e t!7' };
    const reply = await answerQuestion(run, trials, { asked, attention: true });
    expect([reply.wanted, reply.unknown]).toEqual(['ET', ['!', '7']]);
    if (reply.read.kind !== 'sound') throw new Error('There is no sound.');
    const { frames, bands, levels } = reply.read;
    expect([bands, levels.length]).toEqual([8, 8 * frames]);
    // Each of two layers has joined two steps.
    expect(reply.attention?.weights[0]).toHaveLength(Math.ceil(frames / 4));
    const again = await answerQuestion(run, trials, { asked: { text: 'ET' } });
    expect(again.read).toEqual(reply.read);
    const refused = (text: string): Promise<unknown> =>
      answerQuestion(run, trials, { asked: { text } }).catch(sentenceOf);
    expect(await refused('7')).toMatch(/letters from A to Z/);
    expect(await refused('abcdefghijklm')).toMatch(/at most 12/);
  });
});

test.each([
  ['reversing', 'abxyx', ['x', 'y']],
  ['reviews', 'the film is gorgeous and dull', ['gorgeous']],
  ['opinions', 'the film is gorgeous', ['gorgeous']],
  ['reversing', 'abc', undefined],
] as const)('%s: of “%s” it has never read %j', async (task, text, unknown) => {
  await withRun(settingsOf(task), 1, async (run, trials) => {
    expect((await answerQuestion(run, trials, { asked: { text } })).unknown).toEqual(unknown);
  });
});

describe('questions', () => {
  const ask = (run: TaskRun, trials: Trials, text: string, more = {}): Promise<Reply> =>
    answerQuestion(run, trials, { asked: { text }, ...more });

  test('of a text: probabilities after each word, and what each word did', async () => {
    await withRun(settingsOf('reviews'), 3, async (run, trials) => {
      const text = 'the film is not  dull ';
      const reply = await ask(run, trials, text, { belief: true, influence: true });
      expect(reply.belief).toHaveLength(5);
      expect(reply.belief?.[4].positive).toBeCloseTo(reply.probabilities?.positive ?? NaN, 5);
      const without = await ask(run, trials, 'the film is dull');
      expect(reply.influence?.[3]).toBeCloseTo(
        (reply.probabilities?.[reply.text] ?? NaN) - (without.probabilities?.[reply.text] ?? NaN),
        5,
      );
      expect(await ask(run, trials, '  ').catch(sentenceOf)).toBe('Type something to read.');
      expect(await ask(run, trials, 'x'.repeat(401)).catch(sentenceOf)).toMatch(/at most 400/);
    });
  });

  test('of a picture: the belief after each row, also of one that a visitor has drawn', async () => {
    await withRun(settingsOf('handwriting'), 1, async (run, trials) => {
      const reply = await answerQuestion(run, trials, {
        asked: { example: 2 },
        belief: true,
        influence: true,
      });
      expect([reply.belief?.length, reply.influence?.length]).toEqual([14, 14]);
      expect(reply.belief?.[13]['3']).toBeCloseTo(reply.probabilities?.['3'] ?? NaN, 5);
      const picture = new Float32Array(196).fill(0.5);
      const drawn = await answerQuestion(run, trials, { asked: { picture } });
      expect(Object.keys(drawn.probabilities ?? {})).toHaveLength(10);
      const refused = (asked: Asked): Promise<unknown> =>
        answerQuestion(run, trials, { asked }).catch(sentenceOf);
      expect(await refused({ picture: new Float32Array(5) })).toBe(
        'A picture has 14 rows of 14 pixels here.',
      );
      expect(await refused({ text: 'five' })).toMatch(/reads no text/);
    });
  });

  test('of a text that is written: attention, and a search with its steps', async () => {
    await withRun(settingsOf('reversing'), 5, async (run, trials) => {
      const reply = await ask(run, trials, 'abc', { attention: true, width: 3 });
      expect(reply.attention?.source).toEqual(['a', 'b', 'c']);
      for (const row of reply.attention?.weights ?? [])
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 4);
      expect(reply.candidates).toHaveLength(3);
      expect(reply.candidates?.[0].text).toBe(reply.text);
      const [first] = reply.beam ?? [];
      expect(first.map(({ parent }) => parent)).toEqual([0, 0, 0]);
      const last = reply.beam?.flat().find(({ ends }) => ends);
      expect(last?.logProbability).toBeLessThan(0);
    });
  });

  test('of a class: as many drawn texts as are asked for, the same for the same seed', async () => {
    await withRun(settingsOf('first-names'), 5, async (run, trials) => {
      const draw = { count: 3, temperature: 1, seed: 7 };
      const asked = { class: 'female' };
      const first = await answerQuestion(run, trials, { asked, draw });
      expect(first.drawn).toHaveLength(3);
      expect((await answerQuestion(run, trials, { asked, draw })).drawn).toEqual(first.drawn);
      await expect(answerQuestion(run, trials, { asked: { class: 'tree' } })).rejects.toThrow(/female, male/);
    });
  });
});

test('settings that do not fit are refused by the name of their field', async () => {
  for (const [changes, option] of [
    [{ hidden: 'many' }, /hidden/],
    [{ bidirectional: 'x' }, /bidirectional/],
    [{ seed: -1 }, /seed/],
    [{ rate: -1 }, /rate/],
  ] as const)
    await expect(TaskRun.create(settingsOf('reviews', changes), undefined, device)).rejects.toThrow(option);
  for (const [task, attention] of [
    ['reviews', 'dot'],
    ['reversing', 'sideways'],
  ])
    await expect(TaskRun.create(settingsOf(task, { attention }), undefined, device)).rejects.toThrow(
      /attention/,
    );
});

describe('checkpoints are the command’s', () => {
  test.each(['reviews', 'reversing', 'scenes', 'film'])(
    '%s: page and command go on with the same losses, bit for bit',
    async (task) => {
      const settings = settingsOf(task);
      const name = `${task}.safetensors`;
      const further = await withRun(settings, 4, async (run) => {
        await writeFile(file(name), await run.save());
        return train(run, 3);
      });
      const again = await TaskRun.resume(
        await readFile(file(name)),
        settingsOf('reviews'),
        undefined,
        device,
      );
      expect(again.settings).toMatchObject({ task, hidden: 8, batch: 8, rate: settings.rate, seed: 1 });
      expect(again.settings.attention).toBe(settings.attention);
      expect(await train(again, 3)).toEqual(further);
      again.dispose();
      const { status, out, error } = await command([
        'resume',
        file(name),
        '--more',
        '3',
        '--json',
        '--log-every',
        '1',
        '--backend',
        'cpu',
        '--threads',
        '1',
      ]);
      expect({ status, error }).toEqual({ status: 0, error: '' });
      expect(eventsOf(out, 'step').map(({ loss }) => loss)).toEqual(further);
      // The page goes on with what the command wrote.
      const back = await TaskRun.resume(await readFile(file(name)), settings, undefined, device);
      expect(back.trainer.step).toBe(7);
      back.dispose();
    },
  );

  test('a device that lacks kernel variants of the checkpoint is named in a warning', async () => {
    const gpu = await webgpuDevice();
    const settings = settingsOf('reviews', { batch: 2, hidden: 4 });
    const run = await TaskRun.create(settings, undefined, gpu);
    const bytes = await run.save();
    for (const [checkpoint, warnings] of [
      [bytes, []],
      [lackingVariants(bytes), [expect.stringMatching(LACKING_SOME)]],
    ] as const) {
      const again = await TaskRun.resume(checkpoint, settings, undefined, gpu);
      expect(again.facts(2).warnings).toEqual(warnings);
      again.dispose();
    }
    run.dispose();
  });

  test('the command predicts by a visitor’s task, whose records the page needs again', async () => {
    const settings = { ...settingsOf('reviews'), task: 'own' };
    const bytes = await withRun(settings, 30, (run) => run.save(), OWN);
    await writeFile(file('own.safetensors'), bytes);
    const { status, out } = await command(
      ['predict', '--checkpoint', file('own.safetensors'), '--backend', 'cpu'],
      { input: 'good thing 3\nbad thing 2\n' },
    );
    expect([status, out]).toEqual([0, 'up\ndown\n']);
    expect(await TaskRun.resume(bytes, settings, undefined, device).catch(sentenceOf)).toMatch(
      /Open that file here first/,
    );
    const again = await TaskRun.resume(bytes, settings, OWN, device);
    expect([again.trainer.step, again.material.parts.heldOut.length]).toEqual([30, 12]);
    again.dispose();
  });

  test('a checkpoint of a program, which says no task, is refused in a sentence', async () => {
    const model = classifier({ hidden: 4, input: { features: 2 }, labels: labels(['a', 'b']) });
    const trainer = await Trainer.create(model, { device, optimizer: sgd({ rate: 0.1 }) });
    const bytes = await saveCheckpoint(trainer);
    trainer.dispose();
    expect(await TaskRun.resume(bytes, settingsOf('dates'), undefined, device).catch(sentenceOf)).toMatch(
      /^This checkpoint does not say which task it has learned\./,
    );
  });
});

test('the address is the configuration, and says only what differs', () => {
  const defaults = settingsOf('dates');
  const changed = { ...defaults, attention: 'none', hidden: 64 };
  const search = writeTaskAddress('?autostart=0&lang=zh', changed, defaults);
  expect(search).toBe('?task=dates&hidden=64&attention=none&autostart=0&lang=zh');
  expect(readTaskAddress(search)).toEqual({
    ...{ task: 'dates', data: undefined, autostart: false, unknown: [] },
    settings: { hidden: 64, attention: 'none' },
  });
  expect(readTaskAddress('?task=own&data=abc&rate=0,05&hidden=x&colour=red')).toEqual({
    ...{ task: 'own', data: 'abc', autostart: true, unknown: ['colour'] },
    settings: { rate: 0.05, hidden: 'x' },
  });
  expect(keyOf(search)).toBe('task=dates&hidden=64&attention=none');
});

describe('records made in the page', () => {
  test('a denied word of praise is blame, and what it is about is disliked', () => {
    const { tokens, tags } = opinionOf('the film is not very good and the cast is funny');
    expect(Object.fromEntries(tokens.map((token, i) => [token, tags[i]]))).toEqual({
      ...{ the: 'other', film: 'disliked', is: 'other', not: 'denies', very: 'other', good: 'blame' },
      ...{ and: 'other', cast: 'liked', funny: 'praise' },
    });
  });

  test('written digits are recognised wherever they stand, those of others are not', () => {
    for (const { digit, text } of drawnDigits(60, 2)) {
      expect(text).toMatch(/^[.#]{48}$/);
      expect(isDigitText(digit, text)).toBe(true);
      expect(isDigitText(String((Number(digit) + 1) % 10), text)).toBe(false);
    }
    expect(isDigitText('3', '#'.repeat(48))).toBe(false);
  });
});

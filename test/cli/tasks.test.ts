import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readCheckpointFile } from '../../src/node.js';
import { command, eventsOf, temporaryFolder } from './support.js';

const file = temporaryFolder();
const TASK = [
  '--task',
  'copy-memory',
  '--symbols',
  '2',
  '--delay',
  '3',
  '--hidden',
  '12',
  '--batch',
  '8',
  '--backend',
  'cpu',
];

async function train(...args: string[]): Promise<string> {
  const { status, out, error } = await command(['train', ...TASK, '--json', ...args]);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return out;
}

describe('--task copy-memory', () => {
  test('reports the baseline, trains, and evaluates held-out windows', async () => {
    const out = await train(
      '--steps',
      '400',
      '--log-every',
      '100',
      '--eval-every',
      '200',
      '--cell',
      'gru',
      '--rate',
      '0.01',
    );
    const [start] = eventsOf(out, 'start');
    expect(start).toMatchObject({
      text: 'copy-memory (2 symbols, delay 3)',
      cell: 'gru',
      time: 7,
      batch: 8,
      vocabulary: 10,
      characters: 0,
      stepsPerEpoch: 1000,
    });
    expect(start.uniformLoss).toBeCloseTo(Math.log(8), 12);
    expect(start.preset).toBeUndefined();
    const validations = eventsOf(out, 'validation');
    expect(validations.map(({ step }) => step)).toEqual([200, 400]);
    expect(validations[1].accuracy).toBeGreaterThan(0.5);
    expect(validations[1].loss).toBeLessThan(0.7 * Math.log(8));
    expect(eventsOf(out, 'sample')).toEqual([]);
  });

  test('can be resumed exactly, and eval uses the task of the checkpoint', async () => {
    const all = ['--log-every', '1', '--recurrent-dropout', '0.1'];
    const whole = eventsOf(await train(...all, '--steps', '12'), 'step').map(({ loss }) => loss);
    await train(...all, '--steps', '5', '--out', file('task.safetensors'));
    const again = await command([
      'resume',
      file('task.safetensors'),
      '--steps',
      '12',
      '--log-every',
      '1',
      '--json',
    ]);
    expect(again).toMatchObject({ status: 0, error: '' });
    expect(eventsOf(again.out, 'step').map(({ loss }) => loss)).toEqual(whole.slice(5));
    expect((await readCheckpointFile(file('task.safetensors'))).extra.run).toMatchObject({
      text: { kind: 'task', from: 'copy-memory', options: { symbols: 2, delay: 3 } },
    });
    const { out, status } = await command([
      'eval',
      '--checkpoint',
      file('task.safetensors'),
      '--batch',
      '50',
      '--backend',
      'cpu',
      '--json',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      event: 'eval',
      step: 12,
      characters: 800,
      accuracy: expect.any(Number) as number,
    });
    const { out: told } = await command([
      'eval',
      '--checkpoint',
      file('task.safetensors'),
      '--backend',
      'cpu',
    ]);
    expect(told).toMatch(
      /^loss [\d.]+ nats per symbol \(guessing: 2\.0794\), accuracy [\d.]+ %\n2,048 held-out symbols of copy-memory \(2 symbols, delay 3\) \(step 12,/,
    );
  });

  test('has no samples, and no text to continue', async () => {
    await train('--steps', '1', '--out', file('one.safetensors'));
    const sample = await command(['sample', '--checkpoint', file('one.safetensors')]);
    expect(sample).toEqual({
      status: 2,
      out: '',
      error: expect.stringMatching(/was trained on the task copy-memory, so it cannot/) as string,
    });
    const resume = await command(['resume', file('one.safetensors'), '--more', '1', '--text', 'chinese']);
    expect(resume).toEqual({
      status: 2,
      out: '',
      error: expect.stringMatching(/^unrolled: --text: not used by the task copy-memory/) as string,
    });
  });

  test('can be bidirectional, and such a run can be resumed', async () => {
    const out = await train(
      '--bidirectional',
      '--layers',
      '2',
      '--steps',
      '3',
      '--out',
      file('both.safetensors'),
    );
    expect(eventsOf(out, 'start')[0]).toMatchObject({ directions: 2 });
    expect((await readCheckpointFile(file('both.safetensors'))).parameters['head.weight'].shape).toEqual([
      10, 24,
    ]);
    expect(await command(['resume', file('both.safetensors'), '--more', '2', '--json'])).toMatchObject({
      status: 0,
    });
  });

  test('the screen shows the task, the loss of guessing, and the accuracy', async () => {
    const { out, status } = await command(['train', ...TASK, '--steps', '2', '--eval-every', '2']);
    expect(status).toBe(0);
    expect(out).toMatch(
      /^task +copy-memory \(2 symbols, delay 3\): recall 2 of 8 symbols after a gap of 3 steps$/m,
    );
    expect(out).toMatch(/^guessing +loss 2\.0794 per recalled symbol \(log 8\)/m);
    expect(out).toMatch(/^step 2 {2}loss .* bits\/symbol .* symbols\/s$/m);
    expect(out).toMatch(/^step 2 {2}held out: loss [\d.]+ per symbol {2}accuracy [\d.]+ %/m);
  });
});

describe('--gradient-flow', () => {
  test('adds the gradients to every report, and changes no loss', async () => {
    const args = ['--steps', '7', '--log-every', '3', '--layers', '2', '--cell', 'lstm', '--dropout', '0.2'];
    const out = await train(...args, '--gradient-flow');
    const flows = eventsOf(out, 'gradient-flow');
    expect(flows.map(({ step }) => step)).toEqual([3, 6, 7]);
    expect(flows[0].layers.map(({ layer, direction, norms }) => [layer, direction, norms.length])).toEqual([
      [0, 'forward', 7],
      [1, 'forward', 7],
    ]);
    expect(flows[0].parameters.map(({ name }) => name)).toContain('rnn.weight_hh_l1');
    for (const { norm, clipped } of flows[0].parameters) expect(clipped).toBeLessThanOrEqual(norm);
    expect(eventsOf(out, 'step').map(({ loss }) => loss)).toEqual(
      eventsOf(await train(...args), 'step').map(({ loss }) => loss),
    );
  });

  test('prints bars over time without --json', async () => {
    const { out } = await command(['train', ...TASK, '--steps', '1', '--gradient-flow', '--bidirectional']);
    expect(out).toMatch(/^step 1 {2}\|dL\/dh_t\| over time, from \S+ to \S+ \(logarithmic; blank: zero\)$/m);
    expect(out).toMatch(/^ {2}layer 1 forward +[▁▂▃▄▅▆▇█ ]{7} {2}t = 0: \S+, end: \S+$/m);
    expect(out).toMatch(/^ {2}layer 1 reverse /m);
    expect(out).toMatch(/^ {2}\|g\| \S+, clipped to \S+; largest: \S+ /m);
  });

  test('works for texts too', async () => {
    const { out, status } = await command([
      'train',
      '--steps',
      '2',
      '--log-every',
      '1',
      '--sample-every',
      '0',
      '--hidden',
      '6',
      '--backend',
      'cpu',
      '--json',
      '--gradient-flow',
    ]);
    expect(status).toBe(0);
    expect(eventsOf(out, 'gradient-flow')).toHaveLength(2);
  });
});

test('weights of a model with other symbols are refused, even if their number is equal', async () => {
  await writeFile(file('ten.txt'), 'abcdefghij'.repeat(50));
  const text = ['--corpus', file('ten.txt'), '--cell', 'lstm', '--hidden', '12', '--steps', '1'];
  await command(['train', ...text, '--backend', 'cpu', '--out', file('ten.safetensors')]);
  const { status, out, error } = await command([
    'train',
    ...TASK,
    '--init-from',
    file('ten.safetensors'),
    '--steps',
    '1',
  ]);
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(error).toMatch(
    /^unrolled: The model has 10 symbols, but not those of the task copy-memory, [^\n]*id 8 is "i" in the model and "\." in [^\n]+\n$/,
  );
});

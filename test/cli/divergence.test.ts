import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors, readCheckpointFile } from '../../src/node.js';
import { command, eventsOf, temporaryFolder, TINY, type Outcome } from './support.js';

const file = temporaryFolder();

beforeAll(() => writeFile(file('text.txt'), 'the quick brown fox jumps over the lazy dog.\n'.repeat(30)));

const train = (...args: readonly string[]): Promise<Outcome> =>
  command(['train', '--corpus', file('text.txt'), ...TINY, ...args]);

/** A rate at which gradients soon are not finite any more. */
const WILD = ['--nonlinearity', 'relu', '--clip-value', '0', '--optimizer', 'sgd', '--rate', '1000'];

describe('a run that diverges', () => {
  test('stops with status 1 at its limit, and warns at 3, 10 and 100 steps', async () => {
    const { status, out, error } = await train('--steps', '4000', ...WILD);
    expect(status).toBe(1);
    expect(error).toMatch(/^unrolled: The run has diverged: from step \d+ to step \d+ [^\n]+--out[^\n]+\n$/);
    const warnings = eventsOf(out, 'warning').map(({ message }) => /for (\d+) steps/.exec(message)?.[1]);
    expect(warnings).toEqual(['3', '10', '100']);
    const [done] = eventsOf(out, 'done');
    expect(done.reason).toBe('diverged');
    const [, from, to] = /from step (\d+) to step (\d+)/.exec(error) ?? [];
    expect([Number(to) - Number(from) + 1, done.step]).toEqual([100, Number(to)]);
  });

  test('stops earlier with a lower --max-skipped', async () => {
    const { status, out } = await train('--steps', '4000', '--max-skipped', '12', ...WILD);
    expect(status).toBe(1);
    expect(eventsOf(out, 'warning')).toHaveLength(2);
  });

  test('keeps the last checkpoint whose loss was finite', async () => {
    const path = file('kept.safetensors');
    const options = ['--checkpoint-every', '1', '--max-skipped', '0', '--steps', '60', '--out', path];
    const { status, out, error } = await train(...options, ...WILD);
    expect(status).toBe(1);
    const [, from] = /from step (\d+)/.exec(error) ?? [];
    const { progress } = await readCheckpointFile(path);
    expect(progress.step).toBe(Number(from) - 1);
    expect(error).toContain(`contains the checkpoint of step ${progress.step}.`);
    expect(eventsOf(out, 'checkpoint').at(-1)?.step).toBe(progress.step);
  });
});

test('eval of a loss that is no number is a failure', async () => {
  const path = file('large.safetensors');
  expect(await train('--steps', '2', '--out', path)).toMatchObject({ status: 0 });
  const { tensors, metadata } = readSafetensors(await readFile(path));
  const head = tensors['head.weight'];
  const data = Float32Array.from(head.data, () => 3e38);
  await writeFile(path, writeSafetensors({ ...tensors, 'head.weight': { ...head, data } }, metadata));
  const { status, out, error } = await command(['eval', '--checkpoint', path, '--backend', 'cpu']);
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(error).toMatch(/^unrolled: The loss of ".*" is NaN, because its weights are too large[^\n]+\n$/);
});

test('a NaN among the validation losses does not hide the best of them', async () => {
  const path = file('history.safetensors');
  const options = ['--validation', '0.2', '--eval-every', '20', '--optimizer', 'adam', '--rate', '0.05'];
  expect(await train('--steps', '100', ...options, '--out', path)).toMatchObject({ status: 0 });
  const { tensors, metadata } = readSafetensors(await readFile(path));
  const description = JSON.parse(metadata.unrolled) as {
    extra: { run: { validationLosses: (number | null)[] } };
  };
  const losses = description.extra.run.validationLosses;
  expect(losses).toHaveLength(5);
  description.extra.run.validationLosses = [-1, ...losses.slice(1, 4), null]; // nothing is better than -1
  await writeFile(path, writeSafetensors(tensors, { ...metadata, unrolled: JSON.stringify(description) }));
  const best = await readFile(file('history.best.safetensors'));
  const { status, out } = await command(['resume', path, '--more', '20', '--json']);
  expect(status).toBe(0);
  expect(eventsOf(out, 'validation').map((event) => event.best)).toEqual([false]);
  expect((await readFile(file('history.best.safetensors'))).equals(best)).toBe(true);
});

describe('a schedule of a planned length', () => {
  const rates = (out: string): number[] => eventsOf(out, 'step').map(({ rate }) => rate);
  const COSINE = ['--optimizer', 'adam', '--rate', '0.01', '--schedule', 'cosine', '--log-every', '1'];

  test('ends with the run, also where resume makes it longer', async () => {
    const path = file('cosine.safetensors');
    expect(await train(...COSINE, '--steps', '8', '--out', path)).toMatchObject({ status: 0 });
    const whole = await train(...COSINE, '--steps', '16');
    const { status, out } = await command(['resume', path, '--more', '8', '--json']);
    expect(status).toBe(0);
    expect(rates(out)).toEqual(rates(whole.out).slice(8));
    expect(rates(out)[0]).toBeGreaterThan(0.004);
    expect(eventsOf(out, 'warning').map(({ message }) => message)).toEqual([
      expect.stringMatching(/planned for 8 steps, and now ends with the run, at step 16/),
    ]);
  });

  test('may have a floor', async () => {
    const { out } = await train(...COSINE, '--steps', '8', '--rate-floor', '0.25');
    expect(rates(out).at(-1)).toBeCloseTo(0.0025, 12);
    expect(await train('--rate-floor', '0.25')).toMatchObject({ status: 2 });
  });

  test('warns if the rate is 0, and does not advise more steps that would change nothing', async () => {
    const path = file('decayed.safetensors');
    const decay = ['--rate-decay', '0', '--rate-decay-after', '1', '--epochs', '2'];
    const { status, out } = await train(...decay, '--out', path);
    expect(status).toBe(0);
    expect(eventsOf(out, 'warning')[0].message).toMatch(/The learning rate was 0 for 3 steps in a row/);
    const { error } = await command(['resume', path]);
    expect(error).toMatch(/This run is complete.*decayed to 0.*train --init-from/);
    expect(error).not.toContain('--more');
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { records } from '../../src/index.js';
import { readEvents, type ReadEvent } from '../support/event-file.js';
import { command, eventsOf, temporaryFolder, TINY } from './support.js';

const file = temporaryFolder();
const RUN = ['--hidden', '8', '--backend', 'cpu', '--time', '10', '--batch', '4', '--json'] as const;

/** The events of all files in a folder, in the order of the files' names. */
function eventsIn(folder: string): ReadEvent[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readEvents(readFileSync(join(folder, name))));
}

/** Step and value of a scalar. */
function curve(events: readonly ReadEvent[], tag: string): (readonly [number, number | undefined])[] {
  return events.filter((event) => event.tag === tag).map(({ step, scalar }) => [step, scalar]);
}

describe('--tensorboard and --csv', () => {
  test('refuse a folder that cannot be written in one line, before anything is read', async () => {
    await writeFile(file('taken'), '');
    for (const [folder, reason] of [
      ['/proc/unrolled', '.*'],
      [file('taken/events'), 'a part of its path is a file, not a folder'],
    ]) {
      const { status, out, error } = await command([
        ...['train', ...RUN, '--corpus', file('no-such-text'), '--tensorboard', folder],
      ]);
      expect([status, out]).toEqual([1, '']);
      expect(error).toMatch(new RegExp(`^unrolled: Cannot write ".*${folder}.*": ${reason}\\.\n$`));
    }
  });

  test('record the reports of a run over a text, and continue with it', async () => {
    const [out, folder, csv] = [file('m.safetensors'), file('events'), file('run.csv')];
    const recording = ['--tensorboard', folder, '--csv', csv];
    const length = ['--steps', '20', '--log-every', '5', '--validation', '0.1', '--eval-every', '10'];
    const samples = ['--sample-every', '20', '--sample-length', '5', '--prime', 'the '];
    const first = await command(['train', ...RUN, ...length, ...samples, '--out', out, ...recording]);
    expect(first.status).toBe(0);
    const steps = eventsOf(first.out, 'step');
    const validations = eventsOf(first.out, 'validation');
    expect([steps.length, validations.length]).toEqual([4, 2]);

    const events = eventsIn(folder);
    expect(events[0].version).toBe('brain.Event:2');
    expect(events.slice(1, 3).map(({ plugin }) => plugin)).toEqual(['hparams', 'hparams']);
    expect(curve(events, 'train/loss')).toEqual(steps.map(({ step, loss }) => [step, Math.fround(loss)]));
    expect(curve(events, 'train/rate')).toHaveLength(4);
    expect(curve(events, 'validation/perplexity')).toEqual(
      validations.map(({ step, perplexity }) => [step, Math.fround(perplexity)]),
    );
    const [sample] = eventsOf(first.out, 'sample');
    const shown = events.find(({ tag }) => tag === 'sample/the ');
    expect(shown).toMatchObject({ step: 20, plugin: 'text' });
    expect(shown?.texts?.[0].replace(/^ {4}/gm, '')).toBe(`the ${sample.text}`);
    expect(events.at(-1)?.tag).toBe('_hparams_/session_end_info');

    const rows = [...(await records.csv(csv))];
    const order = steps.flatMap((step) => [
      step,
      ...validations.filter((validation) => validation.step === step.step),
    ]);
    expect(rows.map(({ event, step, loss }) => [event, step, loss])).toEqual(
      order.map(({ event, step, loss }) => [event, String(step), String(loss)]),
    );
    expect(rows[0].charsPerSecond).toBe(String(steps[0].charsPerSecond));
    expect(rows.filter(({ best }) => best !== '')).toHaveLength(2);

    const more = await command(['resume', out, '--more', '5', '--log-every', '5', '--json', ...recording]);
    expect(more.status).toBe(0);
    const after = [...(await records.csv(csv))];
    expect(after.slice(0, rows.length)).toEqual(rows);
    expect(after.at(-1)).toMatchObject({ event: 'step', step: '25' });
    expect(readdirSync(folder)).toHaveLength(2);
    expect(curve(eventsIn(folder), 'train/loss').at(-1)?.[0]).toBe(25);
  });

  test('keep the measures of a task', async () => {
    const [data, csv, folder] = [file('order.csv'), file('order-run.csv'), file('order-events')];
    await command(['data', 'make', 'temporal-order', '--set', 'time=20', '--rows', '60', '--out', data]);
    const options = ['--task', 'classify', '--data', data, '--tokens', 'characters', '--validation', '0.2'];
    const length = ['--batch', '16', '--steps', '6', '--eval-every', '3', '--log-every', '3'];
    const { status, out, error } = await command([
      'train',
      ...options,
      ...length,
      '--hidden',
      '8',
      '--backend',
      'cpu',
      '--json',
      '--csv',
      csv,
      '--tensorboard',
      folder,
    ]);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    const validations = eventsOf(out, 'validation');
    const rows = [...(await records.csv(csv))].filter(({ event }) => event === 'validation');
    expect(rows.map(({ accuracy }) => accuracy)).toEqual(validations.map(({ accuracy }) => String(accuracy)));
    expect(curve(eventsIn(folder), 'validation/accuracy')).toHaveLength(2);
  });

  test('do not replace files of another run, and refuse files that cannot be written', async () => {
    const run = (...args: string[]) => command(['train', ...TINY, '--steps', '2', ...args]);
    const [csv, folder] = [file('kept.csv'), file('kept-events')];
    await writeFile(csv, 'mine\n');
    const errorOf = async (...args: string[]): Promise<string> => {
      const { status, error } = await run(...args);
      expect(status).toBeGreaterThan(0);
      return error;
    };
    expect(await errorOf('--csv', csv)).toContain('exists, and train would replace it: choose another --csv');
    expect(readFileSync(csv, 'utf8')).toBe('mine\n');
    expect((await run('--csv', csv, '--overwrite')).status).toBe(0);
    expect(readFileSync(csv, 'utf8')).toMatch(/^event,step,epoch,loss/);
    expect((await run('--tensorboard', folder)).status).toBe(0);
    expect(await errorOf('--tensorboard', folder)).toContain('contains the events of another run');
    expect(await errorOf('--tensorboard', csv)).toContain(`Cannot write ${JSON.stringify(csv)}`);
    expect(await errorOf('--csv', file('none/run.csv'))).toContain('there is no such folder');
    const out = file('same.safetensors');
    expect(await errorOf('--out', out, '--csv', out)).toContain('is the same file as --out');
    expect(existsSync(out)).toBe(false);
  });

  test('refuse to continue a table with other columns', async () => {
    const [out, csv] = [file('other.safetensors'), file('other.csv')];
    await command(['train', ...TINY, '--steps', '2', '--out', out]);
    await writeFile(csv, 'step,loss\n1,2\n');
    const { status, error } = await command(['resume', out, '--more', '1', '--csv', csv, '--json']);
    expect(status).toBe(1);
    expect(error).toContain('has other columns (step,loss) than this run reports (event,step,');
    expect(readFileSync(csv, 'utf8')).toBe('step,loss\n1,2\n');
  });
});

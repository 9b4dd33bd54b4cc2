import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { toys } from '../../src/graph.js';
import { records } from '../../src/index.js';
import { command, temporaryFolder } from './support.js';

const file = temporaryFolder();
const make = (...args: string[]) => command(['data', 'make', ...args]);

describe('data make', () => {
  test('writes a data set and a held-out part that share no example', async () => {
    const path = file('dates.tsv');
    const { status, out, error } = await make('dates', '--rows', '300', '--held-out', '50', '--out', path);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toBe(`${path}  300 rows\n${file('dates.held-out.tsv')}  50 rows\n`);
    const parts = [path, file('dates.held-out.tsv')].map((name) => records.tsv(name, ['source', 'target']));
    const [train, heldOut] = await Promise.all(parts);
    expect([train.length, heldOut.length]).toEqual([300, 50]);
    expect(new Set([...train, ...heldOut].map(({ source }) => source)).size).toBe(350);
    const look = await command(['data', 'look', path]);
    expect(look.out).toMatch(/^300 records, 0 of them repeat/);
  });

  test('has options and a seed, and the end of the name decides the format', async () => {
    const path = file('sums.jsonl');
    const options = ['--set', 'digits=2', '--set', 'reversed=true', '--seed', '3', '--rows', '20'];
    const { out } = await make('addition', ...options, '--out', path, '--json');
    expect(JSON.parse(out)).toEqual({ event: 'made', name: 'addition', task: 'translate', path, rows: 20 });
    const wanted = toys.parts('addition', { rows: 20, seed: 3, options: { digits: 2, reversed: true } });
    expect([...(await records.jsonl(path))]).toEqual([...wanted.train]);
  });

  test('writes features beside a table of captions', async () => {
    const { out } = await make('scenes', '--rows', '12', '--out', file('scenes.safetensors'));
    expect(out).toBe(`${file('scenes.safetensors')}  12 rows\n${file('scenes.tsv')}  12 rows\n`);
    const table = await records.tsv(file('scenes.tsv'), ['caption', 'places']);
    const rows = await records.features(file('scenes.safetensors'), table, 'grid');
    const { train } = toys.parts('scenes', { rows: 12 });
    for (let i = 0; i < 12; i++) {
      const { grid, caption, places } = train.at(i) as ReturnType<ReturnType<typeof toys.scenes>['at']>;
      expect(rows.at(i)).toEqual({ caption, places: JSON.stringify(places), features: grid });
    }
  });

  test('does not replace a file with other content without --overwrite', async () => {
    const path = file('kept.csv');
    await writeFile(path, 'mine');
    const refused = await make('negation', '--rows', '10', '--out', path);
    expect(refused).toMatchObject({ status: 1, out: '' });
    expect(refused.error).toBe(
      `unrolled: Cannot write ${JSON.stringify(path)}: it exists and has other content. Choose another place, ` +
        'or allow it to be replaced with --overwrite.\n',
    );
    expect(await readFile(path, 'utf8')).toBe('mine');
    expect((await make('negation', '--rows', '10', '--out', path, '--overwrite')).status).toBe(0);
    expect((await make('negation', '--rows', '10', '--out', path)).status).toBe(0);
    expect(await readFile(path, 'utf8')).toMatch(/^text,label\n/);
  });

  test('refuses unknown names, options and formats', async () => {
    const errorOf = async (...args: string[]): Promise<string> => {
      const { status, error } = await make(...args);
      expect(status).toBe(2);
      return error;
    };
    expect(await errorOf('date', '--out', file('x.tsv'))).toMatch(
      /name of the data: expected one of addition, /,
    );
    expect(await errorOf('dates', '--set', 'digits=3', '--out', file('x.tsv'))).toContain(
      'options of dates: expected none',
    );
    expect(await errorOf('dates', '--set', 'digits', '--out', file('x.tsv'))).toContain(
      'expected NAME=VALUE',
    );
    expect(await errorOf('adding', '--out', file('x.idx'))).toContain(
      'Data set adding can be written as .jsonl',
    );
    expect(await errorOf('dates')).toContain("required option '--out <file>'");
    expect(existsSync(file('x.tsv'))).toBe(false);
  });

  test('data list prints every made-up data set', async () => {
    const { out } = await command(['data', 'list']);
    for (const { name, about } of toys.catalogue) {
      expect(out).toContain(`${name}  `);
      expect(out).toContain(`  ${about}\n`);
    }
    const lines = (await command(['data', 'list', '--json'])).out.trim().split('\n');
    const made = lines.map((line) => JSON.parse(line) as { event: string; name: string });
    expect(made.filter(({ event }) => event === 'made-up').map(({ name }) => name)).toEqual(
      toys.catalogue.map(({ name }) => name),
    );
  });
});

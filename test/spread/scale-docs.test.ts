import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root, run } from '../build/run.js';

const simulate = (args: readonly string[]): ReturnType<typeof run> =>
  run(process.execPath, ['scripts/simulate-spread.mjs', ...args]);

/** Without the spaces that Prettier aligns tables with. */
const plain = (text: string): string => text.replace(/ {2,}/g, ' ').replace(/\|( ?:?-+:? ?\|)+/g, '|-|');

it('docs/scale.md has the output of the simulation', async () => {
  const { code, stdout, stderr } = await simulate([]);
  expect([code, stderr]).toEqual([0, '']);
  const docs = readFileSync(join(root, 'docs/scale.md'), 'utf8');
  expect(plain(docs).replaceAll('\n', ' ')).toContain(plain(stdout).trim().replaceAll('\n', ' '));
});

it('the simulation uses its options, and refuses wrong ones', async () => {
  const row = async (args: readonly string[]): Promise<string[]> => {
    const { stdout } = await simulate([...args, '--rounds', '2']);
    return (/^\| 10 \| 100 \|.*$/m.exec(stdout)?.[0] ?? '').split(' | ');
  };
  // Without jitter only lost work makes anyone wait; a hundredth of the weights takes a hundredth of the time.
  expect((await row(['--jitter', '0']))[2]).toBe('1.00');
  expect((await row(['--parameters', '100000']))[4]).toBe('0.12 s');
  for (const args of [
    ['--rounds', '0'],
    ['--nope', '1'],
    ['--jitter', 'x'],
  ])
    expect((await simulate(args)).code).toBe(2);
});

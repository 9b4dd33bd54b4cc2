import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { LACKING, LACKING_SOME, lackingVariants } from '../support/lacking-variants.js';
import { command, temporaryFolder } from './support.js';

const file = temporaryFolder();
const checkpoint = (): string => file('run.safetensors');

/** A run of two steps at most, on a device with variants. */
const train = (): string[] => [
  ...['train', '--corpus', file('text.txt'), '--hidden', '8', '--time', '2', '--batch', '1'],
  ...['--backend', 'webgpu', '--sample-every', '0'],
];

beforeAll(async () => {
  await writeFile(file('text.txt'), 'the quick brown fox jumps over the lazy dog.\n'.repeat(30));
  const run = await command([...train(), '--steps', '1', '--out', checkpoint()]);
  expect(run).toMatchObject({ status: 0, error: '' });
});

/** Replaces variants in the checkpoint by one that no device has, and resumes. @returns warnings */
async function warningsWithout(change: (names: readonly string[]) => readonly string[]): Promise<string[]> {
  const path = file('changed.safetensors');
  await writeFile(path, lackingVariants(await readFile(checkpoint()), change));
  const { status, error } = await command(['resume', path, '--more', '1']);
  expect(status).toBe(0);
  return error.split('\n').filter((line) => line !== '');
}

test('resume warns, in one line, that the device lacks a kernel variant of the checkpoint', async () => {
  expect(await warningsWithout(() => [])).toEqual([]);
  let first = '';
  const [one, ...others] = await warningsWithout((names) => [(first = names[0])]);
  expect(others).toEqual([]);
  expect(one.replace(LACKING, '<$1>')).toBe(`unrolled: warning: <${first}>`);
  const [all] = await warningsWithout((names) => names.slice(0, 3));
  expect(all).toContain(` of ${first}, `);
  expect(all).toMatch(/ instead\. The same is true of 2 others\.$/);
});

test('a worker of a spread run that continues from such a checkpoint warns too', async () => {
  const folder = file('spread');
  const worker = [
    ...[...train(), '--spread', folder, '--workers', '1', '--worker', '0'],
    ...['--exchange-every', '1', '--steps', '2'],
  ];
  expect(await command(worker)).toMatchObject({ status: 0, error: '' });
  const state = `${folder}/worker-0/round-1.safetensors`;
  await writeFile(state, lackingVariants(await readFile(state)));
  const { status, error } = await command(worker);
  expect(status).toBe(0);
  expect(error).toMatch(new RegExp(`^unrolled: warning: ${LACKING_SOME.source}\\n$`));
});

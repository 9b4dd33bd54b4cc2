import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/node.js';
import { command, temporaryFolder } from './support.js';

const file = temporaryFolder();
const checkpoint = (): string => file('run.safetensors');

beforeAll(async () => {
  await writeFile(file('text.txt'), 'the quick brown fox jumps over the lazy dog.\n'.repeat(30));
  const train = ['train', '--corpus', file('text.txt'), '--hidden', '8', '--time', '2', '--batch', '1'];
  const run = await command([...train, '--backend', 'webgpu', '--steps', '1', '--out', checkpoint()]);
  expect(run).toMatchObject({ status: 0, error: '' });
});

/** Replaces variants in the checkpoint by one that no device has, and resumes. @returns warnings */
async function warningsWithout(change: (names: readonly string[]) => readonly string[]): Promise<string[]> {
  const { tensors, metadata } = readSafetensors(await readFile(checkpoint()));
  const description = JSON.parse(metadata.unrolled) as { variants: Record<string, string> };
  const changed = change(Object.keys(description.variants));
  expect(Object.keys(description.variants).length).toBeGreaterThan(2);
  for (const name of changed) description.variants[name] = 'of another kind';
  const path = file('changed.safetensors');
  await writeFile(path, writeSafetensors(tensors, { ...metadata, unrolled: JSON.stringify(description) }));
  const { status, error } = await command(['resume', path, '--more', '1']);
  expect(status).toBe(0);
  return error.split('\n').filter((line) => line !== '');
}

test('resume warns, in one line, that the device lacks a kernel variant of the checkpoint', async () => {
  expect(await warningsWithout(() => [])).toEqual([]);
  let first = '';
  expect(await warningsWithout((names) => [(first = names[0])])).toEqual([
    expect.stringMatching(
      /^unrolled: warning: The run does not continue exactly: this device does not offer the kernel variant "of another kind" of (.+), and uses ".+" instead\.$/,
    ),
  ]);
  const [all] = await warningsWithout((names) => names.slice(0, 3));
  expect(all).toContain(` of ${first}, `);
  expect(all).toMatch(/ instead\. The same is true of 2 others\.$/);
});

import { beforeAll, expect, test } from 'vitest';
import { readCheckpointFile } from '../../src/node.js';
import { enableRelaxedSimd } from '../support/relaxed.js';
import { command, eventsOf, temporaryFolder } from './support.js';

const file = temporaryFolder();
beforeAll(enableRelaxedSimd);

const train = (...args: string[]): string[] => [
  ...['train', '--text', 'counting-ab', '--hidden', '8', '--time', '5', '--sample-every', '0', '--json'],
  ...['--backend', 'cpu', '--steps', '2', '--out', file('run.safetensors'), '--overwrite', ...args],
];

test.each([
  [[], 'CPU, relaxed SIMD'],
  [['--no-relaxed'], 'CPU, SIMD'],
])('train --backend cpu %j computes with %s, and the checkpoint stores that', async (flags, adapter) => {
  const { status, out, error } = await command(train(...flags, '--threads', '1'));
  expect({ status, error }).toEqual({ status: 0, error: '' });
  expect(eventsOf(out, 'start')[0]).toMatchObject({ backend: 'cpu', adapter });
  expect((await readCheckpointFile(file('run.safetensors'))).adapter).toBe(adapter);

  const resume = ['resume', file('run.safetensors'), '--more', '1', '--json'];
  const rest = await command(resume); // the same arithmetic without being told
  expect(rest).toMatchObject({ status: 0, error: '' });
  expect(eventsOf(rest.out, 'start')[0]).toMatchObject({ backend: 'cpu', adapter });
});

test('resuming with other arithmetic prints a warning', async () => {
  await command(train());
  const again = ['resume', file('run.safetensors'), '--more', '1', '--json', '--no-relaxed'];
  const { status, out, error } = await command(again);
  expect(status).toBe(0);
  expect(out + error).toContain('The run was on CPU, relaxed SIMD, and continues on CPU, SIMD');
});

test('a run on the reference reports its adapter, and a wrong number of threads is refused', async () => {
  const { out } = await command([...train(), '--backend', 'reference']);
  expect(eventsOf(out, 'start')[0]).toMatchObject({
    backend: 'reference',
    adapter: 'CPU reference, single precision',
  });
  const { status, error } = await command(train('--threads', '0'));
  expect(status).toBe(2);
  expect(error).toContain('--threads');
});

import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDevice, saveCheckpoint, sgd, Trainer, readCheckpointFile } from '../../src/node.js';
import { copyMemory, taskModel } from '../../src/graph.js';
import { run } from '../build/run.js';
import { buildOnce, CLI, command, start, temporaryFolder, TINY } from './support.js';

const file = temporaryFolder();
/** A text that clears the screen, rings and colours: C0, DEL and C1. */
const EVIL = 'ab\u001b[2J\u0007\u009b31mc\u007fd\r\n\t'.repeat(40);
const CONTROL = /(?![\t\n])\p{Cc}/u;

beforeAll(async () => {
  await buildOnce();
  await writeFile(file('evil.txt'), EVIL);
  await writeFile(file('text.txt'), 'the quick brown fox jumps over the lazy dog.\n'.repeat(30));
  const args = ['--corpus', file('evil.txt'), '--steps', '2', ...TINY, '--out', file('evil.safetensors')];
  expect(await command(['train', ...args])).toMatchObject({ status: 0 });
});

describe('control characters of a text', () => {
  test('are escaped in primes, samples and messages', async () => {
    const run = ['train', '--corpus', file('evil.txt'), '--hidden', '8', '--backend', 'cpu', '--steps', '2'];
    const trained = await command([...run, '--sample-every', '1', '--prime', EVIL]);
    const from = ['--checkpoint', file('evil.safetensors'), '--backend', 'cpu'];
    const sampled = await command(['sample', ...from, '--prime', '\u001b]0;title\u0007', '--length', '300']);
    const unknown = await command(['sample', ...from, '--prime', '\u001c\u0085', '--length', '1']);
    for (const { status, out, error } of [trained, sampled, unknown]) {
      expect(status).toBe(0);
      expect(out).not.toMatch(CONTROL);
      expect(error).not.toMatch(CONTROL);
    }
    expect(trained.out).toContain('ab\\u001b[2J\\u0007\\u009b31mc\\u007fd\\u000d\n\t');
    expect(sampled.out).toContain('\\u001b]0;title\\u0007');
    expect(unknown.error).toContain('\\u001c \\u0085');
  });

  test('are complete in JSON, as escapes', async () => {
    const from = ['--checkpoint', file('evil.safetensors'), '--backend', 'cpu'];
    const { out } = await command(['sample', ...from, '--prime', EVIL, '--length', '1', '--json']);
    expect(out).not.toMatch(CONTROL);
    expect((JSON.parse(out) as { prime: string }).prime).toBe(EVIL);
  });
});

test('output has no colours, with or without NO_COLOR', async () => {
  for (const assignment of ['NO_COLOR=1', 'FORCE_COLOR=1'])
    for (const args of ['--help', 'train --hidden nine', `sample --checkpoint ${file('evil.safetensors')}`]) {
      const { stdout, stderr } = await run('env', [assignment, process.execPath, CLI, ...args.split(' ')]);
      expect(stdout + stderr).not.toMatch(CONTROL);
    }
});

test('SIGHUP, which a closed terminal sends, writes a checkpoint as SIGTERM does', async () => {
  const path = file('hangup.safetensors');
  const options = ['--steps', '1000000', '--log-every', '1', '--checkpoint-every', '0', '--out', path];
  const training = start(['train', '--corpus', file('text.txt'), ...TINY, ...options]);
  await training.printed('"event":"step"');
  training.process.kill('SIGHUP');
  expect(await training.ended).toMatchObject({ status: 130, killedBy: null });
  expect((await readCheckpointFile(path)).progress.step).toBeGreaterThan(0);
});

test('an error in writing standard output is reported, with status 1', async () => {
  // A limit of one block for files of the shell's children has the effect of a full disk.
  const args = `sample --checkpoint '${file('evil.safetensors')}' --backend cpu --length 20000`;
  const { code, stderr } = await run('bash', [
    '-c',
    `ulimit -f 1; '${process.execPath}' '${CLI}' ${args} > '${file('full.txt')}'`,
  ]);
  expect(stderr).toMatch(/^unrolled: Cannot write "standard output": it would be larger than [^\n]+\n$/);
  expect(code).toBe(1);
});

test("a checkpoint of a program's own task is not evaluated on a text that happens to be at hand", async () => {
  const device = await openDevice({ backend: 'cpu' });
  const task = copyMemory({ symbols: 2, delay: 3 });
  const trainer = await Trainer.create(taskModel({ vocabulary: task.vocabulary, hidden: 4 }), {
    device,
    batch: 2,
    time: task.time,
    optimizer: sgd({ rate: 0.1 }),
  });
  for await (const { step } of trainer.run(task, { steps: 2 })) expect(step).toBeGreaterThan(0);
  await writeFile(file('own.safetensors'), await saveCheckpoint(trainer));
  device.dispose();
  for (const args of [
    ['eval', '--checkpoint', file('own.safetensors')],
    ['resume', file('own.safetensors')],
  ]) {
    const { status, out, error } = await command([...args, '--backend', 'cpu']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(/was trained on a task of a program \(copy-memory 2\/3\)/);
  }
});

test('eval uses the text that the model was trained on', async () => {
  const { out } = await command(['eval', '--checkpoint', file('evil.safetensors'), '--backend', 'cpu']);
  expect(out).toContain(`predictions in ${file('evil.txt')}`);
});

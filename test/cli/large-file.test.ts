import { execFile } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { buildOnce, CLI, eventsOf, temporaryFolder } from './support.js';

const file = temporaryFolder();
const MEGABYTE = 2 ** 20;
/** More than the 64 MiB that are kept in memory as ids. */
const BLOCKS = 200;

/** Writes the peak memory in bytes to standard error when a thread ends; the last line is the process's. */
const PEAK = "data:text/javascript,process.on('exit',()=>console.error(process.resourceUsage().maxRSS*1024))";

/** Trains on a text by the built command. @returns the peak memory in bytes */
async function peakOf(corpus: string): Promise<number> {
  const options = ['--hidden', '8', '--backend', 'cpu', '--steps', '3', '--sample-every', '0', '--json'];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    ...['--max-old-space-size=64', '--import', PEAK, CLI],
    ...['train', '--corpus', corpus, '--batch', '8', '--time', '20', ...options],
  ]);
  const [step] = eventsOf(stdout, 'step');
  expect(step.step).toBe(3);
  expect(Number.isFinite(step.loss)).toBe(true);
  return Number(stderr.trimEnd().split('\n').at(-1));
}

beforeAll(buildOnce);

test('a large file trains with little more memory than a small one', async () => {
  const block = 'The quick brown fox jumps over the lazy dog, 0123456789 times.\n'
    .repeat(MEGABYTE / 63 + 1)
    .slice(0, MEGABYTE);
  writeFileSync(file('small.txt'), block);
  const large = openSync(file('large.txt'), 'w');
  for (let i = 0; i < BLOCKS; i++) writeSync(large, block);
  closeSync(large);
  const [small, most] = [await peakOf(file('small.txt')), await peakOf(file('large.txt'))];
  console.log(
    `training on ${BLOCKS} MiB of text: peak memory ${Math.round(most / MEGABYTE)} MiB, on 1 MiB ` +
      `${Math.round(small / MEGABYTE)} MiB`,
  );
  // The ids alone would take 200 MiB. What is read passes through blocks and buffers of 32 MiB; some
  // wait for the garbage collector.
  expect(most - small).toBeLessThan(140 * MEGABYTE);
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root, run, type Finished } from './run.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-runaway-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'dist/index.js');

/** Writes a test file into the folder. */
const plant = (name: string, body: string): Promise<void> =>
  writeFile(
    join(folder, name),
    `import { writeFileSync } from 'node:fs';
     import { test } from ${JSON.stringify(vitest)};
     test('finishes', () => undefined);
     test('the test', async () => { ${body} });`,
  );

/** Runs these files as `npm test` runs those of the clone. */
const runPlanted = (minutes: number): Promise<Finished> =>
  run(process.execPath, [
    join(root, 'scripts/run-tests.mjs'),
    '--root',
    folder,
    '--minutes',
    String(minutes),
  ]);

/** Whether a process with this number exists. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// No timer fires in either of them, so vitest's own time limit does not apply.
test.each([
  ['waits without an end', 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);'],
  ['resolves in microtasks alone', 'for (;;) await Promise.resolve();'],
])('a test file that %s is stopped and named, and the run ends with 1', async (_, body) => {
  const note = join(folder, 'pid');
  await plant('away.test.mjs', `writeFileSync(${JSON.stringify(note)}, String(process.pid)); ${body}`);
  const { code, stdout } = await runPlanted(0.1);
  expect(code).toBe(1);
  expect(stdout).toContain(
    'away.test.mjs ran away: none of its tests finished for 0.1 minutes. It was stopped.',
  );
  // On a slow machine the file may have been stopped before its test began.
  const pid = await readFile(note, 'utf8').catch(() => undefined);
  expect(pid !== undefined && isAlive(Number(pid))).toBe(false);
});

test('a file whose tests finish is let alone', async () => {
  await plant('whole.test.mjs', 'await new Promise((resolve) => setTimeout(resolve, 10));');
  const { code, stdout } = await runPlanted(10);
  expect(stdout).not.toContain('ran away');
  expect(code).toBe(0);
});

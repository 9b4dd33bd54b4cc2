import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run, type Finished } from './run.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-start-'));
  await run(process.execPath, ['scripts/setup.mjs']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `npm start` on a page with this script. */
async function startOn(script: string, ...args: string[]): Promise<Finished> {
  await writeFile(
    join(folder, 'index.html'),
    `<!doctype html><title>fake</title><link rel="icon" href="data:,"><script>${script}</script>`,
  );
  return run(
    process.execPath,
    [join(root, 'scripts/start.mjs'), '--dist', folder, '--seconds', '1', ...args],
    { env: { CI: 'true' } },
  );
}

/**
 * A page that only pretends to train: one step for each time that it is asked, because the time of
 * the question is not known. `loss` is an expression for its smoothed loss, which may use `step`.
 */
const fake = (loss: string, status = "'training'"): string => `
  let step = 0;
  const state = () => { if (location.search === '?autostart=1') step++; return { step, smoothLoss: ${loss}, baseline: 4.174, adapter: 'no adapter', dispatchesPerStep: 65, charsPerSecond: 250, status: ${status} }; };
  window.unrolledDemo = { state, samples: () => [{ step: 3, text: 'a sample' }] };`;

test('trains for the given time without a display, prints loss and samples, and ends with 0', async () => {
  const { code, stdout, stderr } = await startOn(fake('5 - step / 100'));
  expect(stderr).toBe('');
  expect(stdout).toMatch(/on no adapter.*65 dispatches per step/);
  expect(stdout).toMatch(/step \d+ {2}smooth loss 4\.\d+ {2}250 characters\/s/);
  expect(stdout).toContain('--- sample after 3 steps\na sample\n');
  expect(stdout).toMatch(/the loss fell from 4\.990 to 4\.\d+ in \d+ steps/);
  expect(code).toBe(0);
});

test('ends before its time where the page has learned what it can, and says at which step', async () => {
  const page = fake('5 - step / 100', "step > 2 ? 'done' : 'training'");
  const { code, stdout } = await startOn(page, '--seconds', '100000');
  expect(stdout).toMatch(/it has learned what it can of this text, best at step \d+\n/);
  expect(stdout).toMatch(/the loss fell from 4\.990 to 4\.\d+ in \d+ steps/);
  expect(code).toBe(0);
});

test.each(['5 + step / 100', 'step > 1 ? NaN : 5'])(
  'a loss that does not fall (%s) ends with 1',
  async (loss) => {
    const { code, stdout } = await startOn(fake(loss));
    expect(stdout).toContain('the loss did not fall');
    expect(code).toBe(1);
  },
);

test('a port in use is said in one line', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await startOn(fake('5'), '--port', String(port));
  server.close();
  expect(stderr).toBe(`unrolled: port ${port} is in use. Choose another: npm start -- --port N\n`);
  expect(code).toBe(1);
});

test.each([
  [['--seconds', 'ten'], 'unrolled: --seconds: expected a number above 0, got "ten".\n'],
  [['--dist', '/nowhere'], `unrolled: ${join('/nowhere', 'index.html')} is missing. Run: npm run build\n`],
])('%j is refused in one line', async (args, message) => {
  const { code, stderr } = await startOn('', ...args);
  expect(stderr).toBe(message);
  expect(code).toBe(1);
});

test('a browser that does not exist is said in one line', async () => {
  const { code, stderr } = await run(process.execPath, [join(root, 'scripts/start.mjs'), '--dist', folder], {
    env: { CI: 'true', PUPPETEER_EXECUTABLE_PATH: '/nowhere/chrome' },
  });
  expect(stderr).toMatch(
    /^unrolled: PUPPETEER_EXECUTABLE_PATH names the browser \/nowhere\/chrome, and there is no such file\. .*\n$/,
  );
  expect(code).toBe(1);
});

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'puppeteer';
import { preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BenchReport } from '../../src/bench/index.js';
import { buildDist } from '../chrome/support.js';
import { EMPTY_PAGE, withPage } from '../support/chrome.js';
import { PATIENCE } from '../support/patience.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let server: PreviewServer;
/** Paths that the server was asked for, workers' included. */
const asked: string[] = [];

// The built page, served within a site: nothing may depend on where it lies.
beforeAll(async () => {
  buildDist();
  folder = await mkdtemp(join(tmpdir(), 'unrolled-bench-'));
  server = await preview({
    configFile: false,
    root,
    logLevel: 'error',
    base: '/some/path/',
    build: { outDir: 'dist/demo' },
    preview: { host: 'localhost', port: 0 },
    plugins: [
      {
        name: 'log',
        configurePreviewServer: ({ middlewares }) => {
          middlewares.use((request, _response, next) => {
            asked.push(request.url ?? '');
            next();
          });
        },
      },
    ],
  });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Opens the page with these options of its address. No budget may run out, however slow the
 * machine.
 */
function withBench(query: string, use: (page: Page) => Promise<void>): Promise<void> {
  return withPage(EMPTY_PAGE, async (page) => {
    asked.length = 0;
    await page.goto(
      `http://localhost:${(server.httpServer.address() as AddressInfo).port}/some/path/bench.html?budget=100000&${query}`,
    );
    await page.waitForFunction('window.unrolledBench');
    await use(page);
  });
}

async function finished(page: Page): Promise<BenchReport> {
  await page.waitForFunction(`window.unrolledBench?.state().status !== 'running'`, {
    timeout: 150_000,
    polling: 50,
  });
  const report = (await page.evaluate('window.unrolledBench.report()')) as BenchReport;
  expect(report.leftOut).toEqual([]);
  expect(await page.evaluate('window.unrolledBench.state()')).toMatchObject({
    status: 'done',
    sentence: 'Done.',
  });
  return report;
}

const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLElement).innerText);

/** Clicks the three buttons. @returns names and contents of the files */
async function download(page: Page): Promise<[string, string][]> {
  const downloads = join(folder, 'downloads');
  const session = await page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', {
    behavior: 'allow',
    downloadPath: downloads,
    eventsEnabled: true,
  });
  for (const format of ['csv', 'json', 'md']) {
    const saved = new Promise<void>((resolve) =>
      session.on('Browser.downloadProgress', ({ state }) => state === 'completed' && resolve()),
    );
    await page.click(`#download-${format}`);
    await saved;
  }
  const names = (await readdir(downloads)).sort();
  return Promise.all(
    names.map(async (name): Promise<[string, string]> => [
      name,
      await readFile(join(downloads, name), 'utf8'),
    ]),
  );
}

test(
  'a run from the address: every figure verified, tables and plots, three files; nothing of other ' +
    'systems is loaded',
  async () => {
    await withBench(
      'parts=grid,generation,kernels&only=H100,multiply,arithmetic,bandwidth&rounds=2&turn=10&autostart=1',
      async (page) => {
        const report = await finished(page);
        expect(report.machine).toMatchObject({
          runtime: expect.stringContaining('Chrom') as string,
          versions: { unrolled: expect.any(String) as string },
        });
        expect(report.grid.map(({ workload, strategy }) => `${workload} ${strategy}`)).toEqual(
          ['fused', 'general', 'cpu', 'reference'].map((strategy) => `rnn V65 H100 N1 T25 ${strategy}`),
        );
        for (const { verifiedError, dispatchesPerStep, rounds } of report.grid) {
          expect(verifiedError).toBeLessThan(1e-3);
          expect(dispatchesPerStep).toBeGreaterThan(0);
          expect(rounds).toBe(2);
        }
        expect(report.generation.map(({ strategy }) => strategy)).toEqual([
          'fused',
          'fused, each awaited',
          'general',
          'cpu',
          'reference',
        ]);
        expect(report.kernels.map(({ kernel }) => kernel)).toEqual([
          'ceiling: multiply-adds',
          'ceiling: copy',
          'multiply forward',
        ]);

        const shown = await textOf(page, 'main');
        for (const text of [
          report.machine.adapter,
          'rnn V65 H100 N1 T25',
          'Single kernels',
          'double-precision CPU reference',
        ])
          expect(shown).toContain(text);
        expect(await page.$$('#results table')).toHaveLength(3);
        // One bar for each time, and one for the share of a ceiling.
        expect(await page.$$('#results svg rect')).toHaveLength(4 + 5 + 1);

        expect(await page.$eval('header a', (link) => link.getAttribute('href'))).toBe('./index.html');
        await page.evaluate(axe.source);
        const broken =
          `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes ` +
          `}) => id + ': ' + nodes[0].html))`;
        expect(await page.evaluate(broken)).toEqual([]);

        const files = await download(page);
        expect(files.map(([name]) => name)).toEqual(
          ['csv', 'json', 'md'].map(
            (format) =>
              expect.stringMatching(
                new RegExp(`^unrolled-bench-\\d{4}-\\d\\d-\\d\\d\\.${format}$`),
              ) as string,
          ),
        );
        const [csv, json, markdown] = files.map(([, content]) => content);
        expect(JSON.parse(json)).toEqual(report);
        expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + 4 + 5 + 3);
        expect(markdown).toContain('| rnn V65 H100 N1 T25 | fused |');

        expect(
          await page.$eval('meta[http-equiv="Content-Security-Policy"]', (meta) => meta.content),
        ).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
        expect(
          asked.filter((path) => !path.startsWith('/some/path/') || /tensorflow|jax/.test(path)),
        ).toEqual([]);
        expect(asked.some((path) => path.includes('/worker-'))).toBe(true);
      },
    );
  },
);

test('other systems are loaded on request, with the same losses and the same written characters', async () => {
  await withBench(
    'parts=grid,generation&only=H100&peers=tensorflow,jax&cpu=0&rounds=1&turn=1&autostart=1',
    async (page) => {
      const report = await finished(page);
      expect(report.grid.map(({ strategy }) => strategy)).toEqual([
        'fused',
        'general',
        'jax-js webgpu',
        'TensorFlow.js webgpu',
      ]);
      for (const { verifiedError } of report.grid) expect(verifiedError).toBeLessThan(1e-3);
      expect(report.generation.map(({ strategy }) => strategy)).toEqual([
        'fused',
        'fused, each awaited',
        'general',
        'jax-js webgpu',
        'TensorFlow.js webgpu',
      ]);
      const version = expect.stringMatching(/^\d+\.\d+\.\d+$/) as string;
      expect(report.machine.versions).toMatchObject({
        'TensorFlow.js webgpu': version,
        'jax-js webgpu': version,
      });
      for (const name of ['tensorflow', 'jax'])
        expect(asked.some((path) => path.startsWith(`/some/path/assets/${name}-`))).toBe(true);
    },
  );
});

test('a user chooses parts, sees errors, measures, and stops', async () => {
  await withBench('parts=&precision=&rounds=1&speed=fast', async (page) => {
    const error = (): Promise<string> => textOf(page, '#form-error');
    const state = (): Promise<unknown> => page.evaluate('window.unrolledBench.state()');
    expect(await error()).toBe(
      'The address has the unknown option "speed"; there are parts, precision, peers, only, rounds, ' +
        'turn, budget, cpu, autostart, lang.',
    );
    await page.click('#start');
    expect(await error()).toBe('Choose what to measure. Choose a precision.');
    await page.click('#parts-grid');
    await page.click('#precision-emulated');
    await page.$eval('#rounds', (field) => ((field as HTMLInputElement).value = 'many'));
    await page.click('#start');
    expect(await error()).toBe('“Rounds” needs a whole number of at least 1, not “many”.');
    expect(
      await page.$eval('#rounds', (field) => [
        field.getAttribute('aria-invalid'),
        document.activeElement === field,
      ]),
    ).toEqual(['true', true]);
    await page.$eval('#rounds', (field) => ((field as HTMLInputElement).value = '1'));
    await page.type('#only', 'transformer');
    await page.click('#start');
    await page.waitForFunction(`document.getElementById('form-error').textContent !== ''`, { polling: 50 });
    expect(await error()).toMatch(
      /^only: expected a part of the name of a workload, .* got "transformer"\.$/,
    );
    expect(await state()).toMatchObject({ status: 'ready' });
    expect(await page.$eval('#download-csv', (button) => (button as HTMLButtonElement).disabled)).toBe(true);

    await page.$eval('#only', (field) => ((field as HTMLInputElement).value = ''));
    await page.click('#start');
    await page.waitForFunction(`window.unrolledBench.report()?.grid.length >= 1`, {
      timeout: 150_000,
      polling: 50,
    });
    const { grid } = (await page.evaluate('window.unrolledBench.report()')) as BenchReport;
    expect(grid[0]).toMatchObject({ strategy: 'fused, emulated', precision: 'emulated' });
    expect(await page.$eval('#settings-fields', (fields) => (fields as HTMLFieldSetElement).disabled)).toBe(
      true,
    );
    await page.click('#stop');
    expect(await state()).toMatchObject({
      status: 'stopped',
      sentence: 'Stopped. The figures so far stand below.',
    });
    expect(await page.$$('#results table')).toHaveLength(1);
    expect(await page.$eval('#download-csv', (button) => (button as HTMLButtonElement).disabled)).toBe(false);
    await expect.poll(() => page.workers(), { timeout: PATIENCE }).toHaveLength(0); // it has ended, with its devices
  });
});

test('a wrong option in the address prevents the automatic start', async () => {
  await withBench('parts=grid,nets&autostart=1', async (page) => {
    expect(await page.evaluate('window.unrolledBench.state()')).toMatchObject({ status: 'ready' });
    expect(await textOf(page, '#form-error')).toBe(
      'parts: expected one of ceilings, grid, curves, generation, kernels, attention, got "nets".',
    );
  });
});

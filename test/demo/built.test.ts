import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import type { Page, WebWorker } from 'puppeteer';
import { preview } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { buildDist } from '../chrome/support.js';
import { EMPTY_PAGE, withPage } from '../support/chrome.js';
import { PATIENCE } from '../support/patience.js';
import { Demo, SMALL } from './support.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const configFile = join(root, 'vite.config.ts');
/** Where the page lies on its server. */
const PATH = '/some/path/';

const folder = join(root, 'dist/demo');
beforeAll(buildDist);

/**
 * What was asked of the server, in this order: the path, what for (`worker`, `script`, …), and the
 * status of the answer, 0 before it.
 */
interface Asked {
  readonly path: string;
  readonly kind: string;
  readonly status: number;
}

/**
 * Opens the built page below `PATH`, served as by `npm start`, by a server of its own: `asked` has the
 * requests of this page alone.
 */
async function withBuilt(
  use: (demo: Demo, asked: readonly Asked[]) => Promise<void>,
  query: string = SMALL,
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const server = await preview({
    configFile,
    root,
    base: PATH,
    logLevel: 'error',
    build: { outDir: folder },
    preview: { host: 'localhost', port: 0 },
  });
  const asked: { path: string; kind: string; status: number }[] = [];
  // Before the server's own listener, which takes the path of the page away.
  server.httpServer.prependListener(
    'request',
    ({ url: path = '', headers }: IncomingMessage, response: ServerResponse) => {
      const one = { path, kind: String(headers['sec-fetch-dest']), status: 0 };
      asked.push(one);
      response.on('finish', () => (one.status = response.statusCode));
    },
  );
  try {
    await withPage(EMPTY_PAGE, async (page) => {
      await prepare(page);
      await page.goto(
        `http://localhost:${(server.httpServer.address() as AddressInfo).port}${PATH}?${query}`,
      );
      await page.waitForSelector('#start:not(:disabled)');
      await use(new Demo(page), asked);
    });
  } finally {
    await server.close();
  }
}

/** Workers with a service. Threads of the CPU sleep in a way that answers nobody. */
function awake(page: Page): WebWorker[] {
  return page.workers().filter((worker) => !worker.url().startsWith('blob:'));
}

/**
 * Notes what the policy refuses in the page and in each worker from now on.
 * @returns reads the notes, each of them once: header and meta both speak up
 */
async function watchRefusals(page: Page): Promise<() => Promise<string[]>> {
  const listen =
    `globalThis.refused ??= (addEventListener('securitypolicyviolation', ({ effectiveDirective, ` +
    `blockedURI }) => refused.add(effectiveDirective + ' ' + blockedURI)), new Set()), [...refused]`;
  const everywhere = async (): Promise<string[]> =>
    (
      await Promise.all([page, ...awake(page)].map((realm) => realm.evaluate(listen) as Promise<string[]>))
    ).flat();
  page.on(
    'workercreated',
    () => void Promise.all(awake(page).map((worker) => worker.evaluate(listen))).catch(() => undefined),
  );
  await everywhere();
  return everywhere;
}

test(
  'the built page works under a path of its server, all sections of it, and asks for nothing beside that ' +
    'path',
  async () => {
    await withBuilt(async (demo, asked) => {
      const { page } = demo;
      const refusals = await watchRefusals(page);
      await demo.until('samples.length >= 1');
      await demo.click('#check-start');
      await page.waitForFunction(`document.querySelector('#check-bar').value >= 3`);
      await demo.click('#check-stop');

      await demo.click('#inside summary');
      await demo.see('#inside-details', '#inside-cells .cell');

      await demo.see('#scene', '#scene-next');
      await demo.click('#scene-next');
      await page.waitForFunction(
        `document.querySelector('#scene-words').textContent.startsWith('Forward. ')`,
      );
      await demo.click('#compare-details > summary');
      for (const [name, value] of Object.entries({
        symbols: 1,
        delay: 6,
        batch: 8,
        hidden1: 8,
        hidden2: 8,
        hidden3: 8,
      })) {
        await page.waitForSelector(`#compare-${name}`);
        await demo.fill(`#compare-${name}`, String(value));
      }
      await demo.click('#compare-start');
      await page.waitForSelector('#compare-loss canvas');
      expect(await demo.text('#compare-fault')).toBe('');

      expect(asked.filter(({ path }) => /\/\w+-panel-[^/]*\.js$/.test(path))).toHaveLength(4); // scene, comparison, check and inside come when they are wanted
      expect(new Set(awake(page).map((worker) => worker.url())).size).toBe(1); // one file for all services
      expect(asked.filter(({ path, status }) => !path.startsWith(PATH) || status >= 400)).toEqual([]);
      expect(await refusals()).toEqual([]);
    });
  },
);

test('on the CPU, threads share memory: the pages are isolated, and the policy lets kernels and threads in', async () => {
  await withBuilt(async (demo) => {
    const { page } = demo;
    const refusals = await watchRefusals(page);
    // Enough work in a step for all threads.
    await page.goto(
      `${page.url().replace(/\?.*/, '')}?backend=cpu&hidden=128&cell=lstm&batch=16&time=16&sampleEvery=0`,
    );
    await page.waitForSelector('#start:not(:disabled)');
    await demo.until('state.step >= 2');
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
    expect(await page.workers()[0].evaluate('crossOriginIsolated')).toBe(true);
    const threads = Math.min(8, (await page.evaluate('navigator.hardwareConcurrency')) as number);
    expect(await demo.text('#figure-adapter')).toBe(
      `CPU, relaxed SIMD (WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    );
    expect(await refusals()).toEqual([]);
  });
});

/**
 * Bytes, gzipped, that a page may load before its letters move, its worker included, and before it has
 * written something. What a device needs that is not there (WebGPU, or the CPU's kernels) is not among
 * them. A slow machine loads some of what comes by itself, such as the estimate beside “Start”, before
 * it has written anything.
 */
const FIRST_LOAD = { letters: 150_000, writing: 205_000 };

/** What a page asks for in the moment in which its first letters move. */
const MOVED = 'letters-move';

/** Lets the page tell its server when its first letters move: what it asks for later is not needed for them. */
function tellWhenLettersMove(page: Page): Promise<unknown> {
  return page.evaluateOnNewDocument((moved) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector('#now-strip .read')?.textContent) return;
      observer.disconnect();
      void fetch(moved);
    });
    observer.observe(document, { childList: true, subtree: true, characterData: true });
  }, MOVED);
}

test('what is loaded before anybody asks for anything stays small, and the novel is not among it', async () => {
  const loaded = async (
    query: string,
    seen: (demo: Demo, asked: readonly Asked[]) => Promise<unknown>,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<number> => {
    let bytes = NaN;
    await withBuilt(
      async (demo, asked) => {
        await seen(demo, asked);
        const moved = asked.findIndex(({ path }) => path.endsWith(MOVED));
        const files = new Set(
          asked
            .slice(0, moved < 0 ? undefined : moved)
            .map(({ path }) => path.slice(PATH.length).replace(/\?.*$/, ''))
            .map((file) => file || 'index.html'),
        );
        expect([...files].filter((file) => /novel|uPlot|panel|chinese|zh-/.test(file))).toEqual([]);
        const sizes = await Promise.all(
          [...files].map(async (file) => gzipSync(await readFile(join(folder, file))).byteLength),
        );
        bytes = sizes.reduce((sum, one) => sum + one, 0);
      },
      `backend=webgpu${query}`,
      prepare,
    );
    return bytes;
  };
  // A page that does not train by itself has loaded no more than the letters need.
  const letters = await loaded(
    '&autostart=0',
    (_, asked) =>
      expect.poll(() => asked.map(({ path }) => path).join(), { timeout: PATIENCE }).toContain(MOVED),
    tellWhenLettersMove,
  );
  expect(letters).toBeLessThan(FIRST_LOAD.letters);
  expect(await loaded('', (demo) => demo.until('samples.length >= 1'))).toBeLessThan(FIRST_LOAD.writing);
});

test('the workers share one copy of the engine', async () => {
  const scripts = (await readdir(join(folder, 'assets'))).filter((file) => file.endsWith('.js'));
  const texts = await Promise.all(scripts.map((file) => readFile(join(folder, 'assets', file), 'utf8')));
  for (const part of ['softmax_cross_entropy/row_per_workgroup', 'lstm/backward', 'adagrad/update'])
    expect
      .soft(
        scripts.filter((_, i) => texts[i].includes(part)),
        part,
      )
      .toHaveLength(1);
  // Comments of shaders are for readers of the sources.
  expect(texts.filter((text) => text.includes('After: the steps that forward took'))).toEqual([]);
});

test('page and workers run their own code alone: the policy comes in the page and with every file', async () => {
  await withBuilt(async (demo) => {
    const { page } = demo;
    const refusals = await watchRefusals(page);
    const policy = await page.$eval('meta[http-equiv="Content-Security-Policy"]', (meta) => meta.content);
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; /);
    const [worker] = page.workers();
    for (const url of [page.url(), worker.url()])
      expect((await fetch(url)).headers.get('content-security-policy')).toBe(policy);

    // A text that came to be code does not run in the worker. Within a timer, since what the
    // debugger itself calls may.
    const evaluated = worker.evaluate(`new Promise((resolve) => setTimeout(() => {
      try {
        resolve(eval('1'));
      } catch (error) {
        resolve(error.name);
      }
    }))`);
    expect(await evaluated).toBe('EvalError');
    // Nor does an inline script in the page.
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
    });
    await expect.poll(refusals, { timeout: PATIENCE }).toEqual(['script-src-elem inline', 'script-src eval']);
    expect(await page.evaluate('window.injected')).toBeUndefined();
    await demo.untilItTrains();
  }).catch((error: unknown) => {
    // The browser reports the refused script as an error of the page: the only one that may be
    // there.
    if (!(
      error instanceof Error &&
      /^The page had errors:(\nExecuting inline script violates the following Content Security Policy [^\n]*)+$/.test(
        error.message.trim(),
      )
    ))
      throw error;
  });
});

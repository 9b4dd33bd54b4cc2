import { fileURLToPath } from 'node:url';
import type { ServerResponse } from 'node:http';
import type { Page } from 'puppeteer';
import { createServer, preview, type Plugin, type PreviewServer, type ViteDevServer } from 'vite';
import { afterAll } from 'vitest';
import { launchChrome, type LaunchedChrome } from '../../src/chrome/launch.js';
import { buildDist } from '../chrome/support.js';
import { PATIENCE } from './patience.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An empty page in which a test can import modules of the repository. */
export const EMPTY_PAGE = '/empty-page';
/** An empty page at the origin of the built pages, to prepare storage or scripts for them. */
export const EMPTY_PAGE_BESIDE = '/demo/empty-page';

/** Each test file has one browser and its servers, started by the first test that needs them. */
let chrome: Promise<LaunchedChrome> | undefined;
let sources: Promise<Served> | undefined;
let pages: Promise<Served> | undefined;

interface Served {
  readonly origin: string;
  close(): Promise<void>;
}

const plugins: Plugin[] = ['configureServer', 'configurePreviewServer'].map((hook) => ({
  name: `empty-page-${hook}`,
  [hook]: ({ middlewares }: Pick<ViteDevServer, 'middlewares'>) => {
    for (const path of [EMPTY_PAGE, EMPTY_PAGE_BESIDE])
      middlewares.use(path, (_request: unknown, response: ServerResponse) => {
        response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>unrolled test</title>');
      });
  },
}));

/** Serves the modules of the repository, for tests that import some of them in a page. */
async function serveSources(): Promise<Served> {
  const server = await createServer({
    root,
    appType: 'mpa',
    logLevel: 'error',
    // No reload during a test: files are not watched, and packages are served unbundled.
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins,
  });
  await server.listen();
  return { origin: originOf(server.httpServer), close: () => server.close() };
}

/**
 * Serves the built pages. A page of about ten files opens in a third of the time of one with
 * hundreds of modules.
 */
async function servePages(): Promise<Served> {
  buildDist();
  const server = await preview({
    root,
    logLevel: 'error',
    base: '/demo/',
    build: { outDir: 'dist/demo' },
    preview: { host: '127.0.0.1', port: 0 },
    plugins,
  });
  return { origin: originOf(server.httpServer), close: () => server.close() };
}

function originOf(server: ViteDevServer['httpServer'] | PreviewServer['httpServer']): string {
  const address = server?.address();
  if (!address || typeof address === 'string') throw new Error('The test server has no port.');
  return `http://127.0.0.1:${address.port}`;
}

afterAll(async () => {
  await (await chrome)?.browser.close();
  await Promise.all([(await sources)?.close(), (await pages)?.close()]);
});

/**
 * Opens a page of the repository in headless Chrome and hands it to `use`. Paths are of the
 * repository's root: `/demo/index.html?autostart=1` of the built pages, or an empty page. Errors of
 * the page (uncaught ones, and what it writes with console.error) fail the test.
 */
export async function withPage<T>(path: string, use: (page: Page, origin: string) => Promise<T>): Promise<T> {
  const { origin } = await (path.startsWith('/demo/')
    ? (pages ??= servePages())
    : (sources ??= serveSources()));
  const { browser } = await (chrome ??= launchChrome());
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE);
  const troubles: string[] = [];
  page.on('pageerror', (error) =>
    troubles.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.location().url?.endsWith('/favicon.ico'))
      troubles.push(message.text());
  });
  try {
    await page.goto(`${origin}${path}`);
    const result = await use(page, origin).catch((error: unknown) => {
      throw troubles.length === 0
        ? error
        : new Error(`${String(error)}\nThe page said:\n${troubles.join('\n')}`, { cause: error });
    });
    if (troubles.length > 0) throw new Error(`The page had errors:\n${troubles.join('\n')}`);
    return result;
  } finally {
    await page.close();
  }
}

/**
 * Calls an exported function of a module of the repository in an empty page of headless Chrome:
 * `runInPage('/test/browser/rnn.ts', 'losses', 10)`. Arguments and result are JSON. The module is
 * given by its path because vitest rewrites the imports of functions that a test hands to a page.
 */
export function runInPage(module: string, name: string, ...args: readonly unknown[]): Promise<unknown> {
  const call =
    `import(${JSON.stringify(module)}).then((module) => ` +
    `module[${JSON.stringify(name)}](...${JSON.stringify(args)}))`;
  return withPage(EMPTY_PAGE, (page) => page.evaluate(call));
}

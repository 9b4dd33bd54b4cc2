import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll } from 'vitest';
import { launchChrome, type LaunchedChrome } from '../../src/chrome/launch.js';
import { PATIENCE } from './patience.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An empty page: a place to import modules of the repository in. */
export const EMPTY_PAGE = '/empty-page';

/** One browser and one server per test file, started by the first test that needs them. */
let running: Promise<{ chrome: LaunchedChrome; server: ViteDevServer; origin: string }> | undefined;

async function start(): Promise<{ chrome: LaunchedChrome; server: ViteDevServer; origin: string }> {
  const server = await createServer({
    root,
    appType: 'mpa',
    logLevel: 'error',
    // No reload in the middle of a test: files are not watched, and packages are served as they
    // are.
    // For the same reason the browser may keep what it has: pages share hundreds of modules.
    server: {
      host: '127.0.0.1',
      port: 0,
      hmr: false,
      watch: null,
      headers: { 'Cache-Control': 'max-age=3600' },
    },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins: [
      {
        name: 'empty-page',
        configureServer: ({ middlewares }) => {
          middlewares.use(EMPTY_PAGE, (_request, response) => {
            response
              .setHeader('Content-Type', 'text/html')
              .end('<!doctype html><title>unrolled test</title>');
          });
        },
      },
    ],
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (!address || typeof address === 'string') throw new Error('The test server has no port.');
  const chrome = await launchChrome();
  return { chrome, server, origin: `http://127.0.0.1:${address.port}` };
}

afterAll(async () => {
  if (!running) return;
  const { chrome, server } = await running;
  await chrome.browser.close();
  await server.close();
});

/**
 * Opens a page of the repository in headless Chrome and hands it to `use`. Paths are of the
 * repository's root: `/demo/index.html?autostart=1`, or `EMPTY_PAGE`. Errors of the page (uncaught
 * ones, and what it writes with console.error) fail the test.
 */
export async function withPage<T>(path: string, use: (page: Page, origin: string) => Promise<T>): Promise<T> {
  running ??= start();
  const { chrome, origin } = await running;
  const page = await chrome.browser.newPage();
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

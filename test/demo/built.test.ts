import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EMPTY_PAGE, withPage } from '../support/chrome.js';
import { Demo, SMALL } from './support.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the built page allows its own code alone, trains, and checks the GPU', async () => {
  await build({ root: join(root, 'demo'), configFile: join(root, 'vite.config.ts'), base: './', logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  const server = await preview({ configFile: false, root, logLevel: 'error', build: { outDir: folder }, preview: { host: 'localhost', port: 0 } });
  try {
    await withPage(EMPTY_PAGE, async (page) => {
      await page.goto(`http://localhost:${(server.httpServer.address() as AddressInfo).port}/?${SMALL}`);
      const policy = await page.$eval('meta[http-equiv="Content-Security-Policy"]', (meta) => meta.content);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
      const demo = new Demo(page);
      await demo.until('samples.length >= 1');
      await demo.click('#check-start');
      await page.waitForFunction(`document.querySelector('#check-bar').value >= 3`);
      await demo.click('#check-stop');
      // An inline script, such as one that came in with a text, does not run.
      await page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        addEventListener('securitypolicyviolation', () => Object.assign(window, { refused: true }));
        document.body.append(script);
      });
      await page.waitForFunction('window.refused');
      expect(await page.evaluate('window.injected')).toBeUndefined();
    }).catch((error: unknown) => {
      // The browser reports the refused script as an error of the page: the only one that may be there.
      if (!(error instanceof Error && /^The page had errors:\n[^\n]*Content Security Policy[^\n]*$/.test(error.message.trim()))) throw error;
    });
  } finally {
    await server.close();
  }
});

import { expect, test } from 'vitest';
import { chromeArguments } from '../../src/chrome/launch.js';
import { EMPTY_PAGE, runInPage, withPage } from '../support/chrome.js';

test('the sources run in a page of headless Chrome, which has a WebGPU adapter', async () => {
  const info = await withPage(EMPTY_PAGE, (page) =>
    page.evaluate(
      `import('/src/index.ts').then(async ({ openDevice }) => (await openDevice({ backend: 'webgpu' ` +
        '})).info)',
    ),
  );
  console.info('adapter in Chrome:', info);
  expect(info).toMatchObject({ backend: 'webgpu', runtime: 'browser' });
});

test('a page has no Dawn', async () => {
  expect(await runInPage('/src/device/no-dawn.ts', 'openDawn')).toEqual({
    why: 'use a current browser over https or localhost',
  });
});

test('errors of a page fail the test that opened it', async () => {
  const throwing = withPage(EMPTY_PAGE, (page) =>
    page.evaluate(
      `setTimeout(() => { throw new Error('on purpose'); }); new Promise((resolve) => ` +
        'setTimeout(resolve, 50))',
    ),
  );
  await expect(throwing).rejects.toThrow('on purpose');
});

test('Chrome runs without its sandbox only as root, and on the software adapter only when told', () => {
  expect(chromeArguments({ software: true, root: true })).toEqual(
    expect.arrayContaining(['--no-sandbox', '--use-webgpu-adapter=swiftshader', '--disable-quic']),
  );
  const plain = chromeArguments({ software: false, root: false });
  expect(plain).not.toContain('--no-sandbox');
  expect(plain).not.toContain('--use-webgpu-adapter=swiftshader');
});

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withPage } from '../support/chrome.js';
import { PATIENCE } from '../support/patience.js';
import { wordsOf, type Part } from '../../demo/src/words/parts.js';
import { page as chinesePage } from '../../demo/src/words/zh/page.js';

const folder = fileURLToPath(new URL('../../demo/src/words/', import.meta.url));

/** Three English words on end, with nothing Chinese between them. */
const ENGLISH = /[A-Za-z]{2,}[^\p{Script=Han}]* [a-z]{2,}[^\p{Script=Han}]* [a-z]{2,}/u;

/**
 * What stays English in a Chinese page: examples of tasks whose texts are English, names, and views of
 * the page that have no Chinese table yet.
 */
const STAYS = [
  /^the 3rd of March 1986$/,
  /^the (?:film|music) is not /,
  /PyTorch|min-char-rnn|unrolled (?:predict|resume)|Chrome、Edge|WebAssembly/,
  /“What it reads”/, // as Inside calls it
];

const PARTS: readonly Part[] = [
  'first',
  'drawing',
  'outlook',
  'workbench',
  'tasks',
  'task-views',
  'compare',
  'check',
  'grid',
  'sweep',
];

/** All that a table says, its functions with signs in place of what they are given. */
function sentences(table: unknown): string[] {
  if (typeof table === 'string') return [table];
  if (table instanceof RegExp) return [];
  if (typeof table === 'function')
    try {
      return sentences((table as (...given: string[]) => unknown)('1', '2', '3', '4', '5'));
    } catch {
      return []; // it takes a list
    }
  return typeof table === 'object' && table !== null ? Object.values(table).flatMap(sentences) : [];
}

test.each(PARTS)('the Chinese table of "%s" has no English sentence', async (part) => {
  const said = sentences(await wordsOf(part, 'zh'));
  expect(said.length).toBeGreaterThan(5);
  expect(said.filter((text) => ENGLISH.test(text) && !STAYS.some((one) => one.test(text)))).toEqual([]);
});

test('what stands in the HTML of Inside alone is English', () => {
  const english = Object.entries(chinesePage).filter(([, text]) => ENGLISH.test(text));
  expect(
    english.filter(([key, text]) => !key.startsWith('inside') && !STAYS.some((one) => one.test(text))),
  ).toEqual([]);
});

test('a table imports types and other tables alone', async () => {
  const files = (await readdir(folder, { recursive: true })).filter((file) =>
    /^(?:en|zh)\/.*\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files)
    for (const [line, from] of (await readFile(folder + file, 'utf8')).matchAll(/^import .*'(.*)';$/gm))
      if (!line.startsWith('import type')) expect(from, file).toMatch(/^\.\/|^\.\.\/en\/page\/inside\.js$/);
});

/** What can be seen and is no name, code or text that somebody has chosen or a network has written. */
const visible = (): string[] => {
  const found: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element?.checkVisibility() || element.closest('script, style, noscript, code, pre, #view-title ~ *'))
      continue;
    found.push(walker.currentNode.textContent ?? '');
  }
  for (const element of document.querySelectorAll<HTMLElement>('[aria-label], [placeholder]'))
    found.push(element.ariaLabel ?? '', element.getAttribute('placeholder') ?? '');
  return found.map((text) => text.trim()).filter((text) => text !== '');
};

test('the page of tasks is Chinese where Chinese is asked for, and English by its menu', async () => {
  await withPage('/demo/tasks.html?lang=zh&task=dates&hidden=8&backend=cpu', async (page) => {
    await page.waitForFunction(`document.querySelector('#status').dataset.status === 'running'`, {
      timeout: PATIENCE,
    });
    const said = await page.evaluate(visible);
    expect(said.length).toBeGreaterThan(50);
    expect(said.filter((text) => ENGLISH.test(text) && !STAYS.some((one) => one.test(text)))).toEqual([]);
    expect(await page.evaluate('document.title')).toBe('unrolled：各种形状的任务');
    expect(await page.$eval('a[href*="index.html"]', (link) => link.search)).toBe('?lang=zh');
    await page.select('#language', 'en');
    await page.waitForFunction(`document.title === 'unrolled: every shape of task'`, { timeout: PATIENCE });
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });
});

test('the training page is Chinese from the drawing to the workbench', async () => {
  await withPage('/demo/index.html?lang=zh&backend=cpu&hidden=16&time=10', async (page) => {
    await page.waitForFunction(
      `document.querySelector('#now-text').textContent !== '' && document.querySelector('#outlook').textContent !== ''`,
      { timeout: PATIENCE },
    );
    await page.$$eval('.settings details', (all) => all.forEach((one) => (one.open = true)));
    const said = await page.evaluate(visible);
    const others = await page.$$eval('#inside, #scene-body', (all) =>
      all
        .flatMap((one) => [
          one.textContent,
          ...[...one.querySelectorAll('[aria-label]')].map((named) => named.ariaLabel ?? ''),
        ])
        .join(' '),
    );
    const elsewhere = said.filter((text) => !others.includes(text));
    expect(elsewhere.length).toBeGreaterThan(150);
    expect(elsewhere.filter((text) => ENGLISH.test(text) && !STAYS.some((one) => one.test(text)))).toEqual(
      [],
    );
  });
});

import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { withPage } from '../support/chrome.js';
import { PATIENCE } from '../support/patience.js';
import { wordsOf, type Part } from '../../demo/src/words/parts.js';
import { page as chinesePage } from '../../demo/src/words/zh/page.js';
import { FEATURES } from '../../src/graph.js';
import { hasLatin, seenIn } from './latin.js';

const sources = fileURLToPath(new URL('../../demo/src/', import.meta.url));

/** What stays English in the Chinese tables: inputs of tasks whose language is English, code, names. */
const STAYS = [
  /^the 3rd of March 1986$|^the (?:film|music) is not |^cabbage$|^OK$/,
  /（female）|（male）|unrolled sweep|unrolled (?:predict|resume)/,
  /PyTorch|min-char-rnn|Chrome、Edge|WebAssembly/,
  /^(?:LSTM|GRU|minGRU|minLSTM)：/, // formulas
];

const PARTS: readonly Part[] = [
  ...(['first', 'drawing', 'outlook', 'workbench', 'tasks', 'task-views', 'compare', 'check'] as const),
  ...(['grid', 'sweep', 'film', 'glossary', 'unrolled', 'faults', 'inside', 'scene', 'bench'] as const),
];

/** What a function of a table may be given: as a text, a number and a list it is 1. */
const ONE = Object.assign(['1'], { trim: () => '1', replace: () => '1' });

/** All that a table says, its functions with a sign in place of what they are given. */
function sentences(table: unknown): string[] {
  if (typeof table === 'string') return [table];
  if (table instanceof RegExp) return [];
  if (typeof table === 'function')
    try {
      return sentences((table as (...given: unknown[]) => unknown)(ONE, ONE, ONE, ONE, ONE, ONE, ONE));
    } catch {
      return []; // it takes one of several words
    }
  return typeof table === 'object' && table !== null ? Object.values(table).flatMap(sentences) : [];
}

const english = (said: readonly string[]): string[] =>
  said.filter((text) => hasLatin(text) && !STAYS.some((one) => one.test(text)));

test.each(PARTS)('the Chinese table of "%s" has no English', async (part) => {
  const said = sentences(await wordsOf(part, 'zh'));
  expect(said.length).toBeGreaterThan(5);
  expect(english(said)).toEqual([]);
});

test('the Chinese texts of the HTML have no English', () => {
  expect(english(Object.values(chinesePage))).toEqual([]);
});

test('what units can follow, and numbered columns, have Chinese names', async () => {
  const [{ features, behaviour }, { column }] = await Promise.all([
    wordsOf('inside', 'zh'),
    wordsOf('tasks', 'zh'),
  ]);
  const names = FEATURES.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(Object.keys(features).sort()).toEqual([...names].sort());
  expect(Object.keys(behaviour).sort()).toEqual([...names].sort());
  // Checkpoints know the columns by their English names.
  expect(['column 2', 'label'].map(column)).toEqual(['第 2 列', 'label']);
});

test('a table imports types and other tables alone', async () => {
  const files = (await readdir(sources + 'words/', { recursive: true })).filter((file) =>
    /^(?:en|zh)\/.*\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(20);
  for (const file of files)
    for (const [line, from] of (await readFile(sources + 'words/' + file, 'utf8')).matchAll(
      /^import .*'(.*)';$/gm,
    ))
      if (!line.startsWith('import type')) expect(from, file).toMatch(/^\.\//);
});

/** Two words on end. */
const WORDS = /[A-Za-z]{2,}[,;:.]? [A-Za-z]{2,}/;
/** Calls whose texts nobody sees: mistakes of ours, styles, what the browser is asked. */
const UNSEEN = /^(?:Error|UnrolledError|matchMedia|querySelector(?:All)?|closest|svg|setAttribute|byId)$/;
/** What scripts say in English: identifiers of the engine, and names that the table of a language has, too. */
const ENGINE_WORDS = [
  /^bench\/(?:peers|results)/, // names of other systems, and titles of the engine's tables
  /^check\/table\.ts: forward and backward$/,
  /^compare\/plan\.ts: (?:predict the next character of | different ones|the task)$/, // `about` of the table
  /^host\/page-error\.ts/,
  /^drawing\/(?:gradient-lines|step-view|units)\.ts|^task-views\/attention-picture\.ts/, // classes
  /worker\/loop\.ts: go on$/, // what a loop is to do
  /^training\/names\.ts|^training\/worker\/(?:recipes|texts)\.ts/, // `texts`, `presets`, `abouts` and `titles`
];

/** The texts in a script that people may see, and what its errors of options accept. */
function textsOf(file: string, source: string): { readonly seen: string[]; readonly accepted: string[] } {
  const [seen, accepted]: [string[], string[]] = [[], []];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isNewExpression(node) && node.expression.getText() === 'OptionError') {
      const given = node.arguments?.[2];
      if (given)
        accepted.push(
          given
            .getText()
            .replaceAll(/\$\{[^{}]*\}/g, '7')
            .replace(/\$\{.*\}/, '7')
            .replace(/\$\{.*\}/, '7')
            .replaceAll(/^[`']|[`']$/g, ''),
        );
      return;
    }
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments) {
      const called = ts.isPropertyAccessExpression(node.expression)
        ? node.expression.name.getText()
        : node.expression.getText();
      if (UNSEEN.test(called)) return;
      // The second of a new element is its class.
      for (const [i, one] of node.arguments.entries()) if (called !== 'create' || i !== 1) visit(one);
      visit(node.expression);
      return;
    }
    if (ts.isPropertyAssignment(node) && ['class', 'font'].includes(node.name.getText())) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      if (WORDS.test(node.text)) seen.push(`${file}: ${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return { seen, accepted };
}

test('no script has a sentence of its own, and what a field needs is said in Chinese', async () => {
  const { faults } = await wordsOf('workbench', 'zh');
  const files = (await readdir(sources, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('words/'),
  );
  const [seen, accepted]: [string[], string[]] = [[], []];
  for (const file of files) {
    const texts = textsOf(file, await readFile(sources + file, 'utf8'));
    seen.push(...texts.seen);
    accepted.push(...texts.accepted);
  }
  expect(seen.filter((text) => !ENGINE_WORDS.some((one) => one.test(text)))).toEqual([]);
  expect(accepted.length).toBeGreaterThan(12);
  expect(accepted.map((text) => faults.needed(text)).filter(hasLatin)).toEqual([]);
});

test('the page of tasks is Chinese where Chinese is asked for, and English by its menu', async () => {
  await withPage('/demo/tasks.html?lang=zh&task=dates&hidden=8&backend=cpu', async (page) => {
    await page.waitForFunction(`document.querySelector('#status').dataset.status === 'running'`, {
      timeout: PATIENCE,
    });
    // In the view stand dates that are English.
    const said = await seenIn(page, '#view-title ~ *');
    expect(said.length).toBeGreaterThan(50);
    expect(english(said)).toEqual([]);
    expect(await page.$eval('a[href*="index.html"]', (link) => link.search)).toBe('?lang=zh');
    await page.select('#language', 'en');
    await page.waitForFunction(`document.title === 'unrolled: every shape of task'`, { timeout: PATIENCE });
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  });
});

/** What the training page reads and writes. */
const READ_AND_WRITTEN =
  '#language, #now-strip, #now-text, .now .drawing, #samples, #strip, #film-view, #inside-cells, #inside-text, ' +
  '#inside-written, #inside-places, #text-facts, #figure-adapter, .drawing svg, .glyph';

test('the training page is Chinese from the drawing to the workbench, Inside and four letters included', async () => {
  await withPage('/demo/index.html?lang=zh&backend=cpu&hidden=16&time=10#inside', async (page) => {
    await page.waitForFunction(
      `document.querySelector('#now-text').textContent !== '' && document.querySelector('#outlook').textContent !== ''`,
      { timeout: PATIENCE },
    );
    await page.waitForSelector('#inside-cells .cell', { timeout: PATIENCE });
    await page.focus('#inside-cells .cell');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#inside-cells.connected', { timeout: PATIENCE });
    await page.$$eval('details', (all) => all.forEach((one) => (one.open = true)));
    await page.$eval('#scene', (section) => section.scrollIntoView());
    await page.waitForSelector('#scene-next', { timeout: PATIENCE });
    await page.$eval('#compare', (section) => section.scrollIntoView());
    await page.waitForSelector('#compare-start:not(:disabled)', { timeout: PATIENCE });
    for (const next of ['反向传播', '更新权重', '前向传播', '反向传播']) {
      await page.$eval('button#scene-next', (button) => button.click());
      await page.waitForFunction(`document.querySelector('#scene-next').textContent === '${next}'`, {
        timeout: PATIENCE,
      });
      expect(english(await seenIn(page, READ_AND_WRITTEN))).toEqual([]);
    }
    expect((await seenIn(page, READ_AND_WRITTEN)).length).toBeGreaterThan(400);
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh');
  });
});

test('the page of the benchmark is Chinese while it measures and after, and so are its faults', async () => {
  const query = 'lang=zh&parts=grid,generation&only=H100&rounds=1&turn=1&budget=100000';
  await withPage(`/demo/bench.html?${query}&speed=fast`, async (page) => {
    await page.waitForSelector('#start:not(:disabled)');
    expect(english(await seenIn(page, '#language, #form-error'))).toEqual([]);
    expect(await page.$eval('#form-error', (box) => box.textContent)).toMatch(/^地址里有不认识的选项“speed”/);
    await page.evaluate(() => {
      const [box, seen] = [document.getElementById('doing') as HTMLElement, [] as string[]];
      Object.assign(window, { seen });
      new MutationObserver(() => seen.push(box.textContent)).observe(box, { childList: true });
    });
    await page.click('#start');
    await page.waitForFunction(`window.unrolledBench.state().status === 'done'`, { timeout: PATIENCE });
    const doing = (await page.evaluate('window.seen')) as string[];
    expect(doing.filter((text) => /核对|参考实现|第 1 轮/.test(text)).length).toBeGreaterThan(5);
    expect(doing.filter((text) => hasLatin(text.replace(/^rnn V\d+ H\d+ N\d+ T\d+/, '')))).toEqual([]);
    const said = (await seenIn(page, '#language, #machine')).filter((text) => !/^rnn V\d/.test(text));
    expect(said.length).toBeGreaterThan(80);
    expect(english(said)).toEqual([]);
    expect(await page.$eval('header a', (link) => link.search)).toBe('?lang=zh');
  });
});

test('the page of sweeps is Chinese with a record', async () => {
  await withPage('/demo/sweep.html?lang=zh', async (page) => {
    await page.waitForSelector('#record');
    const field = await page.$('input#record');
    await field?.uploadFile('test/golden/sweep/own.journal');
    await page.waitForSelector('#sweep .sweep-questions svg');
    const ofRecord =
      /dropout|hidden|rate|bidirectional|true|false|cell|gru|lstm|rnn|layers|loss|own\.journal/g;
    const said = (await seenIn(page, '#language')).map((text) => text.replace(ofRecord, ''));
    expect(said.length).toBeGreaterThan(50);
    expect(english(said)).toEqual([]);
  });
});

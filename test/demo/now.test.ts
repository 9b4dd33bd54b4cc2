import { expect, test } from 'vitest';
import { exampleOf } from '../../demo/src/now/example.js';
import type { Reading } from '../../demo/src/now/protocol.js';
import { learnedAt } from '../../demo/src/training/best-validation.js';
import { WordList } from '../../demo/src/training/worker/word-list.js';
import { cutNovel } from '../../scripts/novel.mjs';
import { withPreparedDemo } from './support.js';

/** Notes in the page when the first letters stand there, and what the training did at that time. */
const watchLetters = (): void => {
  const notes: { status: string | undefined; about: string | undefined }[] = [];
  Object.assign(window, { notes });
  new MutationObserver(() => {
    if (notes.length > 0 || !document.querySelector('#now-strip .read')?.textContent) return;
    notes.push({
      status: document.querySelector<HTMLElement>('#status')?.dataset.status,
      about: document.querySelector('#now-about')?.textContent ?? undefined,
    });
  }).observe(document, { subtree: true, childList: true, characterData: true });
};

test.each([
  { width: 1280, height: 800, below: 800 },
  { width: 360, height: 740, below: 740 },
])(
  'the first screen has the network, its guesses and its writing, $width pixels wide',
  async ({ below, ...size }) => {
    await withPreparedDemo(watchLetters, 'backend=cpu&hidden=32', async (demo) => {
      const { page } = demo;
      await page.setViewport(size);
      await page.waitForFunction('window.notes.length > 0');
      // Letters and guesses are there before the training is.
      expect(await page.evaluate('window.notes')).toEqual([
        { status: 'loading', about: expect.stringMatching(/^Before its first lesson/) as string },
      ]);
      await demo.until('samples.length > 0');
      await page.waitForFunction(
        `/^Now, after [\\d,]+ steps/.test(document.querySelector('#now-about').textContent)`,
      );
      for (const part of ['#now-strip .cell', '#now-strip .bar', '#now-text'])
        expect(
          await page.$eval(part, (element) => element.getBoundingClientRect().bottom),
          part,
        ).toBeLessThan(below);
      expect((await demo.text('#now-text')).length).toBeGreaterThan(0);
      expect(await demo.text('#now-surprise')).toMatch(/^5\.7 → \d\.\d bits a letter$/);
      // It stands still when it is asked to, and goes on letter by letter.
      const last = (): Promise<string | null> =>
        page.$eval('#now-strip .drawing-stage', (stage) => stage.getAttribute('aria-valuetext'));
      await demo.click('#now-toggle');
      const before = await last();
      await demo.click('#now-next');
      await page.waitForFunction(
        `document.querySelector('#now-strip .drawing-stage').getAttribute('aria-valuetext') !== ${JSON.stringify(before)}`,
      );
      expect(await demo.text('#now-toggle')).toBe('Let the letters run');
      // A choice of the first screen is one of the workbench.
      await page.select('#now-network', 'rnn');
      await demo.until('state.step > 0 && samples.length > 0');
      expect(await page.$eval('#cell', (field) => (field as HTMLSelectElement).value)).toBe('rnn');
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    });
  },
);

test('who has asked for less motion gets none', async () => {
  const still = (): void => {
    const ask = window.matchMedia.bind(window);
    window.matchMedia = (query) => {
      const asked = ask(query);
      if (query.includes('reduced-motion')) Object.defineProperty(asked, 'matches', { value: true });
      return asked;
    };
  };
  await withPreparedDemo(still, 'autostart=0&hidden=32', async (demo) => {
    await demo.page.waitForSelector('#now-strip .read');
    expect(await demo.text('#now-toggle')).toBe('Let the letters run');
  });
});

test('a window over a reading fills from the left and then moves on', () => {
  const T = 6;
  const reading: Reading = {
    step: 3,
    from: 10,
    characters: 100,
    matrices: [],
    shape: {
      answers: 'each',
      stack: {
        cell: { noun: 'a GRU', states: ['h'], savedGates: [], recurrentWeights: true },
        hidden: 2,
        layers: 1,
        directions: 1,
      },
    },
    symbols: Array.from('abcdef'),
    likeliest: Array.from({ length: T }, (_, t) => [{ symbol: 'bcdefg'[t], probability: 0.5 }]),
    next: new Float32Array(T).fill(0.5),
    layers: [{ h: Float32Array.from({ length: 2 * T }, (_, i) => i) }],
  };
  const early = exampleOf(reading, 1, 4);
  expect(early.steps.map(({ reads }) => reads)).toEqual(['a', 'b', '', '']);
  expect(early.first).toBe(11);
  const late = exampleOf(reading, 4, 4);
  expect(late.steps.map(({ reads, comes }) => reads + String(comes))).toEqual(['bc', 'cd', 'de', 'ef']);
  expect(Array.from(late.states[0][0][3].activations.h)).toEqual([8, 9]);
  expect(late.first).toBe(12);
});

test('a training has learned what it can when unseen text is known no better any more', () => {
  const at = (values: readonly number[]): number | undefined =>
    learnedAt(values.map((bitsPerChar, i) => ({ step: 10 * i, bitsPerChar })))?.step;
  expect(at([3, 2, 1.5])).toBeUndefined();
  expect(at([3, 2, 1.5, 1.6, 1.6])).toBeUndefined();
  expect(at([3, 2, 1.5, 1.6, 1.6, 1.55])).toBe(20);
  expect(at([3, 2, 1.5, 1.6, 1.6, 1.51])).toBeUndefined();
  // Nothing gained in the later half of many.
  expect(at([...Array<number>(12).fill(2), ...Array<number>(12).fill(1.999)])).toBe(120);
  expect(at([...Array<number>(12).fill(2), ...Array<number>(12).fill(1.9)])).toBeUndefined();
});

test('the share of real words, and the part of the novel', async () => {
  const of = (text: string): WordList =>
    new WordList({ length: text.length, text: () => Promise.resolve(text) });
  expect(await of('the cat sat on the mat').share('the cab sat, th')).toBe(2 / 3);
  expect(await of('the cat').share('th')).toBeUndefined();
  expect(await of('一个没有空格的很长的句子写在这里').share('一个 句子 写')).toBeUndefined();
  const book = 'CHAPTER 1. One.\n\nA line\nof print.\n\nCHAPTER 2. Two.\n\nMore\n\nCHAPTER 3. Three.\n';
  expect(cutNovel(book, 60)).toBe('CHAPTER 1. One.\nA line of print.\nCHAPTER 2. Two.\nMore\n');
});

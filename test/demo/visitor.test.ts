import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { SMALL, withPreparedDemo, type Demo } from './support.js';
import { visit } from './visit.js';

/** A clock of steps that are shown one after the other runs ten times as fast. */
const FASTER = `const every = setInterval; setInterval = (work, ms) => every(work, ms / 10);`;

/** What a visitor who knows nothing about networks meets. */
describe('a visitor', () => {
  const demo = visit<Demo>((use) => withPreparedDemo(FASTER, `${SMALL}&backend=cpu`, use));
  const value = (id: string): Promise<string> =>
    demo().page.$eval(id, (field) => (field as HTMLInputElement).value);
  const go = (place: string): Promise<void> =>
    demo().page.evaluate((hash) => void (location.hash = hash), place);
  const slide = (id: string, to: string): Promise<void> =>
    demo().page.$eval(
      id,
      (slider, wanted) => {
        (slider as HTMLInputElement).value = wanted;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
      },
      to,
    );

  test('replays the training, which was too fast: what it wrote comes step by step, up to the present', async () => {
    const { page } = demo();
    await demo().until('samples.length >= 3');
    await demo().pause();
    const samples = await demo().samples();
    const [at, written] = [await demo().watch('#film-at'), await demo().watch('#now-text')];
    await demo().click('.now .replay');
    await page.waitForFunction(`document.querySelector('.now .replay').textContent === 'Replay'`);
    await expect.poll(at, { timeout: PATIENCE }).toContain('now');
    expect((await at()).slice(0, 3)).toEqual(['step 20', 'step 40', 'step 60']);
    expect((await written()).slice(0, 3)).toEqual(samples.slice(0, 3).map(({ text }) => text));
    // Who presses again ends it, and sees the present.
    await demo().click('#film .replay');
    await page.waitForFunction(`document.querySelector('#film .replay').textContent === 'Stop'`);
    await demo().click('#film .replay');
    expect([await demo().text('#film-at'), await demo().text('#film .replay')]).toEqual(['now', 'Replay']);
  });

  test('sees what a step of the slider wrote beside the slider, and how wild that is', async () => {
    await slide('#film-step', '1');
    expect(await demo().text('#film-writes')).toBe('What it wrote · step 40 · wildness 0.7');
    await demo().page.setViewport({ width: 360, height: 740 });
    const apart = (slider: string, text: string): Promise<number> =>
      demo().page.evaluate(
        (one, other) => {
          const [a, b] = [one, other].map((id) => document.querySelector(id)?.getBoundingClientRect());
          return a && b ? Math.max(a.bottom, b.bottom) - Math.min(a.top, b.top) : NaN;
        },
        slider,
        text,
      );
    // Slider and text fit into half of a phone's window.
    expect(await apart('#film-step', '#film-text')).toBeLessThan(370);
    expect(await apart('#now-wildness', '#now-text')).toBeLessThan(370);
    await demo().page.setViewport({ width: 1280, height: 800 });
  });

  test('finds the wildness of the text in every chapter, and their own where they wrote it', async () => {
    const { page } = demo();
    await page.evaluate(() => scrollTo(0, 0));
    await slide('#now-wildness', '1.7');
    expect(await value('#temperature')).toBe('1.7');
    await go('learns');
    await page.waitForFunction(`document.querySelector('#temperature').value === '0.7'`);
    expect(await value('#now-wildness')).toBe('0.7');
    await demo().fill('#temperature', '0.4');
    await go('forgets');
    await page.waitForFunction(`document.querySelector('[aria-current]').hash === '#forgets'`);
    await go('guesses');
    await page.waitForFunction(`document.querySelector('[aria-current]').hash === '#guesses'`);
    expect([await value('#temperature'), await value('#now-wildness')]).toEqual(['0.4', '0.4']);
  });

  test('can ask what a bit, a cell and a gradient are, where these words stand', async () => {
    const { page } = demo();
    await demo().see('#inside', '#inside-cells .cell, #inside-details:not([open])');
    await page.$eval('#inside-details', (details) => ((details as HTMLDetailsElement).open = true));
    await page.waitForSelector('#inside-body .term');
    await page.$eval('#compare-details', (details) => ((details as HTMLDetailsElement).open = true));
    await page.waitForSelector('#compare-body .term');
    const asked = (section: string): Promise<string[]> =>
      page.$$eval(`${section} .term summary`, (all) => all.map(({ textContent }) => textContent));
    const [bit, cell, gradient] = ['bit', 'cell', 'gradient'].map((word) => `What is a ${word}?`);
    expect(await asked('#guesses')).toEqual([cell, bit]);
    expect(await asked('#inside')).toEqual([bit, cell, gradient]);
    expect(await asked('#learns')).toEqual([bit, gradient]);
    expect(await asked('#compare')).toEqual([cell, gradient]);
    await demo().click('.now-surprise .term summary');
    expect(await demo().text('.now-surprise .term p')).toMatch(/^One question of yes or no\./);
    await demo().see('#machine-figures', '#glossary dd');
    expect(await page.$$eval('#glossary dt', (all) => all.slice(0, 4).map((one) => one.textContent))).toEqual(
      [...['Bit', 'Cell', 'Gradient', 'Step']],
    );
  });

  test('reads how long a text must be where it is asked for, and the same in the error', async () => {
    const { page } = demo();
    const told = (): Promise<string[]> =>
      page.$$eval('.least', (places) => places.map(({ textContent }) => textContent));
    const least = 'At least 185 characters are needed'; // 16 rows of 10 letters and the next, of 95 %
    expect(await told()).toEqual([`${least}.`, `${least}.`, `${least}.`]);
    await demo().click('#yours-paste');
    await demo().fill('#pasted', 'one sentence');
    await demo().see('#start', '#pasted-error');
    expect(await demo().text('#pasted-error')).toBe(
      `${least}: this text has 12. Take a longer one, or less under “Reads at once” or “Looks back”.`,
    );
    await demo().fill('#pasted', 'one sentence '.repeat(30));
    expect(await page.$('#pasted-error')).toBeNull();
    await demo().fill('#batch', '4');
    expect(new Set(await told())).toEqual(new Set(['At least 46 characters are needed.']));
  });
});

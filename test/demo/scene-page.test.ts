import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { withDemo, type Demo } from './support.js';

/** The training above stands still: the scene has an engine of its own. */
const STILL = 'autostart=0';

/** Scrolls to the scene, which loads it, and opens its numbers. */
async function openScene({ page }: Demo): Promise<void> {
  await page.$eval('#scene', (section) => section.scrollIntoView());
  await page.waitForSelector('#scene-next');
  await page.click('#scene .scene-numbers summary');
}

/** Clicks, and waits until the explanation is another. @returns it */
async function click(demo: Demo, id: string): Promise<string> {
  const before = await demo.text('#scene-words');
  await demo.click(id);
  await demo.page.waitForFunction(
    `document.querySelector('#scene-words').innerText !== ${JSON.stringify(before)}`,
  );
  return demo.text('#scene-words');
}

/** What is seen of each element. */
function texts(page: Page, selector: string): Promise<string[]> {
  return page.$$eval(selector, (all) => all.map((element) => (element as HTMLElement).innerText));
}

/**
 * The texts of all cells of a table, row by row, found by its caption. Numbers below a weight are
 * left out.
 */
async function cells(page: Page, caption: string): Promise<string[][]> {
  return (await page.evaluate(`[...document.querySelectorAll('#scene table')].filter(({ caption }) => caption.textContent === ${JSON.stringify(caption)})
    .flatMap(({ tBodies }) => [...tBodies[0].rows]).map((row) => [...row.cells].map((cell) => cell.firstChild?.textContent ?? ''))`)) as string[][];
}

const numbers = (rows: readonly (readonly string[])[], column: number): number[] =>
  rows.map((row) => Number(row[column].replace('−', '-')));
const whole = (rows: readonly (readonly string[])[]): boolean =>
  rows.length > 0 && rows.every((row) => row.every((text) => text !== ''));

test('the scene of four letters is played to the end: forward, backward, update, until the word is learned', async () => {
  await withDemo(STILL, async (demo) => {
    const { page } = demo;
    expect(await page.$$('#scene-next')).toHaveLength(0); // nothing is loaded before somebody comes near
    await openScene(demo);
    const start = await cells(page, 'State → scores');
    expect(whole(start)).toBe(true);
    expect(whole(await cells(page, 'Scores after letter 1'))).toBe(false);

    expect(await click(demo, '#scene-next')).toMatch(/^Forward\. .*It should say “ello” and says “/s);
    const first = await cells(page, 'Scores after letter 3');
    expect(first.map(([, score, chance, , gradient]) => [score !== '', chance !== '', gradient])).toEqual(
      first.map(() => [true, true, '']),
    );
    const sum = numbers(first, 2).reduce((total, chance) => total + chance, 0);
    expect(Math.abs(sum - 1)).toBeLessThan(0.03);

    expect(await click(demo, '#scene-next')).toMatch(/^Backward\. /);
    for (let letter = 1; letter <= 4; letter++) {
      const [input, state, scores] = [
        await cells(page, `Input of letter ${letter}, one-hot`),
        await cells(page, `State after letter ${letter}`),
        await cells(page, `Scores after letter ${letter}`),
      ];
      expect([input, state, scores].map(whole)).toEqual([true, true, true]);
      for (const [, , chance, target, gradient] of scores)
        expect(Number(gradient.replace('−', '-'))).toBeCloseTo(Number(chance) - Number(target), 1);
      for (const [, fromLetter, before, bias, h] of state.map((row) =>
        row.map((text) => Number(text.replace('−', '-'))),
      ))
        expect(Math.tanh(fromLetter + before + bias)).toBeCloseTo(h, 1);
    }
    expect(await cells(page, 'State → scores')).toEqual(start);

    expect(await click(demo, '#scene-next')).toMatch(/^Update\. /);
    expect(await cells(page, 'State → scores')).not.toEqual(start);
    expect(await demo.text('#scene-counter')).toBe('1 update, weights of seed 7');

    expect(await click(demo, '#scene-next')).toMatch(
      /^Forward, with the new weights\. The score of the right letter rose for e .*, l .*, l .* and o .*\./,
    );
    const rises = await texts(page, '#scene .rise');
    expect(rises).toHaveLength(4);
    for (const line of rises) expect(line).toMatch(/^Score of [elo]: [+−]\d\.\d\d → [+−]\d\.\d\d ▲ higher$/);
    const second = await cells(page, 'Scores after letter 3');
    expect(numbers(second, 1)[2]).toBeGreaterThan(numbers(first, 1)[2]);

    let words = '';
    for (let times = 0; times < 6 && !words.includes('It has learned the word'); times++)
      words = await click(demo, '#scene-many');
    expect(words).toContain('It says “ello”, which is right.');
    expect(
      (await texts(page, '#scene .says')).map((line) => /^says (\w) \(\d+%\) ✓ right$/.exec(line)?.[1]),
    ).toEqual(['e', 'l', 'l', 'o']);
    const facts = Object.fromEntries(
      (await cells(page, 'The letter l, read twice')).map(([name, ...places]) => [name, places]),
    );
    const [third, fourth] = [0, 1].map((place) => (name: string) => facts[name][place]);
    expect(third('From the letter')).toBe(fourth('From the letter'));
    expect(third('From the state before')).not.toBe(fourth('From the state before'));
    expect(third('Chances without the state before')).toBe(fourth('Chances without the state before'));
    expect([third('It says'), fourth('It says')]).toEqual(['l', 'o']);
    expect(
      (await cells(page, 'Scores of the right letters, by update')).map(([update]) => update).slice(0, 4),
    ).toEqual(['0', '1', '2', '3']);

    await click(demo, '#scene-reset');
    expect(await cells(page, 'State → scores')).toEqual(start);
    await click(demo, '#scene-next');
    expect(await cells(page, 'Scores after letter 3')).toEqual(first);
  });
});

test('by keyboard, with a rate of one’s own, other weights, and no error in fast clicks', async () => {
  await withDemo(STILL, async (demo) => {
    const { page } = demo;
    await openScene(demo);
    await page.focus('#scene-next');
    for (let press = 0; press < 3; press++) await page.keyboard.press('Enter');
    await page.waitForFunction(
      `document.querySelector('#scene-words').innerText.startsWith('Update. New weight = weight − 0.3 ` +
        `× gradient')`,
    );
    expect(await page.evaluate('document.activeElement.id')).toBe('scene-next');
    await page.select('#scene-rate', '0.1');
    for (let press = 0; press < 3; press++) await page.keyboard.press('Enter');
    await page.waitForFunction(
      `document.querySelector('#scene-words').innerText.startsWith('Update. New weight = weight − 0.1 ` +
        `× gradient')`,
    );
    const before = await cells(page, 'Letter → state');
    await click(demo, '#scene-other');
    expect(await demo.text('#scene-counter')).toBe('0 updates, weights of seed 8');
    expect(await cells(page, 'Letter → state')).not.toEqual(before);
  });
});

test('nothing is cut off or scrolls sideways on a phone, and every control has a name', async () => {
  await withDemo(STILL, async (demo) => {
    const { page } = demo;
    await page.setViewport({ width: 360, height: 740 });
    await openScene(demo);
    await click(demo, '#scene-many');
    await click(demo, '#scene-next');
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
    const cut = await page.$$eval('#scene td, #scene th', (all) =>
      all.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent),
    );
    expect(cut).toEqual([]);
    const nameless = await page.$$eval('#scene button, #scene select', (all) =>
      all
        .filter(
          (control) =>
            control.textContent.trim() === '' ||
            (control instanceof HTMLSelectElement && control.labels.length === 0),
        )
        .map(({ id }) => id),
    );
    expect(nameless).toEqual([]);
  });
});

test.each(['/scene-panel-', '/worker-'])('where %s* cannot be loaded, it says so', async (path) => {
  await withDemo(STILL, async (demo) => {
    const { page } = demo;
    await page.setRequestInterception(true);
    page.on(
      'request',
      (request) =>
        void (request.url().includes(path)
          ? request.respond({
              contentType: 'text/javascript',
              // An isolated page starts no worker without it.
              headers: { 'Cross-Origin-Embedder-Policy': 'require-corp' },
              body: 'throw new Error("half a file");',
            })
          : request.continue()),
    );
    await page.$eval('#scene', (section) => section.scrollIntoView());
    await page.waitForSelector('#scene .fault');
    expect(await demo.text('#scene .fault')).toMatch(
      /^This part could not be loaded\. Reload the page to try again\. \(.*half a file\)$/,
    );
  });
});

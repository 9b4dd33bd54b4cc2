import axe from 'axe-core';
import type { Page } from 'puppeteer';
import { describe, expect, test } from 'vitest';
import { withDemo, type Demo } from './support.js';
import { visit } from './visit.js';

/** What axe finds in a part of the page, light and dark. */
async function violations(page: Page, part: string): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const { violations: broken, passes } = (await page.evaluate(
      `axe.run(${JSON.stringify(part)}, { resultTypes: ['violations'] })`,
    )) as axe.AxeResults;
    expect(passes.length).toBeGreaterThan(0); // it has looked
    for (const { id, nodes } of broken)
      found.push(
        ...nodes.map(
          ({ target, failureSummary }) => `${scheme}: ${id}: ${target.join(' ')}: ${failureSummary}`,
        ),
      );
  }
  return found;
}

/** Presses a key, and waits until a condition holds. */
async function press({ page }: Demo, key: string, condition: string): Promise<void> {
  await page.keyboard.press(key as 'Enter');
  await page.waitForFunction(condition);
}

const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

test('four letters is drawn: by keyboard from the steps to one cell, to one unit’s products, and back', async () => {
  await withDemo('autostart=0', async (demo) => {
    const { page } = demo;
    await page.setViewport({ width: 360, height: 740 });
    await demo.see('#scene', '#scene-next');
    await demo.click('#scene-next');
    const of = (step: number): string =>
      `document.querySelector('#scene .drawing-stage').getAttribute('aria-valuetext')?.startsWith('Letter ${step}: ')`;
    await page.waitForFunction(
      `document.querySelector('#scene .drawing-words').textContent.includes('guesses')`,
    );
    expect(await page.$$('#scene .strip .step')).toHaveLength(4);
    await page.$eval('#scene .drawing-stage', (stage) => (stage as HTMLElement).focus());
    await press(demo, 'Home', of(1));
    await press(demo, 'ArrowRight', of(2));
    expect(await demo.text('#scene .drawing-words')).toMatch(
      /Letter 2: it reads “e” and guesses “\w” \(\d+\s%\)/,
    );
    expect(await violations(page, '#scene .drawing')).toEqual([]);
    // Backward: the gradients of three steps arrive at those before.
    await demo.click('#scene-next');
    await page.waitForFunction(
      `[...document.querySelectorAll('#scene .gradient')].filter(({ style }) => style.display === '').length === 3`,
    );
    await page.$eval('#scene .drawing-stage', (stage) => (stage as HTMLElement).focus());
    await press(demo, 'Enter', `document.querySelector('#scene .cell-zoom circle') !== null`);
    await press(demo, 'Enter', `document.querySelector('#scene .unit-zoom tfoot') !== null`);
    await press(
      demo,
      'ArrowDown',
      `document.querySelector('#scene .drawing-units').textContent.includes('unit 2 of 3')`,
    );
    // The products add up to the sum, and tanh of it is the state.
    const rows = await page.$$eval('#scene .unit-zoom tr', (all) =>
      all.map((row) => Number(row.lastElementChild?.textContent.replace('−', '-'))),
    );
    const [sum, state] = rows.slice(-2);
    const products = rows.slice(1, -2);
    expect(products).toHaveLength(1 + 3 + 1);
    expect(Math.abs(products.reduce((total, one) => total + one, 0) - sum)).toBeLessThan(0.03);
    expect(Math.tanh(sum)).toBeCloseTo(state, 1);
    expect(await violations(page, '#scene .drawing')).toEqual([]);
    expect(await page.evaluate(sideways)).toBe(0);
    await press(demo, 'Escape', `document.querySelector('#scene .unit-zoom') === null`);
    await press(demo, 'Escape', `document.querySelector('#scene .strip') !== null`);
  });
});

describe('inside, on a phone', () => {
  // It has ended before somebody looks: with other weights units change places in the map.
  const demo = visit<Demo>((use) =>
    withDemo('hidden=12&time=10&batch=4&cell=lstm&backend=cpu&sampleEvery=0&steps=6', async (opened) => {
      await opened.page.setViewport({ width: 360, height: 740 });
      await opened.until(`state.status === 'done'`);
      await opened.page.$eval('#inside-details', (details) => ((details as HTMLDetailsElement).open = true));
      await opened.see('#inside-details', '#inside-cells .cell:nth-child(60)');

      await use(opened);
    }),
  );

  test('all units at once: a row of the map is one, which the arrow keys choose', async () => {
    const { page } = demo();
    // A row of the map is a unit: the arrow keys choose another.
    await page.focus('#inside-map');
    await press(
      demo(),
      'Home',
      `document.querySelector('#inside-map').getAttribute('aria-valuenow') === '1'`,
    );
    await press(
      demo(),
      'ArrowDown',
      `document.querySelector('#inside-map').getAttribute('aria-valuenow') === '2'`,
    );
    const unit = (await page.$eval('#inside-map', (map) => map.getAttribute('aria-valuetext'))) ?? '';
    await page.waitForFunction(
      `document.querySelector('#inside-coloured').textContent.includes(${JSON.stringify(`${unit.split(',')[0]} at`)})`,
    );
  });

  test('a phrase of letters is chosen by Shift and arrow keys', async () => {
    const { page } = demo();
    // A phrase of three letters.
    await page.$$eval('#inside-cells .cell', (cells) => (cells[40] as HTMLElement).focus());
    await page.keyboard.down('Shift');
    await press(demo(), 'ArrowRight', `document.querySelectorAll('.cell.phrase').length === 2`);
    await press(demo(), 'ArrowRight', `document.querySelectorAll('.cell.phrase').length === 3`);
    await page.keyboard.up('Shift');
    await page.waitForFunction(
      `/throughout “.{3}”/u.test(document.querySelector('#inside-phrase').textContent)`,
    );
  });

  test('the drawing shows the letter that has the focus, down to the gates of one unit', async () => {
    const { page } = demo();
    // The drawing shows the letter that has the focus; it goes down to the gates of one unit.
    await page.waitForFunction(
      `document.querySelector('#inside .drawing-words').textContent.startsWith('Letter 43: ')`,
    );
    await page.$eval('#inside .drawing-stage', (stage) => (stage as HTMLElement).focus());
    await press(demo(), 'Enter', `document.querySelector('#inside .cell-zoom .belt') !== null`);
    expect(await demo().text('#inside .drawing-words')).toMatch(
      /Unit 1 keeps .* c = .* It shows .* of tanh c/s,
    );
    await press(demo(), 'Enter', `document.querySelectorAll('#inside .unit-zoom table').length === 4`);
  });

  test('a changed letter shows what differs from there on', async () => {
    const { page } = demo();
    // A changed letter: what differs can be seen from there on.
    const before = await page.$eval('#inside-text', (field) => (field as HTMLTextAreaElement).value);
    const at = 20;
    await demo().fill(
      '#inside-text',
      `${before.slice(0, at)}${before[at] === 'e' ? 'a' : 'e'}${before.slice(at + 1)}`,
    );
    await page.waitForSelector('#inside-by-change:not(:disabled)');
    await demo().click('#inside-by-change');
    await page.waitForFunction(
      `document.querySelector('#inside-coloured').textContent.startsWith('Colour: how far the states are')`,
    );
    await page.waitForFunction(`(() => {
        const levels = [...document.querySelectorAll('#inside-cells .cell')].map(({ style }) => Number(style.getPropertyValue('--level')));
        return levels.slice(0, ${at}).every((level) => level === 0) && levels[${at}] > 0;
      })()`);
  });

  test('it goes on writing from a letter', async () => {
    const { page } = demo();
    // It goes on from a letter.
    await page.$$eval('#inside-cells .cell', (cells) => (cells[30] as HTMLElement).focus());
    await demo().click('#inside-go-on');
    await page.waitForFunction(
      `document.querySelector('#inside-written .given')?.nextSibling?.length >= 200`,
    );
  });

  test('nothing scrolls sideways, and axe finds nothing', async () => {
    const { page } = demo();
    await page.$$eval('#inside .drawing-bar button', ([steps]) => (steps as HTMLElement).click());
    expect(await page.evaluate(sideways)).toBe(0);
    expect(await violations(page, '#inside')).toEqual([]);
  });
});

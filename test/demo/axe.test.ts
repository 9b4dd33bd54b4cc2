import axe from 'axe-core';
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { withPage } from '../support/chrome.js';
import { badLooks } from './looks.js';
import { withDemo } from './support.js';

/** Rules about colours. All others find the same in every scheme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** How somebody sees a page. Colours of the dark scheme are the same at every width. */
const VIEWS = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 360, scheme: 'light' },
];
/** A phone in both schemes. */
const NARROW = [VIEWS[2], { width: 360, scheme: 'dark' }];
/** Resolves when what was drawn for the next frame is seen. */
const NEXT_FRAMES =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))';
/** Widths at which nothing may be cut off: a tablet's beside those of the views. */
const WIDTHS = [800, 360];

/**
 * Returns what axe finds in these views of a page (the rule and the element that breaks it), and
 * what is cut off or too wide.
 */
async function violations(page: Page, views = VIEWS): Promise<string[]> {
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewport({ width, height: 900 });
    await page.evaluate(NEXT_FRAMES); // drawings follow the width
    found.push(...(await badLooks(page)).map((bad) => `${width} px: ${bad}`));
  }
  await page.evaluate(axe.source);
  for (const { width, scheme } of views) {
    await page.setViewport({ width, height: 900 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const options: axe.RunOptions = {
      resultTypes: ['violations'],
      ...(scheme === 'dark' ? { runOnly: COLOURS } : {}),
    };
    const result = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as axe.AxeResults;
    expect(result.passes.map(({ id }) => id)).toContain('color-contrast'); // it has looked
    for (const { id, nodes } of result.violations)
      for (const { target, failureSummary } of nodes)
        found.push(`${width} px, ${scheme}: ${id}: ${target.join(' ')}: ${failureSummary}`);
  }
  return found;
}

/** Everything that can be folded away is shown. */
function unfold(page: Page): Promise<unknown> {
  return page.evaluate(`document.querySelectorAll('details').forEach((details) => (details.open = true))`);
}

test(
  'the training page keeps nobody out: all of it open, a training and a check under way, a setting ' +
    'refused',
  async () => {
    await withDemo(
      'hidden=8&time=10&layers=2&cell=lstm&backend=cpu&sampleEvery=5&length=40&prime=%E2%82%AC',
      async (demo) => {
        const { page } = demo;
        await demo.click('#check-start');
        await demo.until('state.step > 10 && samples.length > 2');
        await unfold(page);
        await demo.fill('#layers', '0');
        await demo.click('#start');
        await page.waitForSelector('#settings [aria-invalid="true"]');
        await demo.see('#scene', '#scene-many');
        await demo.click('#scene-many');
        await page.waitForSelector('#scene .rise:not(:empty)');
        await demo.see('#inside', '#inside-cells .cell');
        for (const there of ['#saved-runs li', '#checks tbody tr']) await page.waitForSelector(there);
        await demo.click('#check-stop');
        await demo.pause();
        expect(await violations(page)).toEqual([]);
      },
    );
  },
);

test('nor does a comparison, nor a chapter that a class sees in Chinese', async () => {
  await withDemo('backend=cpu#forgets', async ({ page }) => {
    await page.waitForSelector('#compare-problems td');
    await page.click('#compare-toggle:not(:disabled)');
    expect(await violations(page, NARROW)).toEqual([]);
  });
  await withDemo('controls=none&chapter=2&lang=zh&backend=cpu&hidden=8', async ({ page }) => {
    await page.waitForSelector('#inside-cells .cell');
    expect(await page.$$eval('.inside-who', (all) => all.filter((one) => one.checkVisibility()))).toEqual([]);
    expect(await violations(page, VIEWS.slice(0, 1))).toEqual([]);
  });
  await withDemo('lang=zh&autostart=0', async ({ page }) => {
    expect(await violations(page, VIEWS.slice(0, 1))).toEqual([]);
  });
});

test('the benchmark page keeps nobody out', async () => {
  await withPage('/demo/bench.html', async (page) => {
    await page.waitForSelector('button:not(:disabled)');
    await unfold(page);
    expect(await violations(page)).toEqual([]);
  });
});

/** The page of tasks while it stands: the view has shown what the network answers. */
async function withTask(task: string, use: (page: Page) => Promise<void>): Promise<void> {
  await withPage(`/demo/tasks.html?task=${task}&backend=cpu&hidden=8`, async (page) => {
    await page.waitForFunction('window.unrolledTasks?.state().step > 5', { polling: 100 });
    await page.$eval('#toggle', (button) => (button as HTMLElement).click());
    await page.waitForFunction(`window.unrolledTasks.state().status === 'paused'`, { polling: 100 });
    await use(page);
  });
}

test('the page of tasks keeps nobody out: settings, and a visitor’s records as they are guessed', async () => {
  await withTask('reversing', async (page) => {
    await page.$eval('#own-text', (field) => {
      (field as HTMLTextAreaElement).value = 'a b\tc\n'.repeat(20);
    });
    await page.$eval('#own-look', (button) => (button as HTMLElement).click());
    await page.waitForSelector('#own-choice:not([hidden])');
    await unfold(page);
    expect(await violations(page)).toEqual([]);
  });
});

test.each([
  'reviews',
  'opinions',
  'film',
  'handwriting',
  'series',
  'first-names',
  'written-digits',
  'scenes',
])('nor does the view of %s, nor the network unrolled over its example', async (task) => {
  await withTask(task, async (page) => {
    // What loads above it may move it out of sight again, and it is drawn only while in sight.
    await page.waitForFunction(
      `document.querySelector('#task-unrolled').scrollIntoView(), ` +
        `/^(Symbol|Word|Row|Frame|Hour) \\d+: it reads .* (guesses|says) /.test(` +
        `document.querySelector('#task-unrolled .drawing-words')?.textContent)`,
    );
    expect(await page.$$('#task-unrolled .strip .cell')).not.toHaveLength(0);
    expect(await violations(page, NARROW)).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { withPage } from '../support/chrome.js';
import { Demo, withDemo } from './support.js';

/** Pixels from the top of the window within which a heading is where the reader looks for it. */
const NEAR = 8;

/** Waits until the section is loaded and its heading is at the top; it must stay there. */
async function untilAtTop({ page }: Demo, section: string, loaded: string): Promise<void> {
  await page.waitForSelector(loaded);
  await page.waitForFunction(
    `Math.abs(document.querySelector('${section} h2').getBoundingClientRect().top) <= ${NEAR}`,
  );
  // Whatever is laid out with the next frames must not push it away. What grows between two frames is
  // corrected before the next one is painted, so a single measurement may still see it.
  const tops = (await page.evaluate(
    `(async () => { const tops = []; for (let frame = 0; frame < 20; frame++) { await new ` +
      `Promise((next) => requestAnimationFrame(next)); tops.push(document.querySelector('${section} ` +
      `h2').getBoundingClientRect().top); } return tops; })()`,
  )) as number[];
  const away = tops.map((top) => Math.abs(top) > NEAR);
  expect(away.some((_, frame) => away.slice(frame, frame + 2).every(Boolean))).toBe(false);
}

test.each([
  { width: 1280, height: 800 },
  { width: 360, height: 740 },
])('links and addresses land at their sections, $width pixels wide', async (size) => {
  await withDemo('autostart=0', async (demo) => {
    const { page } = demo;
    await page.setViewport(size);
    await demo.page.$eval('a[href="#scene"]', (link) => link.click());
    await untilAtTop(demo, '#scene', '#scene-next');
    // The same link again, after somebody has gone away.
    await page.keyboard.press('Home');
    await page.waitForFunction('scrollY === 0');
    await page.$eval('a[href="#scene"]', (link) => link.click());
    await untilAtTop(demo, '#scene', '#scene-next');
    // Once somebody scrolls, nothing is held any more.
    await page.keyboard.press('Home');
    await page.waitForFunction('scrollY === 0');
    await page.evaluate(`document.body.append(document.createElement('hr'))`);
    await page.evaluate('new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))');
    expect(await page.evaluate('scrollY')).toBe(0);
  });
  for (const [address, section, loaded] of [
    ['#scene', '#scene', '#scene-next'],
    ['#compare?delay=15', '#compare', '#compare-start:not(:disabled)'],
    ['#inside', '#inside', '#inside-details[open]'],
  ])
    await withPage('/demo/bench.html', async (page) => {
      await page.setViewport(size);
      await page.goto(page.url().replace('bench.html', `index.html?autostart=0${address}`));
      await untilAtTop(new Demo(page), section, loaded);
    });
});

import { expect, test } from 'vitest';
import { violations, withTasks, type Tasks } from '../tasks-support.js';

/** On the processor, and smaller than what the page offers. */
const CHEAP = 'backend=cpu';

/** Whether the canvas of this selector has light and dark pixels. */
function isPainted({ page }: Tasks, selector: string): Promise<unknown> {
  return page.waitForFunction(
    `(() => { const canvas = document.querySelector(${JSON.stringify(selector)}); if (!canvas) return false;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const light = [...data].filter((_, i) => i % 4 < 3);
      return Math.max(...light) - Math.min(...light) > 100; })()`,
  );
}

/** The value of the picture that is stepped through, in words, after these keys. */
async function pressed(
  { page }: Tasks,
  ...keys: ('ArrowRight' | 'ArrowLeft' | 'ArrowDown' | 'Home' | 'End')[]
): Promise<string> {
  await page.focus('#task-view .stepper');
  for (const key of keys) await page.keyboard.press(key);
  return page.$eval('#task-view .stepper', (picture) => picture.ariaValueText ?? '');
}

/** Nothing scrolls sideways on a phone but pictures in their own place. */
async function fitsAPhone({ page }: Tasks): Promise<void> {
  await page.setViewport({ width: 360, height: 740 });
  expect(
    await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
  ).toBe(0);
}

test('a film: learned, stepped through by keys and played; a reload shows it again', async () => {
  await withTasks(`task=film&${CHEAP}&hidden=16`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.share >= 0.6');
    await isPainted(tasks, '#task-view .large');
    await tasks.reload();
    await page.waitForFunction(`document.querySelectorAll('.frame').length === 12`);
    expect(await pressed(tasks, 'Home', 'ArrowRight', 'ArrowRight')).toMatch(
      /^Frame 3: it says “\w+” \(\d+ %\), (which is true|but “\w+” is true)\.$/,
    );
    expect(await page.$$eval('.frame', (all) => all.findIndex((frame) => frame.matches('.current')))).toBe(2);
    const [play] = await page.$$('.player button');
    await play.click();
    await page.waitForFunction(`document.querySelectorAll('.frame')[2].matches('.frame:not(.current)')`);
    await play.click();
    expect(await violations(tasks)).toEqual([]);
    await fitsAPhone(tasks);
    await tasks.goOn();
  });
});

test('scenes: the sentence word by word, and where the network looks; given at once, it looks nowhere', async () => {
  await withTasks(`task=scenes&${CHEAP}&hidden=24`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.share >= 0.3');
    await isPainted(tasks, '.scene-picture canvas');
    expect(await pressed(tasks, 'Home')).toMatch(
      /^“(red|green|blue)”. For “\w+” it looks most at row \d, column \d/,
    );
    const dark = await page.$$eval('.places .dark', (all) =>
      all.map((place) => Number(place.getAttribute('fill-opacity'))),
    );
    expect(dark).toHaveLength(9);
    // The picture is still seen where the network does not look; a frame has where it does.
    expect(Math.max(...dark)).toBeLessThan(0.5);
    expect(await page.$$('.places .seen')).toHaveLength(1);
    expect(await pressed(tasks, 'ArrowRight')).toMatch(/^“(circle|square|star)”/);
    const { share } = await tasks.reload();
    expect(share).toBeGreaterThanOrEqual(0.3);
    await page.waitForSelector('.sentence .word');
    expect(await violations(tasks)).toEqual([]);
    await fitsAPhone(tasks);
    await tasks.click('.choice input[value="first"]');
    await tasks.until(`location.search.includes('attention=first') && state.step > 0`);
    await tasks.untilText('#task-view', /no place that it looks at/);
    expect(await page.$eval('.choice input[value="first"]', (input) => input.checked)).toBe(true);
  });
});

test('digits by rows: ten bars after each row, which end at the answer', async () => {
  await withTasks(`task=handwriting&${CHEAP}&hidden=24`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.share >= 0.3');
    await isPainted(tasks, '#task-view .large');
    await page.waitForFunction(`document.querySelectorAll('.bars li').length === 10`);
    await page.focus('#task-view .stepper');
    // The beliefs of the rows before come with the answer to a question.
    await page.waitForFunction(
      `document.querySelector('.stepper').ariaValueText.includes('After 14 of 14 rows')`,
    );
    await page.keyboard.press('Home');
    await tasks.untilText('#task-view', /After 1 of 14 rows it believes \d \(\d+ %\)/);
    expect(await pressed(tasks, 'ArrowRight')).toMatch(/^After 2 of 14 rows/);
    expect(await violations(tasks)).toEqual([]);
    await fitsAPhone(tasks);
    await tasks.reload();
    await tasks.goOn();
  });
});

test('names: those of a class are written, and expected letter by letter in a tree', async () => {
  await withTasks(`task=first-names&${CHEAP}&hidden=24`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.tried >= 50');
    await page.waitForFunction(`document.querySelectorAll('.drawn-names li').length === 8`);
    await page.select('.class-controls select', 'male');
    await tasks.untilText('.drawn-names', /[A-Z][a-z]/);
    await page.waitForSelector('.beam-tree .leaf.best');
    expect(await pressed(tasks, 'ArrowRight')).toMatch(/^Step \d+: “.+” with/);
    expect(await violations(tasks)).toEqual([]);
    await fitsAPhone(tasks);
    await tasks.reload();
    await tasks.goOn();
  });
});

test('digits that are written: one grows pixel by pixel, for every class there are some', async () => {
  await withTasks(`task=written-digits&${CHEAP}&hidden=32`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.tried >= 50');
    await isPainted(tasks, '#task-view .large');
    await page.waitForFunction(`document.querySelectorAll('.digit-sample').length === 10`);
    await tasks.click('#toggle');
    await tasks.until(`state.status === 'paused'`);
    expect(await pressed(tasks, 'Home')).toMatch(/^1 of \d+ pixels, in row 1 of/);
    expect(await pressed(tasks, 'End')).toMatch(/^(\d+) of \1 pixels/);
    await page.select('.class-controls select', '7');
    expect(await violations(tasks)).toEqual([]);
    await fitsAPhone(tasks);
  });
});

test('a series: predictions beside the truth, hour by hour, and what was read for one', async () => {
  await withTasks(`task=series&${CHEAP}&hidden=12`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.share >= 0.3');
    await page.waitForSelector('.series-picture polyline.guess');
    expect(await pressed(tasks, 'Home', 'ArrowRight')).toMatch(
      /^Hour 2: it says [−\d.]+, it was [−\d.]+: [\d.]+ off\.$/,
    );
    expect(await page.$$eval('.series-input', (all) => all.length)).toBe(3);
    await tasks.untilText(
      '#task-view',
      /Over these \d+ hours it is [\d.]+ off; who always says the mean is [\d.]+ off/,
    );
    await tasks.reload();
    await page.waitForSelector('.series-picture polyline.guess');
    expect(await violations(tasks)).toEqual([]);
    await fitsAPhone(tasks);
    await tasks.goOn();
  });
});

test('dates: lines and matrix of attention by keys, earlier moments of it, and the tree of a search', async () => {
  await withTasks(`task=dates&${CHEAP}&hidden=32`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.share >= 0.3');
    await page.waitForSelector('.attention .look.lit');
    await page.focus('.attention .stepper');
    const said = (): Promise<string> =>
      page.$eval('.attention .stepper', (picture) => picture.ariaValueText ?? '');
    const first = await said();
    expect(first).toMatch(/^For “\S+” it looks at “/);
    await page.keyboard.press('End');
    expect(await said()).toMatch(/^For “end” it looks at/);
    await tasks.click('.attention .choice input[value="matrix"]');
    await page.waitForSelector('.attention .row.current .weight');
    // An example whose answer is known has a score against the true alignment.
    await page.$eval('.attention-panel select', (select) => {
      select.selectedIndex = 1;
      select.dispatchEvent(new Event('change'));
    });
    await tasks.untilText('.attention', /\d+ % of the attention lies where it should/);
    await page.$eval('select.beam', (select) => {
      select.value = '4';
      select.dispatchEvent(new Event('change'));
    });
    await page.waitForSelector('.beam-tree .leaf.best');
    expect(await page.$$eval('.beam-tree .leaf', (all) => all.length)).toBeGreaterThan(20);
    await tasks.click('#toggle');
    await tasks.until(`state.status === 'paused'`);
    expect(await violations(tasks)).toEqual([]);
    await fitsAPhone(tasks);
    const scored = await page.$eval('.attention p.score', ({ textContent }) => textContent);
    await page.$eval('#past-step', (slider) => {
      (slider as HTMLInputElement).value = '0';
      slider.dispatchEvent(new Event('input'));
    });
    // The network of the beginning looks elsewhere.
    await page.waitForFunction(
      (before) => document.querySelector('.attention p.score')?.textContent !== before,
      {},
      scored,
    );
  });
});

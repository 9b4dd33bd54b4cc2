import { describe, expect, test } from 'vitest';
import { withTasks, type Tasks } from './tasks-support.js';
import { visit } from './visit.js';

/** Small, and on the processor: what is tested is the page. */
const CHEAP = 'backend=cpu';

describe('dates', () => {
  const tasks = visit<Tasks>((use) => withTasks(`task=dates&${CHEAP}&hidden=40`, use));

  test('it is learned, and a date of one’s own is answered with attention', async () => {
    const { page } = tasks();
    await tasks().until('state.share >= 0.3');
    await tasks().fill('.ask-text', '5 May 1999');
    await tasks().untilText('.answer', /\d{4}-\d\d-\d\d/);
    await page.waitForSelector('.attention [data-step]');
  });

  test('a search shows four hypotheses and its tree', async () => {
    const { page } = tasks();
    await page.$eval('select.beam', (select) => {
      select.value = '4';
      select.dispatchEvent(new Event('change'));
    });
    await page.waitForFunction(`document.querySelectorAll('.candidates li').length === 4`);
    await page.waitForSelector('.beam-tree .leaf.best');
  });

  test('the network is drawn over what was typed, down to the products of one unit', async () => {
    const { page } = tasks();
    // The network is drawn over what was typed; by keys one comes to the products of one unit.
    await page.$eval('#task-unrolled', (box) => box.scrollIntoView());
    const drawn = (): Promise<string> =>
      page.$eval('#task-unrolled .drawing-stage', (stage) => stage.ariaValueText ?? '');
    await page.waitForFunction(`document.querySelectorAll('#task-unrolled .look.now').length > 0`);
    await tasks().untilText('#task-unrolled', /It reads what it has written itself/);
    await tasks().click('#toggle');
    await tasks().until(`state.status === 'paused'`);
    await page.focus('#task-unrolled .drawing-stage');
    await page.keyboard.press('Home');
    await page.waitForFunction(
      `document.querySelector('#task-unrolled .drawing-stage').ariaValueNow === '1'`,
    );
    expect(await drawn()).toMatch(/^Symbol 1: it reads “▸” and guesses “\d” \(\d+\u00a0%\)\.$/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#task-unrolled .cell-zoom');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#task-unrolled .unit-zoom table');
    expect(await page.$$('#task-unrolled .unit-zoom table')).toHaveLength(3);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  test('a reload goes on where it was', async () => {
    const { page } = tasks();
    await tasks().click('#toggle');
    const { share } = await tasks().reload();
    expect(share).toBeGreaterThanOrEqual(0.3);
    // After a reload as before it, slider and drawing are at now.
    expect(await page.$eval('#past-at', ({ textContent }) => textContent)).toBe('now');
    await page.$eval('#task-unrolled', (box) => box.scrollIntoView());
    await tasks().untilText('#task-unrolled', /Now, after [\d,]+ steps\./);
    expect(await page.$eval('#task-unrolled', (box) => (box as HTMLElement).innerText)).not.toMatch(
      /not in memory/,
    );
  });

  test('the slider looks back, and the training goes on from now', async () => {
    const { page } = tasks();
    // The slider goes back to answers of the beginning.
    await page.$eval('#past-step', (slider) => {
      (slider as HTMLInputElement).value = '0';
      slider.dispatchEvent(new Event('input'));
    });
    expect(await page.$eval('#past-at', ({ textContent }) => textContent)).toBe('step 0');
    await page.waitForFunction(`document.querySelectorAll('.examples li.wrong').length === 6`);
    // After a reload the weights of that step are gone, which the drawing says.
    await page.$eval('#task-unrolled', (box) => box.scrollIntoView());
    await tasks().untilText('#task-unrolled', /weights of that step are not in memory any more/);
    await tasks().goOn();
  });

  test('the network without attention has an address and a training of its own', async () => {
    const { page } = tasks();
    // The other network of the same task has an address and a training of its own.
    await page.$eval('select.memory', (select) => {
      select.value = 'summary';
      select.dispatchEvent(new Event('change'));
    });
    await tasks().until(`location.search.includes('attention=none') && state.status === 'running'`);
    await page.goBack();
    await tasks().until(
      `!location.search.includes('attention') && state.step > 0 && state.status === 'running'`,
    );
  });
});

test('reviews: learned, and a review of one’s own says which words moved the answer', async () => {
  await withTasks(`task=reviews&${CHEAP}`, async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.share >= 0.9');
    await tasks.fill('.ask-text', 'the end is not funny and the plot is really bad');
    await page.waitForFunction(`document.querySelectorAll('.reading li').length === 11`);
    expect(
      await page.$$eval('.word-bars .name', (all) => all.map(({ textContent }) => textContent)),
    ).toHaveLength(11);
    await tasks.untilText('.belief', /negative|positive/);
    await tasks.fill('.ask-text', ' ');
    await tasks.untilText('.ask .error', /^Type something to read\.$/);
    await tasks.reload();
    await tasks.goOn();
  });
});

test('a visitor’s TSV: guessed, changed, learned, kept with its records, and gone on with', async () => {
  await withTasks(`task=reviews&${CHEAP}&autostart=0`, async (tasks) => {
    const { page } = tasks;
    await tasks.until(`state.status === 'paused'`);
    await tasks.fill('#own-text', '{"text": "one column"}\n');
    await tasks.click('#own-look');
    await tasks.untilText('#own-fault', /^There is one column only/);
    const rows = Array.from({ length: 80 }, (_, i) =>
      i % 2 === 0 ? `it is warm, day ${i % 9}\tsummer` : `it is cold, day ${i % 9}\twinter`,
    );
    await tasks.fill('#own-text', rows.join('\n'));
    await tasks.click('#own-look');
    await tasks.untilText(
      '.own-columns',
      /column 1\s+a few names: .*\s+column 2\s+a few names: summer, winter/,
    );
    expect(await page.$eval('#own-task', (select) => (select as HTMLSelectElement).value)).toBe('classify');
    expect((await tasks.state()).task).toBe('reviews'); // nothing is lost by looking
    await tasks.click('#own-learn');
    await tasks.until(`state.task === 'own' && state.share >= 0.9`);
    await tasks.fill('.ask-text', 'it is warm');
    await tasks.untilText('.belief', /summer/);
    await tasks.reload();
    await page.waitForSelector('#own-choice:not([hidden])');
    await tasks.goOn();
  });
});

test('what the address asks for and is not there is said, and a setting that does not fit', async () => {
  await withTasks('task=poems', async (tasks) => {
    await tasks.untilText('#fault', /the task “poems”, which is not there\. There are dates, /);
  });
  await withTasks(`task=reviews&${CHEAP}&hidden=x&colour=red`, async (tasks) => {
    await tasks.untilText('#fault', /^“Hidden units” needs a whole number from 1 to 1,?024, not “x”\.$/);
    await tasks.fill('#setting-hidden', '8');
    await tasks.click('#task-settings button');
    await tasks.until(`state.status === 'running' && state.step > 0`);
    expect(new URL(tasks.page.url()).searchParams.get('hidden')).toBe('8');
  });
});

test('by keyboard alone, 360 pixels wide, nothing scrolls sideways', async () => {
  await withTasks(`task=reviews&${CHEAP}&autostart=0`, async (tasks) => {
    const { page } = tasks;
    await page.setViewport({ width: 360, height: 740 });
    await tasks.until(`state.status === 'paused'`);
    await page.focus('#task-list a[href="?task=opinions"]');
    await page.keyboard.press('Enter');
    await tasks.until(`state.task === 'opinions' && state.step > 0`);
    await page.waitForSelector('.tagged-answer .tag');
    await page.focus('#toggle');
    await page.keyboard.press('Space');
    await tasks.until(`state.status === 'paused'`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('step');
    const { step } = await tasks.state();
    await page.keyboard.press('Enter');
    await tasks.until(`state.step === ${step + 1}`);
    await page.$eval('#settings-details', (details) => ((details as HTMLDetailsElement).open = true));
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
  });
});

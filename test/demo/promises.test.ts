import { expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { EMPTY_PAGE_BESIDE, withPage } from '../support/chrome.js';
import { SMALL, type Demo, withDemo, withPreparedDemo } from './support.js';

async function ready({ page }: Demo): Promise<void> {
  await page.waitForSelector('#start:not(:disabled)');
}

test(
  'a page that is loaded again says how many steps are trained again, and a run that another page has is ' +
    'offered as soon as that lets go of it',
  async () => {
    await withDemo('hidden=16&time=10&sampleEvery=0&backend=cpu', async (demo) => {
      const { page } = demo;
      // Nothing more is kept from here on, as where the page ends before it can be.
      await page.waitForFunction(`document.querySelector('#keep-state').textContent.startsWith('Step ')`);
      await demo.inWorker(
        `IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); }`,
      );
      await page.waitForFunction(
        `/storage is full/.test(document.querySelector('#keep-message').textContent)`,
      );
      const { step: left } = await demo.pause();
      await page.reload();
      await ready(demo);
      const { step: kept } = await demo.until(`state.status === 'paused' && state.step > 0`);
      expect(kept).toBeLessThan(left);
      expect(await demo.text('#notice')).toMatch(
        new RegExp(
          `^Continued from step ${kept.toLocaleString('en')}, as it was kept at .*, so that ` +
            `${(left - kept).toLocaleString('en')} steps? (is|are) trained again\\.$`,
        ),
      );

      const { id } = JSON.parse(
        (await page.evaluate(`sessionStorage.getItem('unrolled.run')`)) as string,
      ) as {
        id: string;
      };
      // A page that is not of this tab has the run, and says nothing when it lets go of it.
      await withPage(EMPTY_PAGE_BESIDE, async (other) => {
        await page.goto(`${new URL(page.url()).origin}/demo/index.html?autostart=0`);
        await other.evaluate(
          `new Promise((held) => navigator.locks.request('unrolled-run:${id}', () => new Promise((letGo) => ` +
            `{ window.letGo = letGo; held(); })))`,
        );
        await page.bringToFront();
        await page.reload();
        await ready(demo);
        await page.waitForFunction(
          `/open in another tab/.test(document.querySelector('#saved-runs li')?.textContent)`,
        );
        await other.evaluate('window.letGo()');
        await page.waitForSelector('#saved-runs li button:not([hidden])');
      });
      // What goes on is far above the list: the page shows it.
      await page.$eval('#saved-runs li button', (button) => button.click());
      await demo.until(`state.status === 'running' && state.step > ${kept}`);
      expect(await page.evaluate('document.activeElement.id')).toBe('toggle');
      const top = (await page.evaluate(
        `document.querySelector('#training-title').getBoundingClientRect().top`,
      )) as number;
      expect(top).toBeGreaterThanOrEqual(0);
      expect(top).toBeLessThan(300);
    });
  },
);

test('a pasted text of megabytes never reaches its field, is learned whole, and survives a reload', async () => {
  await withDemo(`${SMALL}&autostart=0&backend=cpu`, async (demo) => {
    const { page } = demo;
    await page.select('#text', '(paste)');
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'the mill on the hill. '.repeat(250_000));
      const field = document.querySelector('#pasted') as HTMLTextAreaElement;
      field.focus();
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    const shown = (): Promise<number> =>
      page.$eval('#pasted', (field) => (field as HTMLTextAreaElement).value.length);
    expect(await shown()).toBe(2001);
    expect(await demo.text('#pasted-long')).toBe(
      'All 5,500,000 characters are taken. The field shows the first 2,000.',
    );
    await demo.click('#toggle'); // before there is a training, this one starts it
    await demo.untilItTrains();
    expect(await demo.text('#text-facts')).toContain('Your text: 5,500,000 characters');
    await demo.pause();
    await page.waitForFunction(`document.querySelector('#keep-state').textContent.startsWith('Step ')`);
    await page.reload();
    await ready(demo);
    await demo.until(`state.status === 'paused' && state.step > 0`);
    expect(await demo.text('#text-facts')).toContain('Your text: 5,500,000 characters');
    expect(await shown()).toBe(2001);
    await demo.click('#pasted-clear');
    expect(await shown()).toBe(0);
    expect(await page.$eval('#pasted', (field) => (field as HTMLTextAreaElement).readOnly)).toBe(false);
  });
});

test('pause answers while a long sample is written, which can be stopped; a length without end is refused', async () => {
  await withDemo('hidden=16&time=10&sampleEvery=0&backend=cpu', async (demo) => {
    const { page } = demo;
    await demo.until('state.step > 5');
    await demo.fill('#length', '1000000');
    await page.waitForSelector('#length-error');
    expect(await demo.text('#length-error')).toContain('it needs a whole number from 1 to 100,000.');
    // By this clock every piece is told, and each waits for the page: the sample never ends by itself.
    await demo.inWorker(
      '{ const now = performance.now.bind(performance); let ahead = 0; performance.now = () => now() + ' +
        '(ahead += 100); }',
    );
    await demo.fill('#length', '100000');
    await demo.click('#sample-now');
    await page.waitForFunction(
      `document.querySelector('#status').textContent === 'Writing 100,000 letters; the training waits'`,
    );
    const { step } = await demo.pause();
    expect(await demo.text('#status')).toBe(`Paused at step ${step.toLocaleString('en-US')}`);
    expect((await demo.samples()).length).toBe(0); // it is still being written
    await demo.click('#stop-writing');
    await demo.until('samples.length === 1');
    const [{ text }] = await demo.samples();
    expect(text.length).toBeGreaterThan(0);
    expect(text.length).toBeLessThan(100_000);
    expect(await demo.text('#samples li:first-child .sample-head')).toMatch(/ · stopped$/);
    expect(await page.$eval('#stop-writing', (button) => (button as HTMLElement).hidden)).toBe(true);
    await demo.click('#toggle');
    await demo.untilItTrains();
    await demo.click('#reset');
    await demo.until('state.step === 0');
    expect([await demo.text('#status'), await demo.text('#toggle')]).toEqual([
      'Ready: press “Start”.',
      'Start',
    ]);
  });
});

test('without controls a wrong value of the address is said all the same; while it is prepared, there is a sign of it', async () => {
  const seen = (): void => {
    const notes: string[] = [];
    Object.assign(window, { notes });
    new MutationObserver(() => {
      const bar = document.querySelector('#preparing');
      if (bar) notes.push((bar as HTMLElement).hidden ? 'hidden' : 'shown');
    }).observe(document, { subtree: true, childList: true, attributes: true });
  };
  await withPreparedDemo(seen, 'controls=none&hidden=abc&rate=0,02', async (demo) => {
    await demo.until(`state.status === 'failed'`);
    const sentence = '“Hidden units” needs a whole number of at least 1, not “abc”.';
    expect(await demo.text('#fault')).toBe(sentence);
    expect(await demo.page.$eval('#now-about', ({ textContent }) => textContent)).toBe(sentence);
    expect(new Set((await demo.page.evaluate('window.notes')) as string[])).toEqual(
      new Set(['shown', 'hidden']),
    );
    await demo.page.waitForSelector('#chart canvas'); // axes stand there before the first step
  });
  await withDemo(`${SMALL}&rate=0,02&autostart=0`, async (demo) => {
    await demo.until(`state.status === 'paused'`);
    expect(await demo.text('#toggle')).toBe('Start');
    await demo.click('#toggle');
    await demo.untilItTrains();
    expect(await demo.text('#figure-rate')).toBe('0.02');
  });
});

test('a curve that leaves the chart is not lost, and advice knows what is set already', async () => {
  await withDemo('hidden=16&time=10&rate=300&sampleEvery=0&backend=cpu', async (demo) => {
    await demo.page.waitForFunction(
      `/worse than knowing nothing/.test(document.querySelector('#outlook').textContent)`,
    );
    // The label in the advice leads to its field, with the address as it is.
    const { href } = await demo.page.evaluate(() => {
      document.querySelector<HTMLElement>('#outlook a')?.click();
      return location;
    });
    expect(await demo.page.evaluate('document.activeElement.id')).toBe('rate');
    expect(await demo.page.evaluate('location.href')).toBe(href);
    expect(await demo.text('#outlook')).not.toMatch(/clip/i); // the recipe holds changes in check
    const { step } = await demo.pause();
    expect(step).toBeGreaterThan(0);
    const above = /^↑ The curve is above the chart, at ([\d,.]+)\.$/.exec(await demo.text('#chart-above'));
    expect(above?.[1]).toBe(await demo.text('#figure-smooth'));
    expect(Number(above?.[1].replaceAll(',', ''))).toBeGreaterThan(1.3 * 5.7);
  });
});

test('a training comes to a good end: it writes on, learns by heart, and takes the novel', async () => {
  // Nothing is gained at a rate of 0, which is the end after two dozen measurements.
  await withDemo('hidden=8&time=10&batch=4&rate=0&sampleEvery=0&backend=cpu', async (demo) => {
    const { page } = demo;
    await demo.until('state.step > 0');
    // By this clock a measurement is due after a few steps.
    await demo.inWorker(
      '{ const now = performance.now.bind(performance); let ahead = 0; performance.now = () => now() + ' +
        '(ahead += 100); }',
    );
    const { step: best } = await demo.until(`state.status === 'done'`);
    expect(await demo.text('#status')).toBe('Done: it has learned what it can');
    expect(await demo.text('#learned-words')).toMatch(
      new RegExp(
        `surprised it least around step ${best.toLocaleString('en')}, by \\d\\.\\d\\d bits a letter: it has gone back there`,
      ),
    );
    expect(await demo.text('#now-about')).toBe(
      `It has learned what it can, in ${best.toLocaleString('en')} steps.`,
    );
    expect(await page.$eval('#learned-novel', (button) => button.checkVisibility())).toBe(true);
    await demo.click('#learned-read');
    await demo.until('samples.length === 1');
    const [{ text }] = await demo.samples();
    expect(Array.from(text)).toHaveLength(2000);
    expect((await demo.text('#now-text')).length).toBeGreaterThan(1900);
    // Who has missed it sees it again: the same end after the same steps.
    const statuses = await demo.watch('#status');
    await demo.click('#learned-again');
    await expect
      .poll(async () => (await statuses()).filter((said) => said.startsWith('Training')), {
        timeout: PATIENCE,
      })
      .not.toEqual([]);
    await demo.until(`state.status === 'done'`);
    // The first button goes on, too: by heart, since all else is learned.
    await demo.click('#toggle');
    await demo.until(`state.status === 'running' && state.step > ${best + 60}`);
    expect(await page.$eval('#learned', (box) => (box as HTMLElement).hidden)).toBe(true);
    expect(await demo.text('#by-heart-words')).toMatch(/^It goes on, and learns this text by heart/);
    expect(await page.$eval('#untilLearned', (box) => (box as HTMLInputElement).checked)).toBe(false);
    await demo.click('#yours-novel');
    await page.waitForFunction(
      `/^Moby-Dick; or, The Whale: 4\\d\\d,\\d\\d\\d characters/.test(document.querySelector('#text-facts').innerText)`,
    );
    await demo.untilItTrains();
    expect(await page.evaluate('location.hash')).toBe('#guesses');
    expect(await page.$eval('#text', (menu) => (menu as HTMLSelectElement).value)).toBe('moby-dick');
  });
});

test('the training is wound back: the slider shows what it wrote and where that was, and it goes on from there', async () => {
  await withDemo(`${SMALL}&backend=cpu`, async (demo) => {
    const { page } = demo;
    await demo.until('samples.length >= 4');
    const { step: end } = await demo.pause();
    await demo.see('#chart', '#chart canvas');
    const before = await demo.samples();
    const slide = (place: number): Promise<void> =>
      page.$eval(
        '#film-step',
        (slider, to) => {
          (slider as HTMLInputElement).value = String(to);
          slider.dispatchEvent(new Event('input', { bubbles: true }));
        },
        place,
      );
    expect(await demo.text('#film-at')).toBe('now');
    await slide(1);
    expect(await demo.text('#film-at')).toBe('step 40');
    expect(await page.$eval('#film-text', ({ textContent }) => textContent)).toBe(before[1].text);
    const marked = (): Promise<number> =>
      page.$eval('#chart .u-cursor-x', (line) => new DOMMatrix(getComputedStyle(line).transform).m41);
    const left = await marked();
    expect(left).toBeGreaterThan(0);
    // What it reads and holds is that of the same step, and all of it is in one view with the curve.
    const shown = async (step: number): Promise<string> => {
      await page.waitForFunction(
        `document.querySelector('#film-view').textContent.includes('After ${step.toLocaleString('en')} steps this stretch')`,
      );
      return page.$eval('#film-view', (box) => {
        const levels = Array.from(box.querySelectorAll('.film-passage span'), (letter) =>
          (letter as HTMLElement).style.getPropertyValue('--level'),
        );
        return `${levels.join()} ${box.querySelector('canvas')?.toDataURL() ?? ''}`;
      });
    };
    const at40 = await shown(40);
    expect(at40.split(',').length).toBeGreaterThan(90);
    await slide(0);
    expect(await marked()).toBeLessThan(left);
    // Other colours and another width are another chart, with the same mark.
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    const hasMark = `new DOMMatrix(getComputedStyle(document.querySelector('#chart .u-cursor-x')).transform).m41 > 0`;
    await page.waitForFunction(hasMark);
    await page.setViewport({ width: 700, height: 800 });
    await page.waitForFunction(`document.querySelector('#chart canvas').clientWidth < 700`);
    await page.waitForFunction(hasMark);
    await page.setViewport({ width: 1280, height: 800 });
    expect(await shown(20)).not.toBe(at40);
    const span = (await page.evaluate(
      `document.querySelector('#film-text').getBoundingClientRect().bottom - ` +
        `document.querySelector('#chart').getBoundingClientRect().top`,
    )) as number;
    expect(span).toBeLessThan(800);
    await slide(99);
    await shown(end);
    await slide(0);
    const rate = await page.$eval('#rate', (field) => (field as HTMLInputElement).value);
    await demo.fill('#rate', '7');
    await demo.click('#film-go');
    const { step } = await demo.until(`state.status === 'running' && state.step > 20`);
    await demo.until('samples.length >= 2');
    expect(await demo.text('#film-at')).toBe('now');
    // The same again: the state is whole.
    expect((await demo.samples()).slice(0, 2)).toEqual(before.slice(0, 2));
    expect(step).toBeGreaterThan(20);
    expect(end).toBeGreaterThan(60);
    expect(await page.$eval('#rate', (field) => (field as HTMLInputElement).value)).toBe(rate);
    expect(await demo.text('#fault')).toBe('');
  });
});

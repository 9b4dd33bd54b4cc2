import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { Demo, SMALL, withDemo } from './support.js';

const TEXT = '<b>words</b> 桥头村 🦊 and more words, ';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-keep-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Waits until the page says that a step has been kept. */
async function untilKept(demo: Demo, step: number): Promise<void> {
  await demo.page.waitForFunction(
    `document.querySelector('#keep-state').textContent.startsWith('Step ${step.toLocaleString('en')} ` +
      `was kept')`,
  );
}

/** Makes every write of the page's worker fail as it does where the disk is full. */
function fillStorage(demo: Demo): Promise<void> {
  return demo.inWorker(
    `IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError'); }`,
  );
}

/** Another tab with the training page. */
async function openTab({ page }: Demo, query: string): Promise<Demo> {
  const tab = await page.browser().newPage();
  tab.setDefaultTimeout(PATIENCE);
  await tab.goto(`${new URL(page.url()).origin}/demo/index.html?${query}`);
  return ready(tab);
}

async function ready(page: Page): Promise<Demo> {
  await page.waitForSelector('#start:not(:disabled)');
  return new Demo(page);
}

async function reload({ page }: Demo): Promise<Demo> {
  await page.reload();
  return ready(page);
}

test(
  'a page that is loaded again goes on with the same loss over its pasted text; a full storage is said ' +
    'and loses no more than what came after',
  async () => {
    await withDemo(`${SMALL}&autostart=0`, async (first) => {
      await first.page.select('#text', '(paste)');
      await first.fill('#pasted', TEXT.repeat(30));
      await first.fill('#temperature', '0.5');
      await first.click('#start');
      await first.until('samples.length >= 2');
      const { step, smoothLoss } = await first.pause();
      await untilKept(first, step);
      await fillStorage(first);
      await first.click('#step');
      const next = await first.until(`state.step === ${step + 1}`);
      await first.page.waitForFunction(
        '/storage is full. Delete saved runs, or download the ' +
          `checkpoint/.test(document.querySelector('#keep-message').textContent)`,
      );
      const samples = (await first.samples()).filter((sample) => sample.step <= step);

      const second = await reload(first);
      expect(await second.until(`state.step === ${step}`)).toMatchObject({ status: 'paused', smoothLoss });
      expect(await second.text('#notice')).toContain(`Continued from step ${step.toLocaleString('en')}`);
      expect(await second.samples()).toEqual(samples);
      expect(await second.text('#text-facts')).toContain('<b>words</b>');
      expect(await second.page.$eval('#pasted', (field) => (field as HTMLTextAreaElement).value)).toBe(
        TEXT.repeat(30),
      );
      expect(await second.page.$eval('#temperature', (field) => (field as HTMLInputElement).value)).toBe(
        '0.5',
      );
      await second.click('#step');
      expect(await second.until(`state.step === ${step + 1}`)).toMatchObject({ smoothLoss: next.smoothLoss });

      // A run that was training trains again; another address begins another run.
      await second.click('#toggle');
      await second.until(`state.step > ${step + 5}`);
      const third = await reload(second);
      await third.until(`state.status === 'running' && state.step > ${step}`);
      await third.page.goto(third.page.url().replace(/\?.*/, `?${SMALL}&steps=3&backend=cpu`));
      expect(await (await ready(third.page)).until(`state.status === 'done'`)).toMatchObject({ step: 3 });
    });
  },
);

test(
  'a run over a dropped file, whose tab has crashed, is continued in another tab and ends with the same ' +
    'loss',
  async () => {
    const file = join(folder, 'words.txt');
    await writeFile(file, TEXT.repeat(40));
    const query = `${SMALL}&autostart=0&backend=cpu`;
    await withDemo(query, async (demo) => {
      const lost = await openTab(demo, `${query}&steps=400`);
      await lost.page.select('#text', '(file)');
      await lost.choose('#file', file);
      await lost.click('#start');
      await lost.until(`state.status === 'running' || state.status === 'done'`);
      // Step by step: a fast machine would have done all of them before anybody could pause it.
      await lost.click('#reset');
      await lost.until(`state.status === 'paused' && state.step === 0`);
      await lost.page.$eval('#step', (button) => {
        for (let times = 0; times < 31; times++) (button as HTMLElement).click();
      });
      await lost.until('state.step === 31');
      await untilKept(lost, 31);
      await fillStorage(lost);
      await lost.click('#toggle');
      const { smoothLoss } = await lost.until(`state.status === 'done'`);

      // While it is open there, it cannot be had here.
      await demo.page.bringToFront();
      const row =
        `[...document.querySelectorAll('#saved-runs li')].find((one) => ` +
        `one.textContent.includes('words.txt step 31 '))`;
      await demo.page.waitForFunction(`/open in another tab/.test(${row}?.textContent)`);
      expect(
        await demo.page.evaluate(`[...${row}.querySelectorAll('button')].every((button) => button.hidden)`),
      ).toBe(true);

      const crashed = new Promise((resolve) => lost.page.once('error', resolve));
      void lost.page.goto('chrome://crash').catch(() => undefined);
      await crashed;
      await demo.page.waitForFunction(
        `(document.dispatchEvent(new Event('visibilitychange')), !${row}.querySelector('button').hidden)`,
        { polling: 100 },
      );
      await demo.page.evaluate(`${row}.querySelector('button').click()`);
      expect(await demo.until(`state.status === 'done'`)).toMatchObject({ step: 400, smoothLoss });
      expect(await demo.text('#text-facts')).toContain('words.txt');
      expect((await demo.samples())[0]).toMatchObject({ step: 20 });
      await lost.page.close();
    });
  },
);

/** Ids of the saved runs that a page lists, the run of the page included. */
function listed(page: Page): Promise<string[]> {
  return page.$$eval('#saved-runs .saved-run', (rows) => rows.map(({ id }) => id));
}

/** Waits until a page lists so many runs: it reads them from the storage after it reports a state. */
function untilListed(page: Page, fits: (count: number) => boolean): Promise<void> {
  return expect.poll(async () => (await listed(page)).length, { timeout: PATIENCE }).toSatisfy(fits);
}

/** Presses "Forget everything" twice at once: the button waits only seconds for the second press. */
function forget({ page }: Demo): Promise<string> {
  return page.$eval('#forget:not(:disabled)', (button) => {
    (button as HTMLElement).click();
    const { textContent } = button;
    (button as HTMLElement).click();
    return textContent;
  });
}

test('two tabs keep two runs, and the one behind continues to train', async () => {
  await withDemo(`${SMALL}&backend=cpu`, async (one) => {
    await one.until('state.step > 5');
    const two = await openTab(one, `${SMALL}&backend=cpu`);
    await two.until('state.step > 5');
    const isBehind = (): Promise<unknown> => one.page.evaluate('document.hidden');
    expect(await isBehind()).toBe(true);
    const behind = await one.state();
    await one.until(`state.status === 'running' && state.step > ${behind.step + 20}`);
    expect(await isBehind()).toBe(true);
    for (const demo of [one, two]) {
      await demo.page.bringToFront();
      const { step } = await demo.pause();
      await untilKept(demo, step);
    }
    await untilListed(two.page, (count) => count >= 2);
    await two.page.waitForFunction(
      `/This is the training above\\.[^]*It is open in another ` +
        `tab\\./.test(document.querySelector('#saved-runs').innerText)`,
    );
    await two.page.close();
  });
});

test('two presses forget everything in all tabs, and nothing is kept until that is wanted again', async () => {
  await withDemo(`${SMALL}&backend=cpu`, async (one) => {
    await one.until('state.step > 5');
    await untilKept(one, (await one.pause()).step);
    const two = await openTab(one, `${SMALL}&backend=cpu`);
    await two.until('state.step > 5');
    await untilKept(two, (await two.pause()).step);
    await untilListed(two.page, (count) => count >= 2);

    expect(await forget(two)).toBe('Press again: forget everything');
    await two.page.waitForFunction(
      `/Everything is forgotten/.test(document.querySelector('#keep-state').textContent)`,
    );
    await untilListed(two.page, (count) => count === 0);
    await one.page.bringToFront();
    await one.page.waitForFunction(`!document.querySelector('#keep').checked`);
    await one.click('#step');
    await one.click('#step');
    const again = await reload(one);
    await again.untilItTrains();
    expect(await again.page.$eval('#keep', (box) => (box as HTMLInputElement).checked)).toBe(false);
    expect(await listed(again.page)).toEqual([]);

    await again.click('#keep');
    const { step } = await again.pause();
    await untilKept(again, step);
    // The other tab's run is kept again, too: the choice is one for all tabs.
    await untilListed(again.page, (count) => count === 2);
    await two.page.close();
  });
});

test('a paused run is kept as soon as somebody wants runs to be kept', async () => {
  await withDemo(`${SMALL}&backend=cpu`, async (demo) => {
    await demo.until('state.step > 5');
    const { step } = await demo.pause();
    await untilKept(demo, step);
    await demo.click('#keep');
    await demo.page.waitForFunction(`!document.querySelector('#keep-state').textContent.startsWith('Step')`);
    await demo.click('#keep');
    await untilKept(demo, step);
  });
});

test('a browser that stores nothing says so, and training goes on', async () => {
  await withDemo(`${SMALL}&autostart=0&backend=cpu`, async (demo) => {
    await demo.inWorker(
      `Object.defineProperty(globalThis, 'indexedDB', { value: { open() { throw new ` +
        `DOMException('Access is denied.', 'SecurityError'); } } })`,
    );
    await demo.click('#start');
    await demo.until('state.step > 5');
    await demo.pause();
    await demo.page.waitForFunction(
      '/refused to store anything.*Access is denied.*Download the ' +
        `checkpoint/.test(document.querySelector('#keep-message').textContent)`,
    );
    await demo.click('#toggle');
    await demo.untilItTrains();
  });
});

test(
  'a lost device is opened again by itself, from the last kept state, and that is said; one that is lost ' +
    'again at once waits for a person',
  async () => {
    await withDemo(`${SMALL}&autostart=0&backend=webgpu`, async (demo) => {
      await demo.inWorker(`{
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...options) { return (globalThis.device = await request.apply(this, options)); };
    }`);
      await demo.click('#start');
      await demo.until('state.step > 10');
      const { step, smoothLoss } = await demo.pause();
      await untilKept(demo, step);
      // A second loss is one "again at once" within a minute of the page's clock, which stands
      // still
      // from here on: a loaded machine may take longer.
      await demo.page.evaluate(`{ const now = performance.now(); performance.now = () => now; }`);
      await demo.inWorker('globalThis.device.destroy()');
      await demo.page.waitForFunction(
        `/The GPU was lost at step/.test(document.querySelector('#notice').textContent)`,
      );
      expect(await demo.text('#notice')).toContain(
        `goes on from step ${step.toLocaleString('en')}, the last state that was kept: no step is lost.`,
      );
      expect(await demo.state()).toMatchObject({ status: 'paused', step, smoothLoss });
      expect(await demo.text('#fault')).toBe('');
      await demo.click('#toggle');
      await demo.untilItTrains();
      await demo.inWorker('globalThis.device.destroy()');
      await demo.until(`state.status === 'failed'`);
      expect(await demo.text('#fault')).toMatch(
        /The GPU was lost.*\(while .*\).*kept the state of step \d+\./,
      );
      const kept = Number(/\d+/.exec((await demo.text('#recover')).replace(',', ''))?.[0]);
      expect(kept).toBeGreaterThanOrEqual(step);
      await demo.click('#recover');
      await demo.until(`state.status === 'running' && state.step > ${kept}`);
      expect(await demo.text('#fault')).toBe('');
    });
  },
);

test(
  'the address follows the configuration, and gives the same one in another tab: with controls=none ' +
    'status, chart and samples alone',
  async () => {
    await withDemo('autostart=0', async (demo) => {
      const values = {
        preset: 'gluon',
        text: 'dates',
        cell: 'gru',
        layers: '2',
        hidden: '12',
        time: '9',
        batch: '3',
        rate: '0.01',
        backend: 'cpu',
        clipNorm: '3',
        length: '33',
        sampleEvery: '25',
        prime: 'a&b',
      };
      for (const [id, value] of Object.entries(values)) await demo.fill(`#${id}`, value);
      await demo.click('#start');
      await demo.untilItTrains();
      await demo.fill('#temperature', '0.7');
      await demo.page.waitForFunction(`location.search.includes('temperature=0.7')`);
      const search = (await demo.page.evaluate('location.search')) as string;
      expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
        autostart: '0',
        ...values,
        temperature: '0.7',
      });

      const copy = await openTab(demo, `${search.slice(1)}&controls=none`);
      for (const [id, value] of Object.entries({ ...values, temperature: '0.7' }))
        expect(await copy.page.$eval(`#${id}`, (field) => (field as HTMLInputElement).value)).toBe(value);
      await copy.until('samples.length >= 2');
      expect(await copy.text('#notice')).toMatch(/autostart=0 is not followed/);
      const visible = (selector: string): Promise<string[]> =>
        copy.page.$$eval(selector, (all) =>
          all.filter((one) => one.checkVisibility()).map((one) => one.id || one.tagName),
        );
      expect(await visible('button, input, select, textarea, summary, label, a')).toEqual([]);
      expect(await visible('#status, #chart, #samples, #settings, #check-title')).toEqual([
        'status',
        'chart',
        'samples',
      ]);
      await copy.page.close();
    });
  },
);

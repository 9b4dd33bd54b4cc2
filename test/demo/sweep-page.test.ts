import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { ElementHandle } from 'puppeteer';
import { expect, test } from 'vitest';
import { EMPTY_PAGE_BESIDE, withPage } from '../support/chrome.js';

const RECORD = 'test/golden/sweep/own.journal';

test('the page of sweeps draws a record, marks a trial by keyboard and pointer, and keeps nobody out', async () => {
  await withPage(EMPTY_PAGE_BESIDE, async (page, origin) => {
    const record = await readFile(RECORD, 'utf8');
    await page.setRequestInterception(true);
    page.on(
      'request',
      (request) =>
        void (request.url().endsWith('/own.journal')
          ? request.respond({ contentType: 'text/plain', body: record })
          : request.continue()),
    );
    await page.goto(`${origin}/demo/sweep.html?record=own.journal`);
    await page.waitForSelector('#sweep .sweep-questions svg');
    const textOf = (selector: string): Promise<string> =>
      page.$eval(selector, (element) => element.textContent);
    const first = await textOf('.sweep-chosen');
    expect(first).toMatch(/^Trial \d+, number 1 by its result: .+ after \d+ steps, [\d.]+ s\.$/);
    const marked = (): Promise<string[]> =>
      page.$$eval('path.marked', (paths) => paths.map((path) => path.getAttribute('d') ?? ''));
    const before = await marked();
    expect(before.every((path) => path.startsWith('M'))).toBe(true);

    await page.focus('.sweep-slider input');
    await page.keyboard.press('ArrowRight');
    const second = await textOf('.sweep-chosen');
    expect(second).toMatch(/number 2 by its result/);
    expect((await marked())[0]).not.toBe(before[0]);
    expect(await page.$eval('.sweep-slider input', (input) => input.getAttribute('aria-valuetext'))).toBe(
      second,
    );
    const number = /^Trial (\d+)/.exec(second)?.[1];
    expect(await textOf('tr.marked th')).toBe(number);

    // A pointer over the place where the best trial begins takes it again.
    const [, x, y] = /^M([\d.]+) ([\d.]+)/.exec(before[0]) ?? [];
    await page.$eval('.sweep-plot', (plot) => plot.scrollIntoView({ block: 'center' }));
    const box = await (await page.$('.sweep-plot svg'))?.boundingBox();
    await page.mouse.move((box?.x ?? 0) + Number(x), (box?.y ?? 0) + Number(y));
    await page.waitForFunction(
      (wrong) => document.querySelector('.sweep-chosen')?.textContent !== wrong,
      { polling: 50 },
      second,
    );

    await page.evaluate(axe.source);
    for (const [width, scheme] of [
      [1280, 'light'],
      [360, 'dark'],
    ] as const) {
      await page.setViewport({ width, height: 800 });
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.waitForFunction(
        () =>
          document.querySelector('.sweep-plot')?.clientWidth ===
          document.querySelector('.sweep-plot svg')?.clientWidth,
        { polling: 50 },
      );
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
  });
});

test('a file that is opened is drawn in Chinese; what is no record is said, and the drawing stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unrolled-sweep-'));
  try {
    const wrong = join(folder, 'wrong.txt');
    await writeFile(wrong, 'hello\n');
    await withPage('/demo/sweep.html?lang=zh', async (page) => {
      await page.waitForFunction(() => document.title.includes('参数扫描'), { polling: 50 });
      const field = (await page.$('#record')) as ElementHandle<HTMLInputElement>;
      await field.uploadFile(RECORD);
      await page.waitForSelector('#sweep .sweep-questions svg');
      expect(await page.$eval('.sweep-chosen', ({ textContent }) => textContent)).toMatch(
        /^试验 \d+，结果排第 1：/,
      );
      await field.uploadFile(wrong);
      await page.waitForSelector('#fault:not([hidden])');
      expect(await page.$eval('#fault', ({ textContent }) => textContent)).toContain(
        'line 1 is not an operation',
      );
      expect(await page.$('#sweep[hidden]')).toBeNull();
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

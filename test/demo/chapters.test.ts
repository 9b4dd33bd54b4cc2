import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { classAddress } from '../../demo/src/chapters/class-link.js';
import { chooseLanguage } from '../../demo/src/words/language.js';
import { page as english } from '../../demo/src/words/en/page.js';
import { page as chinese } from '../../demo/src/words/zh/page.js';
import { withWords } from '../../demo/html-words.js';
import { withDemo } from './support.js';

const CHAPTERS = ['guesses', 'remembers', 'learns', 'forgets', 'yours', 'workbench'];

test('the arrow keys lead from chapter to chapter, whose headings land at the top and have the focus', async () => {
  await withDemo('autostart=0', async ({ page }) => {
    await page.setViewport({ width: 1280, height: 800 });
    const untilAt = (id: string): Promise<unknown> =>
      page.waitForFunction(
        `document.activeElement.id === '${id}-title' && location.hash === '#${id}' && ` +
          `Math.abs(document.activeElement.getBoundingClientRect().top) <= 8 && ` +
          `document.querySelector('#stepper [aria-current]').hash === '#${id}'`,
      );
    for (const id of CHAPTERS.slice(1, 4)) {
      await page.keyboard.press('ArrowRight');
      await untilAt(id);
    }
    await page.keyboard.press('ArrowLeft');
    await untilAt('learns');
    // Where a key has another use, it keeps it.
    await page.focus('#prime');
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate('location.hash')).toBe('#learns');
    await page.click('#stepper a[href="#yours"]');
    await untilAt('yours');
    // One sentence, one thing to do and one question in each, and nothing lost on the way.
    for (const id of CHAPTERS.slice(0, 5))
      for (const part of ['.lead', '.todo', '.what-if'])
        expect(await page.$$(`#${id} > ${part}, #${id} > .tries > ${part}`), `${id} ${part}`).toHaveLength(1);
    expect(await page.$$('#workbench :is(#settings, #kept, #progress-figures, #check-start)')).toHaveLength(
      4,
    );
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    // What is seen comes before what is set, kept, counted and checked.
    const tops = async (selector: string): Promise<number[]> =>
      page.$$eval(selector, (all) => all.map((one) => one.getBoundingClientRect().top + scrollY));
    const panels = await tops('#guesses .panel, #inside, #scene, #compare, #yours');
    expect(panels).toHaveLength(3 + 4);
    for (const top of await tops('#settings, #kept, #progress-figures, #check-start'))
      expect(top).toBeGreaterThan(Math.max(...panels));
    // On a phone chapters land as well.
    await page.setViewport({ width: 360, height: 740 });
    for (const id of ['forgets', 'workbench', 'remembers']) {
      await page.click(`#stepper a[href="#${id}"]`);
      await untilAt(id);
    }
  });
});

test('who comes to a chapter sees its figure, and what begins there rests when they go on', async () => {
  await withDemo('backend=cpu&hidden=8&time=10&untilLearned=0', async (demo) => {
    const { page } = demo;
    const go = (id: string): Promise<void> => demo.click(`#stepper a[href="#${id}"]`);
    const opened = (id: string): Promise<boolean> =>
      page.$eval(`#${id}`, (details) => (details as HTMLDetailsElement).open);
    await demo.untilItTrains();
    expect([await opened('inside-details'), await opened('compare-details')]).toEqual([false, false]);
    await go('remembers');
    await page.waitForSelector('#inside-cells .cell');
    await go('forgets');
    await page.waitForFunction(
      `document.querySelector('#compare-status')?.dataset.status === 'running' && ` +
        `document.querySelector('#compare-problems td') !== null`,
    );
    expect(await demo.state()).toMatchObject({ status: 'paused' });
    expect(await page.evaluate('location.hash')).toBe('#forgets');
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction(`document.querySelector('#compare-status').dataset.status === 'paused'`);
    await demo.untilItTrains();
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(`document.querySelector('#compare-status').dataset.status === 'running'`);
    // Whom it is not to begin for, it waits for.
    await page.goto(page.url().replace(/\?.*/, '?autostart=0#forgets'));
    await page.waitForSelector('#start:not(:disabled)');
    expect(await opened('compare-details')).toBe(false);
  });
});

test('the text that the chapters speak is that of the browser or of the address, whole', async () => {
  expect(chooseLanguage('', ['fr-CH', 'zh-TW', 'en'])).toBe('zh');
  expect(chooseLanguage('?lang=en', ['zh'])).toBe('en');
  expect(chooseLanguage('?lang=xx', ['fr'])).toBe('en');
  await withDemo('autostart=0&lang=zh', async (demo) => {
    const { page } = demo;
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh');
    const shown = (await page.$$eval('[data-t]', (all) =>
      all.map((element) => [element.getAttribute('data-t'), element.textContent]),
    )) as [keyof typeof chinese, string][];
    expect(shown.length).toBeGreaterThan(200);
    for (const [key, text] of shown)
      if (key.startsWith('guesses') || key.startsWith('yours')) expect(text, key).toBe(chinese[key]);
    await demo.page.waitForFunction(
      `document.querySelector('#now-about').textContent.startsWith('第一课之前')`,
    );
    await page.select('#language', 'en');
    await page.waitForFunction(`document.documentElement.lang === 'en'`);
    expect(await page.evaluate('location.search')).toBe('?autostart=0&lang=en');
    expect(await demo.text('#guesses-title')).toBe('It guesses');
  });
});

test('every key of the page has a text, and every text a place', async () => {
  const read = (name: string): Promise<string> =>
    readFile(fileURLToPath(new URL(`../../demo/${name}`, import.meta.url)), 'utf8');
  const html = await read('index.html');
  const bodies = [await read('src/inside/body.html'), await read('src/compare/body.html')];
  const keyed = [html, ...bodies].join('').matchAll(/data-t(?:-[-a-z]+)?="([^"]*)"/g);
  const keys = new Set(Array.from(keyed, ([, key]) => key));
  // The field of this label is on the page of tasks.
  expect(Object.keys(english).filter((key) => !keys.has(key))).toEqual(['examples.label']);
  const written = withWords(html, english);
  expect(written).toMatch(/<h2 [^>]*id="guesses-title"[^>]*>It guesses</);
  expect(() => withWords('<p data-t="nowhere"></p>', english)).toThrow(
    'The page has the key "nowhere", which no text has.',
  );
  expect(withWords('<p data-t="x"></p><a data-t-aria-label="x" href="#"></a>', { x: 'a < "b"' })).toBe(
    '<p data-t="x">a &#60; &#34;b&#34;</p><a data-t-aria-label="x" aria-label="a &#60; &#34;b&#34;" href="#"></a>',
  );
});

test('a link for a class has the chapter alone and the seed, with the configuration', async () => {
  const place = {
    origin: 'https://x.org',
    pathname: '/p/',
    search: '?hidden=32&autostart=0',
    hash: '#scene',
  };
  expect(classAddress(place, 3, '7')).toBe(
    'https://x.org/p/?hidden=32&autostart=1&controls=none&chapter=3&seed=7',
  );
  expect(classAddress({ ...place, search: '', hash: '#compare?delay=9' }, 4, '0')).toMatch(
    /chapter=4&seed=0#compare\?delay=9$/,
  );
  await withDemo('controls=none&chapter=1&backend=cpu&hidden=16', async (demo) => {
    const { page } = demo;
    await page.waitForSelector('#now-strip .read');
    const seen = await page.$$eval('main > section', (all) =>
      all.filter((section) => section.checkVisibility()).map(({ id }) => id),
    );
    expect(seen).toEqual(['guesses']);
    expect(
      await page.$$eval('button, select, input', (all) => all.filter((one) => one.checkVisibility()).length),
    ).toBe(0);
    await demo.untilItTrains();
  });
});

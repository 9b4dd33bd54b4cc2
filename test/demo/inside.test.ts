import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { PATIENCE } from '../support/patience.js';
import { SMALL, withDemo, type Demo } from './support.js';
import { visit } from './visit.js';

/**
 * Opens the section and waits until the text is there, all of it, and coloured. A slow machine draws a
 * few cells at a time.
 */
async function openInside(demo: Demo): Promise<void> {
  await demo.click('#inside summary');
  await demo.see('#inside-details', '#inside-cells .cell');
  await demo.page.waitForFunction(
    `(() => { const cells = [...document.querySelectorAll('#inside-cells .cell')]; return cells.length ` +
      `> 20 && cells.length === Array.from(document.querySelector('#inside-text').value).length && ` +
      `cells.at(-1).style.getPropertyValue('--level') !== ''; })()`,
  );
}

/** The step whose weights are shown. */
async function stepShown(demo: Demo): Promise<number> {
  return Number(/at step ([\d,]+)/.exec(await demo.text('#inside-coloured'))?.[1].replaceAll(',', ''));
}

/** The colours of all characters. */
function colours({ page }: Demo): Promise<string[]> {
  return page.$$eval('#inside-cells .cell', (cells) =>
    cells.map((cell) => getComputedStyle(cell).backgroundColor),
  );
}

test('the section shows nothing before it is opened, then follows the training, and rests when it is closed', async () => {
  await withDemo(`${SMALL}&cell=lstm`, async (demo) => {
    const { page } = demo;
    await demo.until('state.step > 5');
    expect(await page.$$('#inside-cells .cell')).toHaveLength(0);
    await openInside(demo);
    expect(await demo.text('#inside-coloured')).toMatch(
      /^Colour: how surprised it is by each letter at step [\d,]+\. On average \d/,
    );
    const first = await stepShown(demo);
    await page.waitForFunction(
      'Number(/at step ' +
        `([\\d,]+)/.exec(document.querySelector('#inside-coloured').textContent)[1].replaceAll(',', '')) ` +
        `> ${first}`,
    );
    expect(await page.$eval('#inside-gates', (block) => (block as HTMLElement).checkVisibility())).toBe(true);
    expect(await page.$$eval('#inside-gate-names li', (names) => names.length)).toBe(6);
    expect(await page.$$('#inside-flow canvas')).toHaveLength(1);
    expect(await demo.text('#inside-flow-words')).toMatch(
      /^Through its cell c: it (reaches back|vanishes): /,
    );
    await demo.click('#inside summary');
    const { step } = await demo.pause(); // after a look that was under way
    const rested = await page.$eval('#inside-coloured', ({ textContent }) => textContent);
    await demo.click('#toggle');
    await page.$eval('#inside summary', (summary) => summary.scrollIntoView()); // out of sight it would rest anyway
    const end = ((await page.evaluate('performance.now()')) as number) + 2000; // time for several looks
    await demo.until(`performance.now() > ${end} && state.step > ${step + 20}`);
    expect(await page.$eval('#inside-coloured', ({ textContent }) => textContent)).toBe(rested);
  });
});

describe('over a text at rest', () => {
  const demo = visit<Demo>((use) =>
    withDemo(`${SMALL}&cell=gru&backend=cpu`, async (opened) => {
      await opened.until('state.step > 5');
      await opened.pause();
      await openInside(opened);
      await use(opened);
    }),
  );

  test('pointing at a unit colours the text by it, and a click keeps it', async () => {
    const { page } = demo();
    const before = [await demo().text('#inside-coloured'), await colours(demo())];
    const names = await page.$$eval('#inside-units .who', (all) => all.map(({ textContent }) => textContent));
    const other = names.length - 1;
    expect(other).toBeGreaterThan(0);
    const row = `#inside-units li:nth-child(${other + 1}) button`;
    await page.hover(row);
    await page.waitForFunction(
      `document.querySelector('#inside-coloured').textContent.includes(${JSON.stringify(`${names[other]} `)})`,
    );
    await page.waitForFunction(
      `JSON.stringify([...document.querySelectorAll('#inside-cells .cell')].map((cell) => ` +
        `getComputedStyle(cell).backgroundColor)) !== ${JSON.stringify(JSON.stringify(before[1]))}`,
    );
    await page.hover('#inside summary'); // away from the units, but not so far that the section rests, out of sight
    await page.waitForFunction(
      `document.querySelector('#inside-coloured').textContent === ${JSON.stringify(before[0])}`,
    );
    await demo().click(row);
    await page.hover('#inside summary');
    await page.waitForFunction(
      `document.querySelector(${JSON.stringify(row)}).getAttribute('aria-pressed') === 'true'`,
    );
    expect(await demo().text('#inside-coloured')).toContain(names[other]);
  });

  test('words stay whole: a line ends at a blank', async () => {
    const { page } = demo();
    // Words stay whole: a line ends at a blank.
    const broken = await page.$$eval('#inside-cells .cell', (cells) =>
      cells.flatMap((cell, i) => {
        const next = cells[i + 1] as HTMLElement | undefined;
        const letters = [cell, next].every((one) => /^\p{L}$/u.test(one?.textContent ?? ''));
        return letters && next && next.offsetTop !== (cell as HTMLElement).offsetTop ? [i] : [];
      }),
    );
    expect(broken).toEqual([]);
  });

  test('a text is set as running text: narrow letters, line ends on their lines, within a window’s height', async () => {
    const { page } = demo();
    // Running text: letters as wide as in any text, a line end on the line that it ends, and all of it
    // within a window's height.
    const { width, height, alone } = await page.$eval('#inside-cells', (box) => {
      const cells = [...box.querySelectorAll<HTMLElement>('.cell')];
      const letters = cells.filter((cell) => /^\p{Ll}$/u.test(cell.textContent));
      return {
        width: letters.reduce((sum, cell) => sum + cell.offsetWidth, 0) / letters.length,
        height: box.scrollHeight,
        alone: cells.filter((cell, i) => {
          const before = cells[i - 1] as HTMLElement | undefined;
          const ends = cell.textContent.startsWith('↵') && !before?.textContent.startsWith('↵');
          return ends && before && cell.offsetTop > before.offsetTop + before.offsetHeight / 2;
        }).length,
      };
    });
    expect(width).toBeLessThan(12);
    expect(height).toBeLessThan(800);
    expect(alone).toBe(0);
  });

  test('a character tells its numbers and five guesses with the focus', async () => {
    const { page } = demo();
    await page.focus('#inside-cells .cell');
    expect(await demo().text('#inside-readout')).toMatch(
      /: unit \d+ is −?\d\.\d\d \(r \d\.\d\d, z \d\.\d\d, n −?\d\.\d\d\)\. Expected next: /,
    );
    await page.keyboard.press('ArrowRight');
    const [focused, description] = (await page.evaluate(
      '[document.activeElement.dataset.position, document.activeElement.getAttribute("aria-description")]',
    )) as string[];
    expect(focused).toBe('1');
    expect(description).toBe(await demo().text('#inside-readout'));
    expect(await demo().text('#inside-guess-head')).toMatch(/^After .+ comes .+\. It expected:$/);
    const shares = await page.$$eval('#inside-guess-list button span:last-child', (all) =>
      all.map(({ textContent }) => parseFloat(textContent)),
    );
    expect(shares).toHaveLength(5);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  });

  test('the gates of all letters are in sight, and the chosen letter is marked among them', async () => {
    const { page } = demo();
    // The gates of all letters are in sight, and the chosen letter is marked among them.
    expect(
      await page.$eval('.gate-scroll', ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    ).toBe(0);
    const gates = await page.$eval('#inside-gate-map', (canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await page.keyboard.press('End');
    await page.waitForFunction(
      `document.querySelector('#inside-gate-map').toDataURL() !== ${JSON.stringify(gates)}`,
    );
  });
});

describe('over a text of the visitor with HTML in it', () => {
  const demo = visit<Demo>((use) =>
    withDemo(`${SMALL}&backend=cpu`, async (opened) => {
      await opened.until('state.step > 5');
      await opened.pause();
      await openInside(opened);
      await use(opened);
    }),
  );

  test('it is read letter by letter as a text, and what was never seen is named', async () => {
    const { page } = demo();
    const text = 'The 漢 <img src=x onerror=alert(1)> night';
    await demo().fill('#inside-text', text);
    await page.waitForFunction(`document.querySelectorAll('#inside-cells .cell').length === ${text.length}`);
    expect(await page.$$('#inside-cells img')).toHaveLength(0);
    expect(await demo().text('#inside-text-hint')).toMatch(
      /^Your own text\. The network has never seen .*漢/,
    );
  });

  test('a click on a letter shows what its prediction depends on: nothing after it', async () => {
    const { page } = demo();
    await demo().click('#inside-cells .cell[data-position="8"]');
    await page.waitForSelector('#inside-cells.connected [data-position="8"][aria-selected="true"]');
    await page.waitForFunction(
      `/^.+ after .+: the stronger the colour of a letter, .* over the last /.test(document.querySelector('#inside-coloured').textContent)`,
    );
    const reaches = (): Promise<number[]> =>
      page.$$eval('#inside-cells[data-colouring="reach"] .cell', (all) =>
        all.map((cell) => Number((cell as HTMLElement).style.getPropertyValue('--level'))),
      );
    // Drawn a few cells at a time: in the end nothing after the letter counts.
    await expect
      .poll(async () => (await reaches()).slice(9).every((level) => level === 0), { timeout: PATIENCE })
      .toBe(true);
    expect(Math.max(...(await reaches()))).toBe(100);
  });

  test('a digit key chooses another of the guesses', async () => {
    const { page } = demo();
    const second = await page.$eval('#inside-guess-list li:nth-child(2) b', ({ textContent }) => textContent);
    await page.keyboard.press('2');
    await page.waitForFunction(
      `document.querySelector('#inside-coloured').textContent.includes(${JSON.stringify(second === '␣' ? 'Space' : second === '↵' ? 'Line end' : second === '"' ? 'Quotation mark' : `“${second}”`)})`,
    );
  });

  test('axe finds nothing, light and dark', async () => {
    const { page } = demo();
    for (const scheme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.evaluate(axe.source);
      expect(
        await page.evaluate(
          `axe.run('#inside', { resultTypes: ['violations'] }).then(({ violations }) => ` +
            `violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
        ),
      ).toEqual([]);
    }
  });

  test('Escape leaves the prediction', async () => {
    const { page } = demo();
    await page.focus('#inside-cells [data-position="8"]');
    await page.keyboard.press('Escape');
    await page.waitForFunction(`!document.querySelector('#inside-cells').classList.contains('connected')`);
  });

  test('an empty text is refused in a sentence', async () => {
    const { page } = demo();
    await demo().fill('#inside-text', '');
    await page.waitForFunction(
      `document.querySelector('#inside-fault').textContent.includes('the text is empty')`,
    );
  });
});

test('the text stands before the map of all units, and the row of the map that has a frame is named', async () => {
  await withDemo(`${SMALL}&backend=cpu`, async (demo) => {
    await demo.until('state.step > 5');
    await demo.pause();
    await openInside(demo);
    const top = (selector: string): Promise<number> =>
      demo.page.$eval(selector, (element) => element.getBoundingClientRect().top);
    const tops = [
      await top('#inside-cells'),
      await top('#inside-map'),
      await top('#inside-drawing'),
      await top('#inside-flow'),
    ];
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    const named = /^In the frame: (unit \d+), number \d+ of \d+ from the slowest to the fastest\.$/;
    expect(await demo.text('#inside-map-chosen')).toMatch(named);
  });
});

test('another text drops the letter that was chosen in the one before', async () => {
  await withDemo(`${SMALL}&backend=cpu`, async (demo) => {
    const { page } = demo;
    await demo.until('state.step > 5');
    await demo.pause();
    await openInside(demo);
    await demo.click('#inside-cells .cell[data-position="8"]');
    await page.waitForSelector('#inside-cells.connected');
    await demo.fill('#inside-text', '漢 night');
    await page.waitForFunction(`document.querySelectorAll('#inside-cells .cell').length === 7`);
    expect(await page.$('#inside-cells.connected')).toBeNull();
    expect(await demo.text('#inside-go-on')).toBe('Choose a letter to write on from it');
    // A text that only becomes shorter has not lost the choice, but the letter.
    await demo.click('#inside-cells .cell[data-position="6"]');
    await page.waitForSelector('#inside-cells.connected');
    await demo.fill('#inside-text', '漢 ni');
    await page.waitForFunction(`document.querySelectorAll('#inside-cells .cell').length === 4`);
    expect(await demo.text('#inside-go-on')).toBe('Choose a letter to write on from it');
    expect(await page.$eval('#inside-go-on', (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  });
});

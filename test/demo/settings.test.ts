import { describe, expect, test } from 'vitest';
import { figure } from '../../demo/src/page/format.js';
import { SMALL, withDemo, type Demo } from './support.js';
import { visit } from './visit.js';

/** Waits until the element's text matches. */
async function untilText(demo: Demo, selector: string, pattern: RegExp): Promise<string> {
  await demo.page.waitForFunction(
    'new ' +
      `RegExp(${JSON.stringify(pattern.source)}).test(document.querySelector(${JSON.stringify(selector)})?.textContent ` +
      `?? '')`,
  );
  return demo.text(selector);
}

/**
 * Waits until the main figures say what the chart says of its smoothed curve, which is drawn with
 * the next frame.
 */
async function untilFigureAndCurveAgree(demo: Demo, figure: 'smooth' | 'perplexity'): Promise<void> {
  const agree = (id: string): boolean =>
    document
      .querySelector('#chart')
      ?.getAttribute('aria-label')
      ?.includes(`training ${document.querySelector(`#figure-${id}`)?.textContent},`) === true;
  await demo.page.waitForFunction(agree, {}, figure);
}

function value(demo: Demo, selector: string): Promise<string> {
  return demo.page.$eval(selector, (field) => (field as HTMLInputElement).value);
}

describe('the form, before the start and after it', () => {
  const demo = visit<Demo>((use) => withDemo('autostart=0', use));
  /** Of two layers of 8 LSTM units and the output over 52 characters. */
  const parameters = (4 * 8 * (52 + 8 + 2) + 4 * 8 * (8 + 8 + 2) + 52 * 8 + 52).toLocaleString('en');

  test('a recipe fills the form', async () => {
    await demo().page.select('#preset', 'char-rnn');
    expect(
      await Promise.all(
        ['#cell', '#layers', '#hidden', '#optimizer', '#schedule', '#clipValue', '#validation'].map((field) =>
          value(demo(), field),
        ),
      ),
    ).toEqual(['lstm', '2', '128', 'rmsprop', 'step', '5', '0.05']);
  });

  test('before the start the form tells what the training would be', async () => {
    await demo().see('#start', '#estimate dl');
    await untilText(demo(), '#estimate', /parameters for each character/);
    await demo().fill('#hidden', '8');
    await demo().fill('#batch', '2');
    await demo().fill('#time', '6');
    await untilText(demo(), '#estimate-parameters', new RegExp(`^${parameters}$`));
    expect(await demo().text('#estimate-text')).toBe('43,202, 52 different');
    expect(await demo().text('#estimate-memory')).toMatch(/^[\d.]+ KiB$/);
  });

  test('the training is what was told, and its plan is that of the device', async () => {
    expect(await demo().page.$$('#begun[hidden]')).toHaveLength(1);
    await demo().click('#start');
    await demo().untilItTrains();
    // What it does is seen elsewhere: the way there stands beside the button.
    await demo().page.waitForSelector('#begun:not([hidden])');
    expect(await demo().text('#figure-parameters')).toBe(parameters);
    // The device is open by now: the plan is that of its own kind.
    await demo().fill('#rate', '0.003');
    const { dispatchesPerStep } = await demo().state();
    await untilText(demo(), '#estimate-dispatches', new RegExp(`^${dispatchesPerStep}, for 12 characters$`));
  });

  test('a wrong entry is told at its field', async () => {
    await demo().fill('#layers', 'two');
    await demo().page.waitForSelector('#layers-error');
    expect(await demo().text('#layers-error')).toBe(
      '“two” does not fit: it needs a whole number from 1 to 1024.',
    );
    await demo().fill('#layers', '1');
    await demo().fill('#dropout', '0.5');
    await demo().page.waitForSelector('#dropout-error');
    expect(await demo().text('#dropout-error')).toMatch(
      /^“0\.5” does not fit: it needs 0 with one layer, .* 2 under “Layers”/,
    );
    await demo().fill('#dropout', '0');
    await demo().fill('#clipNorm', '-1');
    await demo().page.waitForSelector('#clipNorm-error');
    await demo().fill('#clipNorm', '');
  });

  test('fields of a schedule come with it, and the rate comes down to its floor', async () => {
    expect(await demo().page.$('#rateFloor:not([hidden] *)')).toBeNull();
    await demo().page.select('#schedule', 'cosine');
    expect(await demo().page.$('#rateFloor:not([hidden] *)')).not.toBeNull();
    await demo().click('#start');
    await demo().page.waitForSelector('#steps-error');
    expect(await demo().text('#steps-error')).toBe('This is empty: it needs a whole number of at least 2.');
    await demo().fill('#steps', '40');
    await demo().fill('#warmup', '4');
    await demo().click('#start');
    await demo().until(`state.status === 'done'`);
    expect(await demo().text('#figure-rate')).toBe('3.00e-4'); // half a cosine has come down to its floor, a tenth
  });
});

/** A small network whose samples come at their usual steps. */
const USUAL_SAMPLES = 'hidden=16&time=10&length=40&autostart=0';

test('samples are written after 10, 20, 50 and 100 steps, and the strip shows them side by side', async () => {
  await withDemo(USUAL_SAMPLES, async (demo) => {
    // A fast machine soon has more samples than the strip has places.
    const cards = await demo.watch('#strip li b', '#strip');
    await demo.click('#start');
    await demo.until('samples.length >= 4');
    expect((await demo.samples()).slice(0, 4).map(({ step }) => step)).toEqual([10, 20, 50, 100]);
    expect((await cards()).slice(0, 3)).toEqual(['step 10', 'step 10, step 20', 'step 10, step 20, step 50']);
  });
});

test('length and temperature that are chosen while it trains apply from the next sample on', async () => {
  await withDemo(USUAL_SAMPLES, async (demo) => {
    await demo.click('#start');
    await demo.until('samples.length >= 2');
    await demo.fill('#temperature', '0.35');
    await demo.fill('#length', '7');
    await demo.until(
      `state.status === 'running' && samples.some(({ text }) => Array.from(text).length === 7)`,
    );
    const written = await demo.page.$$eval('#samples li', (items) =>
      items.map((item) =>
        ['.sample-head', '.sample'].map((part) => item.querySelector(part)?.textContent ?? ''),
      ),
    );
    const [short, long] = [
      written.filter(([, text]) => Array.from(text).length === 7),
      written.filter(([, text]) => Array.from(text).length === 40),
    ];
    expect(short.length + long.length).toBe(written.length);
    for (const [head] of short) expect(head).toMatch(/^step [\d,]+ · wildness 0\.35$/);
    for (const step of [10, 20]) expect(long.map(([head]) => head)).toContain(`step ${step} · wildness 0.7`);
  });
});

test('chart, figures and the line of words have the same loss, in bits and as perplexity', async () => {
  await withDemo(USUAL_SAMPLES, async (demo) => {
    await demo.click('#start');
    const state = await demo.until('state.step > 100');
    console.log(`The curves are those of ${state.adapter}.`);
    await untilText(demo, '#figure-held', /^[\d.]+$/);
    await demo.pause();
    const label = (): Promise<string | null> =>
      demo.page.$eval('#chart', (chart) => chart.getAttribute('aria-label'));
    await demo.page.waitForFunction(
      `/never seen/.test(document.querySelector('#chart').getAttribute('aria-label'))`,
    );
    expect(await label()).toMatch(
      /^Surprise over steps, in bits a letter, at step [\d,]+: training [\d.]+, text it has never seen [\d.]+, one who knows nothing 5\.7$/,
    );
    await untilFigureAndCurveAgree(demo, 'smooth');
    const [bits, perplexity] = [await demo.text('#figure-smooth'), await demo.text('#figure-perplexity')];
    expect(Number(perplexity)).toBeCloseTo(2 ** Number(bits), 1);
    // The line of words comes every two seconds. It has the same loss once it is about the last step.
    const said =
      `(document.querySelector('#outlook').textContent.match(/\\d+\\.\\d\\d/g) ?? []).some((number) => ` +
      `Math.abs(number - ${bits}) < 0.006)`;
    await demo.page.waitForFunction(
      `/has just begun/.test(document.querySelector('#outlook').textContent) || ${said}`,
    );
    expect(await demo.text('#outlook')).toMatch(/\.$/);
    expect(await demo.text('#figure-average')).toBe(figure((await demo.state()).smoothLoss));
    const key = await demo.page.$eval(
      '.key.validation',
      (element) => getComputedStyle(element, '::before').backgroundImage,
    );
    expect(key).toMatch(/^radial-gradient.*linear-gradient/); // a line with points, as in the chart
    await demo.page.select('#chart-unit', 'perplexity');
    await demo.page.waitForFunction(
      `/wavers/.test(document.querySelector('#chart').getAttribute('aria-label'))`,
    );
    expect(await label()).toMatch(/one who knows nothing 52$/);
    await untilFigureAndCurveAgree(demo, 'perplexity');
    expect(await demo.text('#figure-smooth')).toBe(bits); // the unit of the figure stays
    expect(await demo.text('#figure-perplexity')).toBe(perplexity);
  });
});

test('the share of clipped steps is shown, and the norms are drawn when they are unfolded', async () => {
  await withDemo(`${USUAL_SAMPLES}&clipNorm=0.001`, async (demo) => {
    await demo.click('#start');
    await demo.until('state.step > 10');
    await demo.pause();
    expect(await demo.page.$eval('#clips', (clips) => clips.textContent)).toBe(
      '100 % of the steps were held in check, clipped to norm 0.001.',
    );
    await demo.click('#norms summary');
    await demo.page.waitForSelector('#norm-chart canvas');
  });
});

test('the one likeliest is what argmax writes; a wrong number of likeliest is shown at its field', async () => {
  await withDemo(`${SMALL}&autostart=0`, async (demo) => {
    await demo.click('#start');
    await demo.until('state.step > 10');
    await demo.pause();
    const before = (await demo.samples()).length;
    expect(await demo.page.$('#topK:not([hidden] *)')).toBeNull();
    await demo.page.select('#draw', 'top-k');
    await demo.fill('#topK', '0');
    await demo.click('#sample-now');
    await demo.page.waitForSelector('#topK-error');
    await demo.fill('#topK', '1');
    await demo.click('#sample-now');
    await demo.until(`samples.length === ${before + 1}`);
    expect(await demo.text('#samples li:first-child .sample-head')).toMatch(/among the 1 likeliest$/);
    await demo.page.select('#draw', 'argmax');
    await demo.click('#sample-now');
    await demo.until(`samples.length === ${before + 2}`);
    expect(await demo.text('#samples li:first-child .sample-head')).toMatch(/always the likeliest$/);
    const [likeliest, argmax] = (await demo.samples()).slice(before);
    expect(argmax.text).toBe(likeliest.text);
  });
});

test('characters of the prime that the network has never seen are named and marked', async () => {
  await withDemo(`${SMALL}&autostart=0`, async (demo) => {
    await demo.click('#start');
    await demo.until('state.step > 10');
    await demo.pause();
    const before = (await demo.samples()).length;
    await demo.fill('#prime', 'The 漢');
    expect(await demo.text('#prime-hint')).toBe('“漢” does not occur in the text: read as unknown.');
    await demo.click('#sample-now');
    await demo.until(`samples.length === ${before + 1}`);
    expect(
      await demo.page.$$eval('#samples li:first-child mark.unseen', (marks) =>
        marks.map((mark) => mark.textContent),
      ),
    ).toEqual(['漢']);
  });
});

test('a long sample is shown while it is written', async () => {
  // No other sample comes in between.
  await withDemo(SMALL.replace('sampleEvery=20', 'sampleEvery=0') + '&autostart=0', async (demo) => {
    await demo.click('#start');
    await demo.until('state.step > 10');
    await demo.pause();
    const before = (await demo.samples()).length;
    // A sample is shown a few times a second, and a fast machine may write it in less: by this
    // clock every piece takes long enough.
    await demo.inWorker(
      '{ const now = performance.now.bind(performance); let ahead = 0; performance.now = () => now() + ' +
        '(ahead += 100); }',
    );
    await demo.page.evaluate(() => {
      const lengths: number[] = [];
      new MutationObserver(() =>
        lengths.push(document.querySelector('#writing .sample')?.textContent.length ?? 0),
      ).observe(document.querySelector('#writing') as Element, {
        childList: true,
      });
      Object.assign(window, { lengths });
    });
    await demo.fill('#length', '2500');
    await demo.click('#sample-now');
    await demo.until(`samples.length === ${before + 1}`);
    const lengths = (await demo.page.evaluate('window.lengths')) as number[];
    const grown = lengths.filter((length) => length > 0);
    expect(grown.length).toBeGreaterThan(0);
    expect(grown).toEqual([...grown].sort((a, b) => a - b));
    expect(Array.from((await demo.samples())[before].text)).toHaveLength(2500);
    expect(await demo.text('#writing')).toBe('');
  });
});

test(
  'a file of many megabytes is read while the page goes on drawing, and its estimate needs only its ' +
    'beginning',
  async () => {
    await withDemo(`${SMALL}&autostart=0&backend=cpu`, async (demo) => {
      await demo.page.evaluate(() => {
        const piece = 'the mill on the hill and the bridge over the river. '.repeat(20_000);
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(
          new File(
            Array.from({ length: 40 }, () => piece),
            'large.txt',
          ),
        );
        for (const type of ['dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      });
      await demo.see('#start', '#estimate dl');
      await untilText(demo, '#estimate-text', /^at most 39,520,000, \d+ different$/);
      const said = await demo.watch('#status');
      // The reader gets no piece of the file before the page has drawn another frame. If the page
      // waited for the reading, neither would end.
      await demo.page.evaluate(() => {
        const channel = new BroadcastChannel('frames');
        const status = document.querySelector('#status') as HTMLElement;
        let frames = 0;
        const look = (): void => {
          if (status.dataset.status === 'loading') frames++;
          Object.assign(window, { frames });
          channel.postMessage(frames);
          requestAnimationFrame(look);
        };
        look();
      });
      await demo.inWorker(`
        const channel = new BroadcastChannel('frames');
        const read = Blob.prototype.arrayBuffer;
        Blob.prototype.arrayBuffer = function () {
          return new Promise((resolve) => channel.addEventListener('message', resolve, { once: true }))
            .then(() => read.call(this));
        };`);
      await demo.click('#start');
      await demo.untilItTrains();
      expect(await said()).toEqual(['Reading large.txt, 39.7 MiB…', 'Training on your processor']);
      // The text is read twice, in pieces of 1 MiB.
      expect(await demo.page.evaluate('window.frames')).toBeGreaterThan(40);
      expect(await demo.text('#text-facts')).toContain('large.txt: 41,600,000 characters');
    });
  },
);

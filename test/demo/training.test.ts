import { expect, test } from 'vitest';
import { bundledTexts } from '../../src/graph.js';
import { SMALL, withDemo, withPreparedDemo, type Demo } from './support.js';

test(
  'trains by itself: the loss falls below that of guessing, samples appear, and the figures are on the ' +
    'screen',
  async () => {
    await withDemo('hidden=32&sampleEvery=50&backend=webgpu', async (demo) => {
      const state = await demo.until('state.smoothLoss < 0.97 * state.baseline && samples.length >= 3');
      console.log(`The training page runs on ${state.adapter}.`);
      expect(state).toMatchObject({ status: 'running' });
      expect(state.baseline).toBeCloseTo(Math.log(52), 6);
      expect(state.dispatchesPerStep).toBeLessThanOrEqual(2 * 24 + 15);
      const samples = await demo.samples();
      expect(samples.slice(0, 3).map(({ step }) => step)).toEqual([50, 100, 150]);
      expect(Array.from(samples[0].text)).toHaveLength(200);
      expect(await demo.text('#figure-adapter')).toBe(state.adapter);
      expect(await demo.text('#figure-dispatches')).toBe(String(state.dispatchesPerStep));
      expect(await demo.text('#figure-parameters')).toBe(
        (3 * 32 * (52 + 32 + 2) + 52 * 32 + 52).toLocaleString('en'),
      );
      for (const figure of ['loss', 'perplexity', 'bits', 'norm', 'steps', 'characters'])
        expect(await demo.text(`#figure-${figure}`)).toMatch(/^[\d,.]+(e[+-]\d+)?$/);
      await demo.see('#chart', '#chart canvas');
      const newest = await demo.text('#samples li:first-child .sample-head');
      expect(newest).toMatch(/^step [1-9]/);
    });
  },
);

/** Share of the words of a sample that occur in the text that the page starts with. */
function shareOfWords(sample: string, text: string): number {
  const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
  const known = new Set(wordsOf(text));
  const words = wordsOf(sample);
  return words.filter((word) => known.has(word)).length / words.length;
}

/** Pause, one step, on, back to the start. */
async function drive(demo: Demo): Promise<void> {
  await demo.until('state.step > 5');
  const paused = await demo.pause();
  const { length } = await demo.samples();
  await demo.click('#sample-now'); // answered after everything that was under way
  await demo.until(`samples.length > ${length}`);
  expect((await demo.state()).step).toBe(paused.step);
  await demo.click('#step');
  const stepped = await demo.until(`state.step !== ${paused.step}`);
  expect(stepped).toMatchObject({ step: paused.step + 1, status: 'paused' });
  await demo.click('#toggle');
  await demo.untilItTrains();
  await demo.click('#reset');
  const reset = await demo.until('state.step === 0');
  expect(reset).toMatchObject({ status: 'paused', smoothLoss: reset.baseline });
  expect(await demo.samples()).toEqual([]);
}

test(
  'on the GPU: pause, step, reset; prime and temperature; the rate changes in mid-run; a worker that ' +
    'breaks down is replaced',
  async () => {
    await withDemo(`${SMALL}&sampleEvery=0&backend=webgpu`, async (demo) => {
      await drive(demo);
      await demo.fill('#prime', 'The 漢');
      await demo.fill('#temperature', '0');
      await demo.click('#sample-now');
      await demo.until('samples.length === 1');
      await demo.click('#sample-now');
      await demo.until('samples.length === 2');
      const [first, second] = await demo.samples();
      expect(second.text).toBe(first.text); // nothing is left to chance
      expect(await demo.text('#samples li:first-child mark')).toBe('The 漢');
      expect(await demo.text('#samples li:first-child .message')).toContain('漢');
      await demo.fill('#temperature', 'hot');
      await demo.click('#sample-now');
      await demo.page.waitForSelector('#temperature-error');
      expect(await demo.text('#temperature-error')).toBe(
        '“hot” does not fit: it needs a finite number of at least 0.',
      );
      expect(await demo.samples()).toHaveLength(2);

      await demo.click('#toggle');
      await demo.untilItTrains();
      await demo.fill('#rate', '0.0625');
      await demo.page.waitForFunction(`document.querySelector('#figure-rate').textContent === '0.0625'`);
      await demo.fill('#rate', '-1');
      await demo.page.waitForSelector('#rate-error');
      expect(await demo.text('#rate-error')).toBe(
        '“-1” does not fit: it needs a number from 0 to 1,000,000.',
      );
      await demo.untilItTrains();
      expect(await demo.text('#figure-rate')).toBe('0.0625');

      await demo.fill('#temperature', '1');
      await demo.inWorker(`void setTimeout(() => { throw new Error('out of luck'); }, 0)`);
      await demo.until(`state.status === 'failed'`);
      expect(await demo.text('#fault')).toMatch(/The training stopped: .*out of luck/);
      await demo.click('#recover');
      await demo.untilItTrains();
    });
  },
);

test(
  'without WebGPU the page says so and trains on the CPU, by the same buttons; a last step ends the ' +
    'training, and by then it writes words',
  async () => {
    const removeWebGpu = (): void =>
      void Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });
    await withPreparedDemo(removeWebGpu, SMALL, async (demo) => {
      const state = await demo.untilItTrains();
      expect(state.adapter).toContain('CPU');
      expect(await demo.text('#notice')).toMatch(/lets no page use the GPU, so your processor computes/);
      expect(await demo.text('#figure-backend')).toBe('cpu');
      await demo.see('#check-title', '#check-result:not([hidden])');
      expect(await demo.text('#check-result')).toMatch(/no WebGPU.*no GPU to check/);
      expect(await demo.page.$$('#check-start:disabled')).toHaveLength(1);
      await drive(demo);
      await demo.fill('#steps', '310');
      await demo.fill('#length', '400');
      await demo.click('#start');
      expect(await demo.until(`state.status === 'done'`)).toMatchObject({ step: 310 });
      const samples = await demo.samples();
      expect(samples.map(({ step }) => step)).toEqual(Array.from({ length: 15 }, (_, i) => 20 * (i + 1)));
      expect(await demo.text('#status')).toBe('Done after 310 steps');
      // On the CPU the same seed writes the same samples: nothing of this is left to chance.
      const learned = await bundledTexts.english.text();
      const [first, last] = [samples[0], samples[14]].map(({ text }) => shareOfWords(text, learned));
      console.log(
        `Share of words that occur in the text: ${first.toFixed(2)} after 20 steps, ${last.toFixed(2)} ` +
          'after 300.',
      );
      expect(first).toBeLessThan(0.2);
      expect(last).toBeGreaterThan(0.4);
    });
  },
);

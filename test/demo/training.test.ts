import { expect, test } from 'vitest';
import { SMALL, withDemo, withPreparedDemo } from './support.js';

test('trains by itself: the loss falls below that of guessing, samples appear, and the figures are on the screen', async () => {
  await withDemo('hidden=32&sampleEvery=50', async (demo) => {
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
    expect(await demo.text('#figure-parameters')).toBe((3 * 32 * (52 + 32 + 2) + 52 * 32 + 52).toLocaleString('en'));
    for (const figure of ['loss', 'perplexity', 'bits', 'norm', 'steps', 'characters']) expect(await demo.text(`#figure-${figure}`)).toMatch(/^[\d,.]+(e[+-]\d+)?$/);
    expect(await demo.page.$$('#chart canvas')).toHaveLength(1);
    const newest = await demo.text('#samples li:first-child .sample-head');
    expect(newest).toMatch(/^step [1-9]/);
  });
});

test.each(['webgpu', 'cpu'])('on %s pause stops the count, one step adds one, continue goes on, reset goes back to the start', async (backend) => {
  await withDemo(`${SMALL}&backend=${backend}`, async (demo) => {
    await demo.until('state.step > 5');
    const paused = await demo.pause();
    await demo.click('#sample-now'); // answered after everything that was under way
    await demo.until('samples.length > 0');
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
    await demo.click('#toggle');
    await demo.untilItTrains();
  });
});

test('prime and temperature: temperature 0 gives the same text twice; a wrong temperature is said at its field', async () => {
  await withDemo(`sampleEvery=0&${SMALL}`, async (demo) => {
    await demo.until('state.step > 5');
    await demo.pause();
    await demo.fill('#prime', 'The 漢');
    await demo.fill('#temperature', '0');
    await demo.click('#sample-now');
    await demo.until('samples.length === 1');
    await demo.click('#sample-now');
    await demo.until('samples.length === 2');
    const [first, second] = await demo.samples();
    expect(second.text).toBe(first.text);
    expect(await demo.text('#samples li:first-child mark')).toBe('The 漢');
    expect(await demo.text('#samples li:first-child .message')).toContain('漢');
    await demo.fill('#temperature', 'hot');
    await demo.click('#sample-now');
    await demo.page.waitForSelector('#temperature-error');
    expect(await demo.text('#temperature-error')).toBe('temperature: expected a finite number of at least 0, got "hot".');
    expect(await demo.samples()).toHaveLength(2);
  });
});

test('the learning rate changes in mid-run, and a wrong one is said at its field', async () => {
  await withDemo(SMALL, async (demo) => {
    await demo.until('state.step > 5');
    await demo.fill('#rate', '0.0625');
    await demo.page.waitForFunction(`document.querySelector('#figure-rate').textContent === '0.0625'`);
    await demo.fill('#rate', '-1');
    await demo.page.waitForSelector('#rate-error');
    expect(await demo.text('#rate-error')).toMatch(/^adam\.rate: expected .*, got -1\.$/);
    await demo.untilItTrains();
    expect(await demo.text('#figure-rate')).toBe('0.0625');
  });
});

test('a last step ends the training', async () => {
  await withDemo(`${SMALL}&steps=30&backend=cpu`, async (demo) => {
    const state = await demo.until(`state.status === 'done'`);
    expect(state.step).toBe(30);
    expect((await demo.samples()).map(({ step }) => step)).toEqual([20]);
    expect(await demo.text('#status')).toBe('Done after 30 steps');
  });
});

test('without WebGPU the page says so and trains on the CPU', async () => {
  const removeWebGpu = (): void => void Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });
  await withPreparedDemo(removeWebGpu, SMALL, async (demo) => {
    const state = await demo.untilItTrains();
    expect(state.adapter).toContain('CPU');
    expect(await demo.text('#notice')).toMatch(/no WebGPU.*CPU/);
    expect(await demo.text('#figure-backend')).toBe('cpu');
  });
});

test('a worker that breaks down is replaced, and training restarts', async () => {
  await withDemo(SMALL, async (demo) => {
    await demo.until('state.step > 10');
    const [worker] = demo.page.workers();
    await worker.evaluate(`void setTimeout(() => { throw new Error('out of luck'); }, 0)`);
    await demo.until(`state.status === 'failed'`);
    expect(await demo.text('#fault')).toMatch(/The training stopped: .*out of luck/);
    await demo.click('#recover');
    await demo.untilItTrains();
  });
});

test('a recipe of one pointer trains several rows too', async () => {
  await withDemo(`${SMALL}&preset=min-char-rnn&batch=3`, async (demo) => {
    const { baseline } = await demo.untilItTrains();
    expect(baseline).toBeCloseTo(3 * 10 * Math.log(52), 6);
  });
});

import axe from 'axe-core';
import { expect, test } from 'vitest';
import { Comparison } from '../../demo/src/compare/comparison.js';
import { Curves, lossesByTime } from '../../demo/src/compare/curves.js';
import { figureRows } from '../../demo/src/compare/figures.js';
import { namesOf } from '../../demo/src/compare/names.js';
import { RunError } from '../../demo/src/compare/plan.js';
import {
  wayBack,
  type ComparisonEntries,
  type ComparisonFacts,
  type RunEntries,
} from '../../demo/src/compare/protocol.js';
import { fall, times, verdict } from '../../demo/src/compare/verdict.js';
import { readSweep } from '../../demo/src/sweep/record.js';
import { openDevice, type OptionError } from '../../src/index.js';
import { PATIENCE } from '../support/patience.js';
import { withDemo, withPreparedDemo, SMALL, type Demo } from './support.js';

const RNN: RunEntries = { cell: 'rnn', hidden: 6, layers: 1, rate: 0.01 };
const ENTRIES: ComparisonEntries = {
  data: 'copy-memory',
  symbols: 1,
  delay: 12,
  time: 8,
  batch: 4,
  seed: 3,
  weights: 'uniform',
  backend: 'cpu',
  runs: [RNN, { ...RNN, cell: 'lstm' }],
};
const FLAT = [1, 1, 1];

/** Curves of runs with a point every tenth step; the loss of a run is a function of the step. */
function curvesOf(steps: number, ...losses: ((step: number) => number)[]): Curves {
  const curves = new Curves(losses.length);
  for (let step = 10; step <= steps; step += 10)
    curves.add({
      step,
      steps: 10,
      runs: losses.map((loss, i) => ({ bits: loss(step), seconds: (i + 1) * step, skipped: 0 })),
    });
  return curves;
}

/** Says what is seen of runs A, B, … whose gradients arrive. */
function said(steps: number, ...losses: ((step: number) => number)[]): string {
  const runs = losses.map((_, i) => ({ name: 'ABC'[i], first: FLAT, flow: FLAT, skipped: 0 }));
  return verdict({ unit: 'symbol', baseline: 3, curves: curvesOf(steps, ...losses), runs, paused: true });
}

const noise = (step: number): number => 0.1 * Math.sin(step * 7.3);

test('the line of words: who is ahead by how much, none, too early, guessing, learned, and broken', () => {
  const words = said(
    400,
    (step) => 1.5 + noise(step),
    (step) => 1.2 - noise(step),
    () => 2.99,
  );
  const [, best, lead] =
    /^B wins after 400 steps: (\d\.\d\d) bits a symbol, (\d\.\d\d) less than A and 1\.\d\d less than C\. C is still guessing\. /.exec(
      words,
    ) ?? [];
  expect([Math.abs(Number(best) - 1.2) < 0.1, Math.abs(Number(lead) - 0.3) < 0.15]).toEqual([true, true]);
  // A difference within the noise is none.
  expect(
    said(
      400,
      (step) => 1.5 + noise(step),
      (step) => 1.52 - noise(step),
    ),
  ).toMatch(/^No difference that counts after 400 steps: [AB] 1\.\d\d and [AB] 1\.\d\d bits a symbol\./);
  expect(
    said(
      400,
      () => 1,
      () => 2,
      () => 1.01,
    ),
  ).toMatch(/^A and C win after 400 steps: 1\.00 bits a symbol, 1\.00 less than B\./);
  expect(
    said(
      20,
      () => 1,
      () => 2,
    ),
  ).toMatch(/^Too early to tell: 20 steps\./);
  expect(
    said(
      0,
      () => 1,
      () => 2,
    ),
  ).toMatch(/^Nothing has been learned yet/);
  expect(
    said(
      400,
      () => 3.02,
      () => 2.95,
    ),
  ).toMatch(/^None is better than guessing \(3\.00 bits a symbol\) after 400 steps/);
  const learned = (at: number) => (step: number) => (step < at ? 3 : 0.01);
  expect(said(2000, learned(600), learned(200))).toMatch(
    /^All have learned it\. Halfway to that came B at step 2\d\d and A at step 6\d\d\./,
  );
  const runs = ['A', 'B'].map((name, i) => ({ name, first: FLAT, flow: FLAT, skipped: i }));
  expect(
    verdict({
      unit: 'character',
      baseline: 3,
      curves: curvesOf(
        100,
        () => 1,
        () => NaN,
      ),
      runs,
      paused: false,
    }),
  ).toContain('Gradients of B were no finite numbers at times: lower “Learning rate”.');
});

test('a lead is a win only once it is clear and has lasted through the last half of the steps', () => {
  const learnedAt = (at: number) => (step: number) => (step < at ? 0.9 : 0.02);
  const never = (): number => 2.6;
  // The second learns it a hundred steps later: no win, and then all have learned it.
  expect(said(400, learnedAt(340), () => 0.9)).toMatch(
    /^A is ahead after 400 steps: 0\.\d\d bits a symbol, 0\.\d\d less than B\. Whether that lasts is still open\./,
  );
  expect(said(500, learnedAt(340), learnedAt(440))).not.toMatch(/win/);
  expect(said(720, learnedAt(340), () => 0.9)).toMatch(
    /^A wins after 720 steps: 0\.02 bits a symbol, 0\.88 less than B\./,
  );
  // A small lead is none that counts as a win, however long it lasts, and neither is an early one.
  expect(
    said(
      4000,
      () => 1,
      () => 1.06,
    ),
  ).toMatch(/^A is ahead after 4,000 steps/);
  expect(
    said(
      190,
      () => 1,
      () => 2,
    ),
  ).toMatch(/^A is ahead after 190 steps/);
  // Of three, two that are still changing places win together against the third.
  expect(said(400, learnedAt(340), () => 0.9, never)).toMatch(
    /^A and B win after 400 steps: 0\.90 bits a symbol or less, 1\.70 less than C\./,
  );
});

test('the line of words: a plateau of two symbols without their order is explained, and only that', () => {
  const course = (symbols: number, unit: string, ...bits: number[]): string =>
    verdict({
      unit,
      baseline: 3,
      symbols,
      curves: curvesOf(400, ...bits.map((one) => () => one)),
      runs: bits.map((_, i) => ({ name: 'ABC'[i], first: FLAT, flow: FLAT, skipped: 0 })),
      paused: false,
    });
  expect(course(2, 'symbol', 2.5, 0.93, 0.93)).toContain(
    'B and C know which two symbols it was, but not yet in which order: that costs 7/8 bit, and names 9 of ' +
      '16 rightly.',
  );
  expect(course(3, 'symbol', 2.5, 0.93, 0.93)).not.toContain('order');
  expect(course(2, 'symbol', 2.5, 0.4, 1.2)).not.toContain('order');
  expect(
    said(
      0,
      () => 1,
      () => 2,
    ),
  ).toMatch(/^Nothing has been learned yet: press “Continue”\./);
  const runs = ['A', 'B'].map((name) => ({ name, first: FLAT, flow: FLAT, skipped: 0 }));
  expect(verdict({ unit: 'symbol', baseline: 3, curves: new Curves(2), runs, paused: false })).toMatch(
    /^Nothing has been learned yet\. Untrained/,
  );
});

test('the line of words: what becomes of the gradients, untrained and now', () => {
  const flows = (curves: Curves, ...ends: [first: number[], flow: number[]][]): string =>
    verdict({
      unit: 'symbol',
      baseline: 3,
      curves,
      runs: ends.map(([first, flow], i) => ({ name: 'ABC'[i], first, flow, skipped: 0 })),
      paused: false,
    });
  const curves = curvesOf(
    100,
    () => 1,
    () => 1,
    () => 1,
  );
  const untrained = [1e-6, 1e-3, 0.4];
  expect(flows(curves, [untrained, FLAT], [[0, 0, 1], FLAT], [FLAT, FLAT])).toContain(
    'Untrained, the gradient of the last prediction, on its way back over 2 time steps, is lost in B, ' +
      'becomes 400,000 times smaller in A, and arrives in C; now it arrives in all.',
  );
  expect(
    flows(
      new Curves(2),
      [
        [50, 1, 1],
        [50, 1, 1],
      ],
      [FLAT, FLAT],
    ),
  ).toContain(
    'Untrained, the gradient of the last prediction, on its way back over 2 time steps, becomes 50 ' +
      'times larger in A, and arrives in B.',
  );
  expect(flows(curves, [FLAT, FLAT], [FLAT, FLAT], [FLAT, FLAT])).toContain(
    'Now as untrained, the gradient of the last prediction, on its way back over 2 time steps, arrives ' +
      'in all.',
  );
  expect([12, 940, 2400, 96_000, 3.4e5, 7e12].map(times)).toEqual([
    ...['10', '900', '2,000', '100,000', '300,000', 'more than 1,000,000,000'],
  ]);
});

test('an LSTM keeps through its cell what its state loses: figures and words are those of the cell', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const comparison = await Comparison.create({ ...ENTRIES, delay: 20 }, device);
  const first = await comparison.measure();
  const [rnn, lstm] = first.runs;
  expect(fall(lstm.flow)).toBeGreaterThan(30); // what was taken for all that comes back
  expect(fall(lstm.cellFlow ?? [])).toBeLessThan(10);
  expect(fall(rnn.flow)).toBeGreaterThan(1000);
  comparison.dispose();
  device.dispose();
  const runs = [rnn, lstm].map((run, i) => ({
    name: ['RNN', 'LSTM'][i],
    first: wayBack(run),
    flow: wayBack(run),
    cell: run.cellFlow !== undefined,
    skipped: 0,
  }));
  const words = verdict({ unit: 'symbol', baseline: 3, curves: new Curves(2), runs, paused: false });
  expect(words).toMatch(/becomes [\d,]+ times smaller in RNN, and arrives in LSTM \(through its cell\)\./);
});

test('the task itself is shown: problems that are never learned, and what each network recalls of them', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const easy = {
    ...ENTRIES,
    symbols: 2,
    delay: 3,
    batch: 32,
    runs: [RNN, { ...RNN, cell: 'gru', hidden: 24, rate: 0.02 }],
  };
  const comparison = await Comparison.create(easy, device);
  const { problems } = comparison.learnt;
  expect(problems).toHaveLength(3);
  for (const { reads, wanted } of problems) {
    expect(reads).toMatch(/^[a-h]{2}\.\.>\.\.$/);
    expect(wanted).toBe(reads.slice(0, 2));
  }
  const right = ({ runs }: { readonly runs: readonly { readonly answers?: readonly string[] }[] }): number =>
    problems.filter(({ wanted }, i) => runs[1].answers?.[i] === wanted).length;
  const untrained = await comparison.measure();
  for (const { answers = [] } of untrained.runs)
    expect(answers.map(({ length }) => length)).toEqual([2, 2, 2]);
  expect(right(untrained)).toBeLessThan(3);
  while (comparison.step < 500) await comparison.turn();
  expect(right(await comparison.measure())).toBe(3);
  comparison.dispose();
  await expect.poll(() => device.counts.buffers).toBe(0); // programs end in their own time
  device.dispose();
});

test('names tell runs apart; the table has a row for every figure', () => {
  expect(namesOf([RNN, { ...RNN, cell: 'lstm' }])).toEqual(['RNN', 'LSTM']);
  expect(namesOf([RNN, { ...RNN, hidden: 9 }, { ...RNN, hidden: 9, rate: 1 }])).toEqual([
    'RNN 6 rate 0.01',
    'RNN 9 rate 0.01',
    'RNN 9 rate 1',
  ]);
  expect(namesOf([RNN, { ...RNN, layers: 2 }])).toEqual(['RNN 1×6', 'RNN 2×6']);
  expect(namesOf([RNN, RNN])).toEqual(['RNN (1)', 'RNN (2)']);
  const first = { step: 0, runs: [{ flow: [1e-3, 2], accuracy: 0.1 }, { flow: [2, 2] }] };
  const facts: ComparisonFacts = {
    number: 1,
    adapter: 'A',
    backend: 'cpu',
    about: '',
    unit: 'symbol',
    writes: false,
    baseline: 3,
    time: 2,
    batch: 1,
    runs: [
      { parameters: 1234, dispatchesPerStep: 61 },
      { parameters: 9, dispatchesPerStep: 7 },
    ],
    problems: [],
    first,
  };
  const curves = curvesOf(
    200,
    (step) => (step < 100 ? 2 : 1),
    () => 2.5,
  );
  const measured = { step: 200, runs: [{ flow: [4, 1], accuracy: 0.5 }, { flow: [0, 1] }] };
  expect(
    Object.fromEntries(figureRows(facts, curves, measured).map(({ name, values }) => [name, values])),
  ).toMatchObject({
    Parameters: ['1,234', '9'],
    Steps: ['200', '200'],
    'Surprise now, bits a symbol': ['1', '2.5'],
    'Recalled, of new windows': ['50 %', '–'],
    'Gradient at the window’s start, untrained': ['1/2,000', '1×'],
    'Gradient at the window’s start, now': ['4×', 'none'],
    'Training time': ['200 s', '400 s'],
    'Steps per second': ['1', '0.5'],
    'Dispatches per step, on a GPU': ['61', '7'],
  });
});

test('curves: merged points keep means, steps and measurements; by time every run has its own points', () => {
  const curves = new Curves(2);
  for (let step = 1; step <= 4001; step++) {
    curves.add({
      step,
      steps: 1,
      runs: [2, step <= 2000 ? 1 : 3].map((bits, i) => ({ bits, seconds: step * (i + 1), skipped: 0 })),
    });
    if (step === 1500) curves.measured({ step, runs: [{ flow: [], accuracy: 0.25 }, { flow: [] }] });
  }
  const [even, rising] = curves.runs;
  expect(curves.step.length).toBeLessThanOrEqual(2001);
  expect(curves.step.at(-1)).toBe(4001);
  expect(new Set(even.bits)).toEqual(new Set([2]));
  expect([rising.bits[0], rising.bits.at(-1)]).toEqual([1, 3]);
  expect(even.accuracy.filter((accuracy) => accuracy !== null)).toEqual([0.25]);
  for (const column of [even, rising].flatMap((run): unknown[][] => Object.values(run) as unknown[][]))
    expect(column).toHaveLength(curves.step.length);
  expect(curves.recent(1)?.mean).toBe(3);
  const run = (seconds: number[], smooth: number[]) => ({ seconds, smooth, bits: smooth, accuracy: [] });
  expect(lossesByTime({ runs: [run([1, 2], [3, 2]), run([2, 5], [8, 7])] })).toEqual({
    x: [1, 2, 5],
    losses: [
      [3, 2, undefined],
      [undefined, 8, 7],
    ],
  });
});

test(
  'all runs take the same steps over the same windows; gradients of the last prediction, accuracy, ' +
    'samples',
  async () => {
    const device = await openDevice({ backend: 'cpu' });
    // The same network twice: its losses are the same at every turn, so seed and windows are.
    const twice = await Comparison.create(
      { ...ENTRIES, runs: [RNN, RNN, { ...RNN, cell: 'minlstm', layers: 2 }] },
      device,
    );
    const untrained = await twice.measure();
    expect(untrained.runs.map(({ flow }) => flow.length)).toEqual([14, 14, 14]);
    expect(untrained.runs[0].flow[0]).toBeLessThan(untrained.runs[0].flow[13]);
    expect(untrained.runs.map(({ cellFlow }) => cellFlow)).toEqual([undefined, undefined, undefined]);
    expect(untrained.runs[0].accuracy).toBeGreaterThanOrEqual(0);
    expect(twice.hasMoved).toBe(false);
    for (let turn = 0; turn < 3; turn++) {
      const { step, runs } = await twice.turn();
      expect(twice.trainers.map((trainer) => trainer.step)).toEqual([step, step, step]);
      expect(runs[0].bits).toBe(runs[1].bits);
      expect(runs[2].bits).not.toBe(runs[1].bits);
    }
    expect(twice.hasMoved).toBe(true);
    const [a, b] = (await twice.measure()).runs;
    expect(a).toEqual(b);
    twice.dispose();

    const text = await Comparison.create(
      { ...ENTRIES, data: 'dates', weights: 'orthogonal', runs: [RNN, { ...RNN, cell: 'mingru' }] },
      device,
    );
    expect(text.learnt.time).toBe(8);
    const { runs } = await text.measure();
    expect(runs.map(({ sample }) => Array.from(sample ?? '').length)).toEqual([160, 160]);
    expect(runs.map(({ accuracy }) => accuracy)).toEqual([undefined, undefined]);
    text.dispose();

    const wrong = (entries: Partial<ComparisonEntries>): Promise<unknown> =>
      Comparison.create({ ...ENTRIES, ...entries }, device).catch((error: unknown) => error);
    const ofRun = (await wrong({ runs: [RNN, { ...RNN, rate: '' }] })) as RunError;
    expect(ofRun).toBeInstanceOf(RunError);
    expect([ofRun.index, (ofRun.reason as OptionError).option]).toEqual([1, 'adam.rate']);
    expect(String(await wrong({ delay: -1 }))).toMatch(/delay: expected a whole number/);
    expect(String(await wrong({ batch: 'x' }))).toMatch(
      /batch: expected a whole number of at least 1, got "x"/,
    );
    expect(String(await wrong({ data: 'dates', time: 1e6 }))).toMatch(/too few/);
    expect(device.counts.buffers).toBe(0);
    device.dispose();
  },
);

const FIELDS = {
  symbols: '1',
  delay: '6',
  batch: '8',
  hidden1: '8',
  hidden2: '8',
  hidden3: '8',
};

/** Opens the section and fills in small networks. */
async function openCompare(demo: Demo, fields: Readonly<Record<string, string>> = FIELDS): Promise<void> {
  await demo.click('#compare-details > summary');
  await demo.page.waitForSelector('#compare-start:not(:disabled)');
  for (const [name, value] of Object.entries(fields)) await demo.fill(`#compare-${name}`, value);
}

async function untilStatus({ page }: Demo, status: string): Promise<void> {
  await page
    .waitForFunction(`document.querySelector('#compare-status')?.dataset.status === '${status}'`)
    .catch(async (error: unknown) => {
      throw new Error(
        `The comparison never was ${status}: ` +
          (await page.$eval('#compare', (section) => (section as HTMLElement).innerText)),
        { cause: error },
      );
    });
}

/** The values of a figure, one for each run. */
const FIGURE = (name: string): string =>
  `[...document.querySelectorAll('#compare-table tbody tr')].filter(({ cells: [{ textContent }] }) => ` +
  `textContent === '${name}' || textContent.startsWith('${name},')).flatMap((row) => ` +
  '[...row.cells].slice(1).map((cell) => cell.textContent))';

function figures({ page }: Demo, name: string): Promise<string[]> {
  return page.evaluate(FIGURE(name)) as Promise<string[]>;
}

/** Waits until all runs have taken so many steps. */
async function untilStep({ page }: Demo, step: number): Promise<void> {
  await page.waitForFunction(
    `(() => { const steps = ${FIGURE('Steps')}; return steps.length > 1 && steps.every((text) => ` +
      `Number(text.replace(',', '')) >= ${step}); })()`,
  );
}

/** A mark for what is drawn in a chart: its pixels. A chart is drawn once somebody comes near it. */
async function drawn({ page }: Demo, id: string): Promise<string> {
  await page.$eval(`#${id}`, (chart) => chart.scrollIntoView({ block: 'nearest' }));
  await page.waitForSelector(`#${id} canvas`);
  return page.$eval(`#${id} canvas`, (canvas) => canvas.toDataURL());
}

test('a wrong entry is shown as text at its field, and the training above continues', async () => {
  await withDemo(SMALL, async (demo) => {
    const { page } = demo;
    await openCompare(demo, { ...FIELDS, rate2: '<img src=x onerror=alert(1)>' });
    await demo.click('#compare-start');
    await page.waitForSelector('#compare-rate2-error');
    expect(await demo.text('#compare-rate2-error')).toMatch(
      /^“<img src=x onerror=alert\(1\)>” does not fit: it needs a number from 0 to 1,000,000\.$/,
    );
    expect(await page.evaluate('document.activeElement.id')).toBe('compare-rate2');
    expect(await page.$$('#compare img')).toHaveLength(0);
    expect(await page.$eval('#compare-results', (results) => (results as HTMLElement).hidden)).toBe(true);
    await demo.untilItTrains();
    await demo.fill('#compare-rate2', '0.02');
    await demo.click('#compare-start');
    await untilStatus(demo, 'running');
    expect(await page.$$('#compare-rate2-error')).toHaveLength(0);
  });
});

test('a comparison pauses the training above, has an address of its own, and rests when it is closed', async () => {
  await withDemo(SMALL, async (demo) => {
    await demo.untilItTrains();
    expect(await demo.workers('compare')).toHaveLength(0);
    await openCompare(demo, { ...FIELDS, rate2: '0.02' });
    await demo.click('#compare-start');
    await untilStatus(demo, 'running');
    expect((await demo.state()).status).toBe('paused');
    expect(await demo.page.evaluate('location.hash')).toBe(
      '#compare?symbols=1&delay=6&batch=8&hidden1=8&hidden2=8&rate2=0.02&hidden3=8',
    );
    await demo.click('#compare-details > summary');
    await untilStatus(demo, 'paused');
  });
});

test('curves, figures and words of a comparison are those of the step at which it pauses', async () => {
  await withDemo(`${SMALL}&autostart=0`, async (demo) => {
    const { page } = demo;
    await openCompare(demo, FIELDS);
    await demo.click('#compare-start');
    await untilStep(demo, 10);
    const before = [await drawn(demo, 'compare-loss'), await drawn(demo, 'compare-flow')];
    const [seen] = await figures(demo, 'Steps'); // a fast machine is far beyond 10 by now
    await untilStep(demo, Number(seen.replace(',', '')) + 50);
    // With frames so far apart several measurements come between two: the last of them is to be
    // drawn.
    await page.evaluate(
      '{ const next = requestAnimationFrame; window.requestAnimationFrame = (draw) => setTimeout(() => ' +
        'next(draw), 700); window.soon = next; }',
    );
    await demo.click('#compare-toggle');
    await untilStatus(demo, 'paused');
    const [first, second, third] = await figures(demo, 'Steps');
    expect([second, third]).toEqual([first, first]);
    expect(await demo.text('#compare-status')).toBe(`Paused at step ${first}`);
    await page.waitForFunction(
      `document.querySelector('#compare-flow').ariaLabel.includes('after ${first} training steps')`,
    );
    await page.evaluate(`window.requestAnimationFrame = window.soon`);
    expect(
      [await drawn(demo, 'compare-loss'), await drawn(demo, 'compare-flow')].map(
        (picture, i) => picture === before[i],
      ),
    ).toEqual([false, false]);
    for (const name of [
      'Surprise now',
      'Least surprise',
      'Recalled',
      'Gradient at the window’s start, now',
      'Training time',
      'Steps per second',
    ])
      expect((await figures(demo, name)).map((text) => /\d/.test(text))).toEqual([true, true, true]);
    expect(await figures(demo, 'Parameters')).toEqual(
      [1, 4, 3].map((gates) => String(gates * (10 * 8 + 8 * 8 + 2 * 8) + 10 * 8 + 10)),
    );
    expect(await demo.text('#compare-words')).toMatch(
      /^(RNN|LSTM|GRU|None|No difference|All) .* steps?.*ntrained, the gradient of the last prediction, on its way back over 7 time steps, .*LSTM \(through its cell\).*\.$/,
    );
  });
});

test('a paused comparison is drawn over training time, and goes back to step 0', async () => {
  await withDemo(`${SMALL}&autostart=0`, async (demo) => {
    const { page } = demo;
    await openCompare(demo, FIELDS);
    await demo.click('#compare-start');
    await untilStep(demo, 10);
    await demo.click('#compare-toggle');
    await untilStatus(demo, 'paused');
    const steps = await figures(demo, 'Steps');
    const byStep = await drawn(demo, 'compare-loss');
    await page.select('#compare-axis', 'time');
    await page.waitForFunction(
      `document.querySelector('#compare-loss').ariaLabel.startsWith('Surprise over training time in ` +
        `seconds, in bits a symbol: RNN ')`,
    );
    expect(await drawn(demo, 'compare-loss')).not.toBe(byStep);
    expect(await figures(demo, 'Steps')).toEqual(steps);

    await demo.click('#compare-reset');
    await page.waitForFunction(
      `document.querySelector('#compare-status').textContent === 'Paused at step 0'`,
    );
    expect(await demo.text('#compare-words')).toMatch(
      /^Nothing has been learned yet: press “Continue”\. Untrained, /,
    );
  });
});

test('after a lost GPU and after a broken worker a comparison is begun again with its button', async () => {
  await withDemo(`${SMALL}&autostart=0`, async (demo) => {
    const { page } = demo;
    await openCompare(demo, { ...FIELDS, cell2: 'rnn', rate2: '0.02', cell3: 'none' });
    await demo.click('#compare-start');
    await untilStatus(demo, 'running');
    const [worker] = await demo.workers('compare');
    await worker.evaluate(`{
      const request = GPUAdapter.prototype.requestDevice;
      GPUAdapter.prototype.requestDevice = async function (...options) { return (globalThis.device = await request.apply(this, options)); };
    }`);
    await demo.fill('#compare-backend', 'webgpu'); // another choice opens a device again
    await demo.click('#compare-start');
    await worker.evaluate(
      `new Promise((done) => { const wait = () => (globalThis.device ? done() : setTimeout(wait, 20)); wait(); })`,
    );
    await untilStatus(demo, 'running');
    await untilStep(demo, 2);
    await worker.evaluate('globalThis.device.destroy()');
    await untilStatus(demo, 'failed');
    expect(await demo.text('#compare-fault')).toMatch(
      /^The comparison ended: The GPU was lost.* Begin it anew with the first button\.$/,
    );
    await demo.click('#compare-start');
    await untilStatus(demo, 'running');
    expect(await demo.text('#compare-fault')).toBe('');
    await worker.evaluate('void setTimeout(() => { throw new Error("half a worker"); })');
    await untilStatus(demo, 'failed');
    expect(await demo.text('#compare-fault')).toMatch(/^The comparison ended: .*half a worker/);
    await demo.click('#compare-start');
    await untilStatus(demo, 'running');
    expect(
      await page.$$eval('#compare-table thead th', (all) => all.map(({ textContent }) => textContent)),
    ).toEqual(['RNN rate 0.01', 'RNN rate 0.02']);
  });
});

test(
  'without WebGPU the CPU compares on a text, from an address; samples side by side; axe; nothing ' +
    'scrolls sideways on a phone',
  async () => {
    const address =
      '#compare?data=english&cell1=mingru&hidden1=6&hidden2=6&layers2=2&cell3=none&time=6&batch=2&weights=none&font=%3Cb%3E';
    await withPreparedDemo(
      `Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined })`,
      `autostart=0${address}`,
      async (demo) => {
        const { page } = demo;
        await page.setViewport({ width: 390, height: 800 });
        await page.waitForSelector('#compare-start:not(:disabled)');
        expect(await demo.text('#compare-form-error')).toMatch(
          /weights: expected one of uniform, orthogonal, got "none"\.|unknown option "font"/,
        );
        await demo.click('#compare-start');
        await untilStatus(demo, 'running');
        expect(await demo.text('#compare-notice')).toMatch(
          /^This browser lets no page use the GPU, so your processor computes/,
        );
        await untilStep(demo, 30);
        await demo.click('#compare-toggle');
        await untilStatus(demo, 'paused');
        expect(
          await page.$$eval('#compare-samples pre', (all) =>
            all.map(({ textContent }) => Array.from(textContent).length),
          ),
        ).toEqual([160, 160]);
        expect(
          await page.$$eval('#compare-table thead th', (all) => all.map(({ textContent }) => textContent)),
        ).toEqual(['minGRU', 'LSTM']);
        expect(
          await page.$eval('#compare-accuracy-box', (box) => (box as HTMLElement).checkVisibility()),
        ).toBe(false);
        expect(
          await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
        ).toBe(0);
        await page.evaluate(axe.source); // not as a script: the page refuses those of others
        const violations = (await page.evaluate(
          `axe.run('#compare').then(({ violations }) => violations.map(({ id, nodes }) => [id, ` +
            'nodes.map(({ html }) => html)]))',
        )) as unknown[];
        expect(violations).toEqual([]);
      },
    );
  },
);

test('one button compares without a form, shows the task, and leaves its place to its controls', async () => {
  await withDemo('autostart=0&backend=cpu', async (demo) => {
    const { page } = demo;
    expect(await demo.text('#compare-now')).toBe('Remember two symbols for 20 steps: who can?');
    await demo.click('#compare-now');
    await untilStatus(demo, 'running');
    expect(await page.$eval('#compare-task', (fold) => (fold as HTMLDetailsElement).open)).toBe(false);
    expect(await page.$eval('#compare-now', (button) => button.checkVisibility())).toBe(false);
    await untilStep(demo, 1);
    await demo.click('#compare-toggle');
    await untilStatus(demo, 'paused');
    expect(
      await page.$$eval('#compare-problems thead th', (all) => all.map(({ textContent }) => textContent)),
    ).toEqual(
      [1, 2, 3].map(() => expect.stringMatching(/^[a-h] [a-h] · · · 20 steps · · · ▸ \? \?$/) as string),
    );
    const rows = await page.$$eval('#compare-problems tbody tr', (all) =>
      all.map(({ innerText }) => innerText),
    );
    expect(rows.map((row) => row.split(/\s/)[0])).toEqual(['RNN', 'LSTM', 'GRU']);
    for (const row of rows) expect(row.match(/[✓✗]/g)).toHaveLength(3);
    // The slider of the gap is the field, too, and the comparison begins anew with it.
    // What is chosen while another is being prepared counts.
    await page.$eval('#compare-gap', (slider) => {
      for (const gap of ['25', '30']) {
        (slider as HTMLInputElement).value = gap;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        slider.dispatchEvent(new Event('change', { bubbles: true }));
      }
    });
    await untilStatus(demo, 'running');
    await page.waitForFunction(
      `/· 30 steps ·/.test(document.querySelector('#compare-problems thead')?.textContent)`,
    );
    expect(await page.$eval('#compare-delay', (field) => (field as HTMLInputElement).value)).toBe('30');
    expect(await page.evaluate('location.hash')).toBe('#compare?delay=30');
    await demo.fill('#compare-delay', '7');
    expect(await demo.text('#compare-gap-at')).toBe('7');
    expect(await demo.text('#compare-start')).toBe('Remember 2 symbols for 7 steps: who can?');
    await page.select('#compare-data', 'english');
    expect(await demo.text('#compare-start')).toBe('Who learns it best?');
  });
});

test('a grid of two trials runs in workers, is drawn, and is given away as a record of sweeps', async () => {
  await withDemo('autostart=0&backend=cpu', async (demo) => {
    const { page } = demo;
    await openCompare(demo, { ...FIELDS, backend: 'cpu' });
    await demo.click('#compare-grid > summary');
    await page.waitForSelector('#compare-grid-run');
    for (const [name, value] of Object.entries({ values1: '4 4', option2: '', steps: '5' }))
      await demo.fill(`#compare-grid-${name}`, value);
    await demo.click('#compare-grid-run');
    await page.waitForSelector('#compare-grid-fault:not([hidden])');
    expect(await demo.text('#compare-grid-fault')).toMatch(/^“Hidden units” needs every value once/);

    await demo.fill('#compare-grid-values1', '3 4');
    await demo.click('#compare-grid-run');
    await page.waitForFunction(
      `document.querySelector('#compare-grid-status').textContent === 'All 2 trials are done.'`,
      { timeout: PATIENCE },
    );
    expect(await demo.text('#compare-grid-fault')).toBe('');
    expect(await demo.workers('compare')).toHaveLength(0); // they have ended
    expect(await page.$$('#compare-grid .sweep-table tbody tr')).toHaveLength(2);
    expect((await page.$$('#compare-grid .sweep-plot svg')).length).toBe(2);

    await page.evaluate('URL.createObjectURL = (blob) => ((window.given = blob.text()), "#given")');
    await demo.click('#compare-grid-download');
    const { trials } = readSweep((await page.evaluate('window.given')) as string, 'grid.journal');
    expect(trials.map(({ point, state, step }) => [point.hidden, state, step]).sort()).toEqual([
      [3, 'complete', 5],
      [4, 'complete', 5],
    ]);

    await page.evaluate(axe.source);
    const { violations } = (await page.evaluate(`axe.run('#compare-grid')`)) as axe.AxeResults;
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

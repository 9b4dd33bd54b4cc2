import { expect, test } from 'vitest';
import { countChecks } from '../../src/verify/index.js';
import { PATIENCE } from '../support/patience.js';
import { SMALL, withDemo, withPreparedDemo, type Demo } from './support.js';

const MADE = `document.querySelector('#check-bar').value`;
const ALL = `document.querySelector('#check-bar').max`;

/** What stands in the table for one op. */
interface OpRow {
  readonly op: string;
  readonly checks: number;
  readonly verdict: string;
  readonly open: boolean;
  /** Its checks one by one, where they are seen. */
  readonly details: readonly string[];
}

async function table(demo: Demo): Promise<OpRow[]> {
  return (await demo.page.evaluate(`[...document.querySelectorAll('#checks tbody')].map((body) => {
    const [summary, ...details] = body.rows;
    const [op, checks, , , , verdict] = [...summary.cells].map((cell) => cell.innerText);
    const open = summary.querySelector('button').getAttribute('aria-expanded') === 'true';
    return { op, checks: Number(checks), verdict, open, details: details.filter((row) => !row.hidden).map((row) => row.innerText.replace(/\\s+/g, ' ')) };
  })`)) as OpRow[];
}

/** Runs `patch` in the worker that checks, before its own code. */
function withPatchedCheck<T>(patch: string, query: string, use: (demo: Demo) => Promise<T>): Promise<T> {
  const script = `
    const address = (code) => URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
    window.Worker = class extends Worker {
      constructor(url, options) {
        super(options.name.startsWith('check ') ? address('import "' + address(${JSON.stringify(patch)}) + '"; import "' + url + '";') : url, options);
      }
    };`;
  return withPreparedDemo(script, `${query}&autostart=0`, use);
}

/**
 * Presses "Stop" in the very moment in which so many checks have been made: a fast machine does not
 * wait for Node.
 */
function stopAfter({ page }: Demo, checks: number): Promise<unknown> {
  return page.evaluate(`new MutationObserver((_, observer) => {
    if (${MADE} < ${checks}) return;
    observer.disconnect();
    document.querySelector('#check-stop').click();
  }).observe(document.querySelector('#check-count'), { childList: true })`);
}

async function untilWorkerEnds(demo: Demo): Promise<void> {
  await expect.poll(async () => (await demo.workers('check')).length, { timeout: PATIENCE }).toBe(0);
}

/** A GPU is checked in two precisions, whether or not it has shader-f16. */
const GPU = { info: { backend: 'webgpu', features: [] } } as const;

test('checks ops on this GPU, and training goes on meanwhile', async () => {
  const only = ['relu', 'sum_rows', 'adagrad'];
  await withDemo(`${SMALL}&backend=webgpu&check=${only.join(',')}`, async (demo) => {
    const before = await demo.untilItTrains();
    const [said, counted, ofTraining] = [
      await demo.watch('#check-status'),
      await demo.watch('#check-count'),
      await demo.watch('#status'),
    ];
    await demo.click('#check-start');
    await demo.page.waitForSelector('#check-result:not([hidden])');
    expect(await ofTraining()).toEqual([]); // it has not paused
    const after = await demo.until(`state.step > ${before.step}`);
    expect(await said()).toEqual(['Opening the GPU…', `Checking ${before.adapter}`, 'Passed']);

    const rows = await table(demo);
    const planned = await countChecks(GPU, { only });
    expect(new Map(rows.map(({ op, checks }) => [op, checks]))).toEqual(planned);
    const made = rows.reduce((sum, { checks }) => sum + checks, 0);
    const underWay = [...planned].flatMap(([op, checks]) => Array.from({ length: checks }, () => op));
    expect(await counted()).toEqual([...underWay, 'all done'].map((op, i) => `${i} of ${made}: ${op}`));
    expect(rows.filter(({ verdict, open }) => verdict !== 'passed' || open)).toEqual([]);
    expect(await demo.text('#check-result')).toBe(
      `All ${made} checks of ${[...planned.keys()].join(', ')} passed on ${after.adapter}: what this ` +
        'page computes is what the CPU reference computes.',
    );
    expect(await demo.page.evaluate(`${MADE} === ${made} && ${ALL} === ${made}`)).toBe(true);
    await untilWorkerEnds(demo);

    await demo.click('#checks tbody:first-of-type button');
    const [first] = await table(demo);
    expect(first).toMatchObject({ open: true });
    expect(first.details).toHaveLength(first.checks);
    expect(first.details[0]).toMatch(/^[A-Z]=\d.* (0|\d\.\de-\d+) \d\.\de-\d+ [\d.,]+ passed$/);
  });
});

test('all ops, where the address names none; stops when it is told to, and begins anew', async () => {
  await withDemo(`${SMALL}&backend=cpu&autostart=0`, async (demo) => {
    const all = async (thorough: boolean): Promise<number> =>
      [...(await countChecks(GPU, { thorough })).values()].reduce((sum, checks) => sum + checks, 0);
    await demo.click('#check-thorough');
    await stopAfter(demo, 3);
    await demo.click('#check-start');
    await demo.page.waitForSelector('#check-result:not([hidden])');
    const [, made, planned] =
      /^(\d+) of ([\d,]+) checks passed on .*\. The rest was not checked\.$/.exec(
        await demo.text('#check-result'),
      ) ?? [];
    expect(made).toBe('3');
    expect(planned).toBe((await all(true)).toLocaleString('en'));
    expect((await table(demo)).reduce((sum, { checks }) => sum + checks, 0)).toBe(3);
    expect(await demo.text('#check-status')).toBe('Stopped');
    await untilWorkerEnds(demo);

    await demo.click('#check-thorough');
    const concluded = await demo.watch('#check-result');
    await stopAfter(demo, 1);
    await demo.click('#check-start');
    await demo.page.waitForSelector('#check-result:not([hidden])');
    expect(await concluded()).toEqual([
      '',
      expect.stringMatching(
        new RegExp(`^1 of ${(await all(false)).toLocaleString('en')} checks passed on `),
      ) as string,
    ]);
    expect(await demo.page.evaluate(ALL)).toBe(await all(false));
    expect(await demo.text('#check-status')).toBe('Stopped');
  });
});

test('a GPU that computes wrongly is found: its op stands open, with what came and what is right', async () => {
  const rectifiesNothing = `
    const make = GPUDevice.prototype.createShaderModule;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
      return make.call(this, { ...descriptor, code: descriptor.code.replace('select(x[i], Value(), x[i] < Value())', 'x[i]') });
    };`;
  await withPatchedCheck(rectifiesNothing, 'check=relu', async (demo) => {
    await demo.click('#check-start');
    await demo.page.waitForSelector('#check-result:not([hidden])');
    const rows = await table(demo);
    expect(rows).toMatchObject([{ op: 'relu', open: true }]);
    expect(rows[0].verdict).toMatch(/^\d+ failed$/);
    expect(rows[0].details.join('\n')).toMatch(/ failed\n(y|dx): element \d+ is -?\d\S*, expected 0$/m);
    expect(await demo.text('#check-result')).toMatch(
      /^\d+ of \d+ checks failed on .*: what this page computes there may be wrong\. To train without it, choose "CPU \(WebAssembly\)"/,
    );
    expect(await demo.page.$eval('#check-result', ({ className }) => className)).toBe('message fault');
  });
});

test.each([
  ['without an adapter', 'check=', /^The check ended early: .*no adapter/],
  [
    'with an op that there is not',
    'check=relu,nonsense',
    /^The check ended early: check: expected operations such as \w+, .*, got "nonsense"\.$/,
  ],
])('%s it says so', async (_about, query, message) => {
  await withPatchedCheck(
    'GPU.prototype.requestAdapter = () => Promise.resolve(null);',
    query,
    async (demo) => {
      await demo.click('#check-start');
      await demo.page.waitForSelector('#check-result:not([hidden])');
      expect(await demo.text('#check-result')).toMatch(message);
      expect(await demo.text('#check-status')).toBe('Not finished');
      expect(await demo.page.$$('#check-start:not(:disabled)')).toHaveLength(1);
    },
  );
});

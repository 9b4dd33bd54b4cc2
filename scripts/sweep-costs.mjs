// Measures time and memory of a sweep for each trial, without training: each trial is a stub that
// reports ten losses.
//   node scripts/sweep-costs.mjs [TRIALS] [QUEUE]      after npm run build; prints a Markdown table
// With a QUEUE such as redis://127.0.0.1:6379, the figures include coordinator and worker in one
// process.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Coordinator } from '../dist/sweep/coordinator.js';
import { History } from '../dist/sweep/history.js';
import { QueueRunner } from '../dist/sweep/node/queue/queue-runner.js';
import { workOnQueue } from '../dist/sweep/node/queue/queue-worker.js';
import { openTrialQueue } from '../dist/sweep/node/queue/trial-queue.js';
import { RecordFile, readRecord } from '../dist/sweep/node/record-file.js';
import { Operations } from '../dist/sweep/operations.js';
import { readSpec } from '../dist/sweep/spec.js';

const trials = Number(process.argv[2] ?? 10_000);
if (!(Number.isInteger(trials) && trials > 0)) {
  console.error(`sweep-costs: expected a whole number of trials above 0, got "${process.argv[2]}".`);
  process.exit(2);
}
const REPORTS = 10;
const url = process.argv[3];

const folder = mkdtempSync(join(tmpdir(), 'unrolled-sweep-costs-'));
const path = join(folder, 'sweep.journal');
const spec = readSpec(
  {
    parameters: { rate: { from: 1e-4, to: 1, scale: 'log' }, hidden: { from: 8, to: 512, whole: true } },
    order: 'sobol',
    points: trials,
  },
  { train: [], validation: ['loss'] },
);
const stub = {
  async run({ number }, tell) {
    for (let step = 1; step <= REPORTS; step++) {
      const measures = { loss: 1 / (step + number) };
      tell({ kind: 'report', report: { part: 'validation', step, seconds: step, measures } });
    }
    return { ended: 'complete' };
  },
};
const heap = [];
let ended = 0;
const history = new History({ values: false });
const record = new RecordFile(path, 'new');
const wide = url === undefined ? undefined : await throughQueue();
const began = performance.now();
await new Coordinator({
  ...{ spec, history, facts: {} },
  ...(wide === undefined ? { runner: stub, jobs: 2 } : { runner: wide.runner, jobs: 16 }),
  operations: new Operations('costs'),
  append: (operations) => record.append(operations),
  signal: new AbortController().signal,
  tell: ({ kind }) => {
    if (kind === 'finished' && ++ended % Math.ceil(trials / 5) === 0) {
      globalThis.gc?.();
      heap.push([ended, process.memoryUsage()]);
    }
  },
}).run();
const ms = (performance.now() - began) / trials;
record.close();
await wide?.close();
const reading = performance.now();
await readRecord(path, new History({ values: false }));
console.log(`| trials | heap in MiB | resident MiB |\n| ---: | ---: | ---: |`);
for (const [count, { heapUsed, rss }] of heap)
  console.log(`| ${count} | ${(heapUsed / 2 ** 20).toFixed(1)} | ${(rss / 2 ** 20).toFixed(0)} |`);
console.log(
  `\n${ms.toFixed(2)} ms a trial with ${REPORTS} reports; the record has ${(statSync(path).size / 2 ** 20).toFixed(1)} MiB ` +
    `and is read in ${((performance.now() - reading) / 1000).toFixed(1)} s.`,
);
rmSync(folder, { recursive: true });

/** Sends trials through the queue to a worker of this process. */
async function throughQueue() {
  const sweep = String(process.pid);
  const onTrouble = (why) => console.error(why);
  const queue = await openTrialQueue(url, onTrouble);
  const end = new AbortController();
  const working = workOnQueue(url, {
    ...{ jobs: 8, leaseMs: 30_000, signal: end.signal, facts: {}, onTrouble },
    runnerFor: () => Promise.resolve(stub),
    tell: () => undefined,
    onReady: () => undefined,
  });
  const jobOf = (request) =>
    Promise.resolve({
      ...{ ...request, sweep, folder: '/', record: 'costs', version: '' },
      ...{ train: [], machine: [], inputs: [] },
    });
  return {
    runner: await QueueRunner.open({ queue, sweep, jobOf, onTrouble, isOver: () => false }),
    async close() {
      end.abort();
      await working;
      await queue.close();
    },
  };
}

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TrialRequest, TrialRunner } from '../../src/sweep/index.js';
import {
  openTrialQueue,
  QueueRunner,
  workOnQueue,
  type TrialJob,
  type TrialQueue,
  type WorkerEvent,
} from '../../src/sweep/node/index.js';
import { queueServer, SERVER_KINDS } from '../support/queue-servers.js';
import { GRID, StubRunner, stubSweep, type StubSweep } from './stub.js';

const ignore = (): void => undefined;

/** A worker in this process that runs stub trials. */
interface StubWorker {
  readonly events: WorkerEvent[];
  readonly ready: Promise<void>;
  /** Pauses its trials, and ends the worker. */
  readonly stop: () => Promise<void>;
}

function startWorker(
  url: string,
  runner: TrialRunner,
  options: { readonly jobs?: number; readonly leaseMs?: number } = {},
): StubWorker {
  const { jobs = 2, leaseMs = 30_000 } = options;
  const events: WorkerEvent[] = [];
  const stop = new AbortController();
  let onReady: () => void = ignore;
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const work = workOnQueue(url, {
    ...{ jobs, leaseMs, onReady, onTrouble: ignore, signal: stop.signal },
    facts: { machine: 'there' },
    runnerFor: () => Promise.resolve(runner),
    tell: (event) => void events.push(event),
  });
  return { events, ready, stop: () => (stop.abort(), work) };
}

/** Opens the queue for a coordinator. */
async function openRunner(
  url: string,
  sweep: string,
  { history }: StubSweep,
): Promise<{ readonly runner: QueueRunner; readonly queue: TrialQueue; readonly die: () => void }> {
  const queue = await openTrialQueue(url, ignore);
  let isDead = false;
  const jobOf = (request: TrialRequest): Promise<TrialJob> =>
    Promise.resolve({
      ...{ ...request, sweep, folder: '/', record: 'test', version: '0' },
      ...{ train: [], machine: [], inputs: [] },
    });
  const isOver = (number: number): boolean => (history.trials.at(number)?.state ?? 'running') !== 'running';
  // A killed coordinator makes no further requests.
  const mortal: TrialQueue = {
    ...queue,
    state: (id) => (isDead ? new Promise(ignore) : queue.state(id)),
  };
  const runner = await QueueRunner.open({
    queue: mortal,
    sweep,
    jobOf,
    isOver,
    onTrouble: ignore,
    onRefusal: ignore,
  });
  return { runner, queue, die: () => void (isDead = true) };
}

const results = ({ history }: StubSweep): object[] =>
  history.trials.map(({ number, state, value, step, point }) => ({ number, state, value, step, point }));

describe.each(SERVER_KINDS)('a sweep over a queue in %s', (kind) => {
  const server = queueServer(kind);

  it.each([
    ['to the end of all', {}],
    ['with the rungs of successive halving', { stop: { rule: 'halving', first: 10, factor: 2 } }],
    ['with seeds and a budget', { seeds: 2, budget: { trials: 5 } }],
  ])('has the results of a local one: %s', async (_, more) => {
    const url = server();
    if (url === undefined) return;
    const local = stubSweep({ ...GRID, ...more });
    await local.run(new StubRunner());
    const wide = stubSweep({ ...GRID, ...more });
    const { runner, queue } = await openRunner(url, randomUUID(), wide);
    const stub = new StubRunner();
    const workers = [startWorker(url, stub), startWorker(url, stub)];
    expect(await wide.run(runner, { jobs: 8 })).toBe('complete');
    expect(results(wide)).toEqual(results(local));
    expect(wide.history.trials.every(({ attributes }) => attributes.machine === 'there')).toBe(true);
    await Promise.all([...workers.map(({ stop }) => stop()), queue.close()]);
  });

  it('continues after its coordinator was killed, with the results of workers since then', async () => {
    const url = server();
    if (url === undefined) return;
    const sweep = randomUUID();
    const first = stubSweep(GRID);
    const before = await openRunner(url, sweep, first);
    void first.run(before.runner, { jobs: 6 });
    await expect.poll(async () => (await before.queue.left(sweep)).length, { timeout: 60_000 }).toBe(6);
    const lines = [...first.lines];
    before.die();
    const stub = new StubRunner();
    const worker = startWorker(url, stub);
    await expect.poll(() => ended(worker), { timeout: 60_000 }).toBe(6);

    const second = stubSweep(GRID, lines);
    const { runner, queue } = await openRunner(url, sweep, second);
    expect(await second.run(runner, { jobs: 6 })).toBe('complete');
    expect(second.history.trials.map(({ state, step }) => [state, step])).toEqual(
      Array.from({ length: 6 }, () => ['complete', 40]),
    );
    expect(stub.attempts).toHaveLength(6);
    expect(await queue.left(sweep)).toEqual([]);
    await Promise.all([worker.stop(), queue.close(), before.queue.close()]);
  });

  it('gives the trials of a stopped worker to another one, and pauses trials on request', async () => {
    const url = server();
    if (url === undefined) return;
    const wide = stubSweep({ parameters: { rate: [0.1], hidden: [10] } });
    const { runner, queue } = await openRunner(url, randomUUID(), wide);
    const interrupt = new AbortController();
    const sweep = wide.run(runner, { signal: interrupt.signal });
    const stopping = startWorker(url, new EndlessRunner());
    await expect.poll(() => stopping.events.length, { timeout: 60_000 }).toBe(1);
    await stopping.stop();
    const second = startWorker(url, new EndlessRunner());
    await expect.poll(() => second.events.length, { timeout: 60_000 }).toBe(1);
    interrupt.abort();
    expect(await sweep).toBe('interrupted');
    expect(wide.events.map(({ kind: told }) => told)).toEqual(['started', 'paused']);
    expect([stopping, second].map(({ events }) => events.map(({ kind: told }) => told))).toEqual([
      ['started', 'paused'],
      ['started', 'paused'],
    ]);
    await Promise.all([second.stop(), queue.close()]);
  });
});

/** Trials that a worker has brought to an end. */
function ended({ events }: StubWorker): number {
  return events.filter(({ kind }) => kind !== 'started').length;
}

/** Runs until it is asked to pause. */
class EndlessRunner implements TrialRunner {
  async run(_: TrialRequest, __: unknown, pause: AbortSignal): Promise<{ ended: 'paused' }> {
    if (!pause.aborted)
      await new Promise<void>((resolve) => pause.addEventListener('abort', () => resolve()));
    return { ended: 'paused' };
  }
}

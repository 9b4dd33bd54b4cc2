import type { Job } from 'bullmq';
import type { TrialEvent, TrialOutcome, TrialRunner } from '../../trial.js';
import { closeAll, onServer, reached, reasonOf } from '../../../io/node/queue-server.js';
import { QUEUE_NAME, rowOf, type TrialJob } from './trial-job.js';

/** What a worker tells. */
export interface WorkerEvent {
  readonly kind: 'started' | TrialOutcome['ended'];
  readonly job: TrialJob;
  /** Of a trial that was lost, failed or blocked. */
  readonly why: string | undefined;
}

/** What a worker works with. */
export interface WorkerServices {
  /** Trials at once. */
  readonly jobs: number;
  /** Milliseconds without a sign of life, after which others take its trials for lost. */
  readonly leaseMs: number;
  /** Noted with every trial, such as the machine. */
  readonly facts: Readonly<Record<string, string>>;
  /**
   * Brings the runner for a trial. What it throws is the fault of this machine: the trial goes back to
   * the queue, and the worker ends.
   */
  readonly runnerFor: (job: TrialJob) => Promise<TrialRunner>;
  /** Lets all trials pause, which others then go on with, and ends. */
  readonly signal: AbortSignal;
  readonly tell: (event: WorkerEvent) => void;
  /** Told while the server is out of reach, again and again. */
  readonly onTrouble: (why: string) => void;
  /** Told when the worker takes trials. */
  readonly onReady: () => void;
}

/** How often a trial that runs is asked after. */
const ASK_EVERY_MS = 500;

/** A trial that this worker runs. */
interface RunningJob {
  readonly pause: AbortController;
  isGone: boolean;
}

/**
 * Takes trials from a queue until it is stopped. While a trial computes, in a process of its own, its
 * lock is renewed here.
 * @throws what `runnerFor` throws; OptionError; UnrolledError where the server cannot be reached
 */
export function workOnQueue(url: string, services: WorkerServices): Promise<void> {
  const { jobs, leaseMs, runnerFor, signal, onTrouble, onReady } = services;
  return onServer(url, async (classes, connection) => {
    const queue = new classes.Queue<TrialJob, TrialOutcome>(QUEUE_NAME, { connection });
    queue.on('error', () => undefined);
    const running = new Map<string, RunningJob>();
    let fault: Error | undefined;
    let leave: () => void = () => undefined;
    const isLeaving = new Promise<void>((resolve) => (leave = resolve));
    const process = async (job: Job<TrialJob, TrialOutcome>): Promise<TrialOutcome> => {
      const { id = '', data } = job;
      if (signal.aborted || fault !== undefined) return { ended: 'paused' };
      const own = { pause: new AbortController(), isGone: false };
      running.set(id, own);
      const timer = setInterval(() => void askAfter(queue, id, own).catch(() => undefined), ASK_EVERY_MS);
      try {
        const runner = await runnerFor(data).catch((error: unknown) => {
          fault = error instanceof Error ? error : new Error(String(error));
          leave();
        });
        return runner === undefined ? refusal(fault, services) : await runTrial(job, runner, own, services);
      } finally {
        clearInterval(timer);
        running.delete(id);
      }
    };
    const worker = new classes.Worker<TrialJob, TrialOutcome>(QUEUE_NAME, process, {
      ...{ connection, concurrency: jobs, autorun: false },
      ...{ lockDuration: leaseMs, stalledInterval: Math.max(1, leaseMs / 2), runRetryDelay: 1000 },
      // The coordinator counts losses: a job is not given out twice.
      maxStalledCount: 0,
    });
    worker.on('error', () => undefined);
    const stop = (): void => {
      for (const { pause } of running.values()) pause.abort();
      leave();
    };
    try {
      await reached(url, worker);
      queue.on('error', (error) => onTrouble(reasonOf(error)));
      worker.on('lockRenewalFailed', (ids) => ids.forEach((id) => letGo(running.get(id))));
      signal.addEventListener('abort', stop);
      if (signal.aborted) leave();
      const working = worker.run();
      onReady();
      await isLeaving;
      stop();
      await worker.close();
      await working;
    } finally {
      signal.removeEventListener('abort', stop);
      await closeAll([() => worker.close(true), () => queue.close()]);
    }
    if (fault !== undefined) throw fault;
  });
}

/** The trial goes back, and the coordinator hears why. */
function refusal(fault: Error | undefined, { facts }: WorkerServices): TrialOutcome {
  return { ended: 'paused', why: `${facts.machine}: ${reasonOf(fault)}` };
}

/** Asks whether a trial is to pause. A coordinator that took this worker for dead has taken it out. */
async function askAfter(
  queue: { getJob(id: string): Promise<{ readonly data: TrialJob } | undefined> },
  id: string,
  own: RunningJob,
): Promise<void> {
  const now = await queue.getJob(id);
  if (now === undefined) letGo(own);
  else if (now.data.pause === true) own.pause.abort();
}

/** The trial is no longer this worker's. */
function letGo(own: RunningJob | undefined): void {
  if (own === undefined) return;
  own.isGone = true;
  own.pause.abort();
}

/** Runs one trial. @throws where the trial is no longer this worker's */
async function runTrial(
  job: Job<TrialJob, TrialOutcome>,
  runner: TrialRunner,
  own: RunningJob,
  { facts, tell }: WorkerServices,
): Promise<TrialOutcome> {
  const { data } = job;
  const rows = new Rows(job, own);
  tell({ kind: 'started', job: data, why: undefined });
  rows.add({ kind: 'facts', facts });
  const outcome = await runner
    .run(
      data,
      (event) => {
        rows.add(event);
        if (isRung(event, data)) own.pause.abort();
      },
      own.pause.signal,
    )
    .catch((error: unknown): TrialOutcome => ({ ended: 'blocked', why: reasonOf(error) }));
  await rows.sent();
  tell({ kind: outcome.ended, job: data, why: 'why' in outcome ? outcome.why : undefined });
  return outcome.ended === 'blocked'
    ? { ended: 'blocked', why: `${facts.machine}: ${outcome.why}` }
    : outcome;
}

/** Whether the coordinator will let the trial pause when it hears this. */
function isRung(event: TrialEvent, { pauseAt }: TrialJob): boolean {
  if (event.kind !== 'report' || pauseAt === undefined) return false;
  const { part, step, measures } = event.report;
  return part === pauseAt.part && step >= pauseAt.step && pauseAt.measure in measures;
}

/** Sends what a trial tells: in the order in which it came, and all that came meanwhile in one row. */
class Rows {
  #waiting: TrialEvent[] = [];
  #sending: Promise<void> | undefined;
  #count = 0;

  constructor(
    readonly job: Job<TrialJob, TrialOutcome>,
    readonly own: RunningJob,
  ) {}

  add(event: TrialEvent): void {
    this.#waiting.push(event);
    this.#sending ??= this.#send();
  }

  /** Waits until all is sent. @throws where the queue has given the trial away */
  async sent(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
    if (this.own.isGone) throw new Error('The queue has taken this worker for dead.');
  }

  async #send(): Promise<void> {
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.own.isGone) {
      const row = rowOf(this.#waiting);
      this.#waiting = [];
      while (!this.own.isGone && !(await this.#took(row)))
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    this.#sending = undefined;
  }

  /** @returns false where it is to be sent again: a coordinator passes over what it knows */
  async #took(row: string): Promise<boolean> {
    try {
      await this.job.log(row);
      // Wakes the coordinator.
      await this.job.updateProgress(++this.#count);
      return true;
    } catch (error) {
      // BullMQ's words for a job that there is no longer.
      if (reasonOf(error).includes('Missing key for job')) letGo(this.own);
      return false;
    }
  }
}

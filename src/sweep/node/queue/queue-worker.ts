import type { Job } from 'bullmq';
import type { TrialEvent, TrialOutcome, TrialRunner } from '../../trial.js';
import { closeAll, onServer, reached, reasonOf } from '../../../io/node/queue-server.js';
import { QUEUE_NAME, rowOf, type TrialJob } from './trial-job.js';

/** An event of a worker: it has started a trial, or a trial has ended. */
export interface WorkerEvent {
  readonly kind: 'started' | TrialOutcome['ended'];
  readonly job: TrialJob;
  /** Why a trial was lost, failed or blocked; undefined for other events. */
  readonly why: string | undefined;
}

/** Options of `workOnQueue`. */
export interface WorkerServices {
  /** Number of trials that run at once. */
  readonly jobs: number;
  /** Milliseconds without a renewed lock after which a trial counts as lost. */
  readonly leaseMs: number;
  /** Stored with every trial, such as the name of the machine. */
  readonly facts: Readonly<Record<string, string>>;
  /**
   * Returns the runner for a job. It throws if this machine cannot run the job: then the job returns
   * to the queue, and the worker ends.
   */
  readonly runnerFor: (job: TrialJob) => Promise<TrialRunner>;
  /** Pauses all trials, which other workers continue, and ends the worker. */
  readonly signal: AbortSignal;
  readonly tell: (event: WorkerEvent) => void;
  /** Called repeatedly while the server cannot be reached. */
  readonly onTrouble: (why: string) => void;
  /** Called when the worker begins to take jobs. */
  readonly onReady: () => void;
}

/** Milliseconds between two checks whether a running trial must pause. */
const ASK_EVERY_MS = 500;

/** A trial that this worker runs. */
interface RunningJob {
  readonly pause: AbortController;
  /** Whether the queue has given the trial to another worker. */
  isGone: boolean;
}

/**
 * Runs the jobs of a queue until the signal. This process renews the lock of a job while another
 * process computes.
 * @throws the error of `runnerFor`; OptionError; UnrolledError if the server cannot be reached
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
      // A lost job fails, and is not repeated: the coordinator counts losses and adds a new job.
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

/** Returns the outcome by which a job returns to the coordinator, with the reason. */
function refusal(fault: Error | undefined, { facts }: WorkerServices): TrialOutcome {
  return { ended: 'paused', why: `${facts.machine}: ${reasonOf(fault)}` };
}

/** Pauses a job if the coordinator asks for it, or has removed it because it took this worker for dead. */
async function askAfter(
  queue: { getJob(id: string): Promise<{ readonly data: TrialJob } | undefined> },
  id: string,
  own: RunningJob,
): Promise<void> {
  const now = await queue.getJob(id);
  if (now === undefined) letGo(own);
  else if (now.data.pause === true) own.pause.abort();
}

/** Ends a job that the queue has given to another worker. */
function letGo(own: RunningJob | undefined): void {
  if (own === undefined) return;
  own.isGone = true;
  own.pause.abort();
}

/** Runs one trial. @throws Error if the queue has given the trial to another worker */
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

/** Whether the coordinator will pause the trial at this event. */
function isRung(event: TrialEvent, { pauseAt }: TrialJob): boolean {
  if (event.kind !== 'report' || pauseAt === undefined) return false;
  const { part, step, measures } = event.report;
  return part === pauseAt.part && step >= pauseAt.step && pauseAt.measure in measures;
}

/** Sends the events of a trial in their order. Events that arrive during a transfer share the next row. */
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

  /** Waits until all events are sent. @throws Error if another worker has the trial */
  async sent(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
    if (this.own.isGone)
      throw new Error('The queue has given this job to another worker: its lock was not renewed in time.');
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

  /** Sends one row. @returns false if it must be sent again; the coordinator drops repeated reports */
  async #took(row: string): Promise<boolean> {
    try {
      await this.job.log(row);
      // Wakes the coordinator.
      await this.job.updateProgress(++this.#count);
      return true;
    } catch (error) {
      // BullMQ's message for a job that does not exist any more.
      if (reasonOf(error).includes('Missing key for job')) letGo(this.own);
      return false;
    }
  }
}

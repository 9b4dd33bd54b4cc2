import { randomBytes } from 'node:crypto';
import { messageOf } from '../../../core/errors.js';
import type { TrialEvent, TrialOutcome, TrialRequest, TrialRunner } from '../../trial.js';
import type { TrialJob } from './trial-job.js';
import type { QueuedState, TrialQueue } from './trial-queue.js';

/** Milliseconds between two looks at the queue, even if it announces nothing. */
const LOOK_EVERY_MS = 2000;
/** Milliseconds that a worker has to pause a trial. A worker that has gone never does. */
const PAUSING_MS = 60_000;

/** Options of `QueueRunner`. */
export interface QueueRunnerOptions {
  readonly queue: TrialQueue;
  /** The mark of the sweep. */
  readonly sweep: string;
  /** Makes the job of a trial. */
  readonly jobOf: (request: TrialRequest) => Promise<TrialJob>;
  /** Whether a trial has ended according to the record. Then its old jobs are removed. */
  readonly isOver: (number: number) => boolean;
  /** Called with the reason if an operation of the queue fails. The runner tries again. */
  readonly onTrouble: (why: string) => void;
  /** Called with the reason if a worker cannot run a trial. Another worker gets the trial. */
  readonly onRefusal: (why: string) => void;
}

/** A job whose events are read. */
interface Followed {
  readonly id: string;
  /** Number of rows of events that were reported. */
  rows: number;
  /** Whether the queue has announced something since the last look. */
  hasNews: boolean;
  wake: () => void;
}

/**
 * Runs trials by workers on any machine, through a queue. Each attempt is a separate job, so a worker
 * that was taken for dead, but is not, cannot report for the trial any more.
 */
export class QueueRunner implements TrialRunner {
  /** Ids of the jobs of an earlier coordinator, by number of the trial. */
  readonly #left = new Map<number, string>();
  /** By id of the job. */
  readonly #followed = new Map<string, Followed>();

  private constructor(readonly options: QueueRunnerOptions) {
    options.queue.onNews((id) => {
      const followed = this.#followed.get(id);
      if (followed === undefined) return;
      followed.hasNews = true;
      followed.wake();
    });
  }

  /** Makes a runner that continues the jobs of an earlier coordinator of the sweep. */
  static async open(options: QueueRunnerOptions): Promise<QueueRunner> {
    const { queue, sweep, isOver } = options;
    const runner = new QueueRunner(options);
    for (const { id, number } of await queue.left(sweep)) {
      const older = runner.#left.get(number);
      const superseded = isOver(number) ? id : older;
      if (superseded !== undefined && !(await queue.remove(superseded))) await queue.askToPause(superseded);
      if (!isOver(number)) runner.#left.set(number, id);
    }
    return runner;
  }

  async run(
    request: TrialRequest,
    tell: (event: TrialEvent) => void,
    pause: AbortSignal,
  ): Promise<TrialOutcome> {
    const job = await this.options.jobOf(request);
    let id = this.#left.get(request.number);
    this.#left.delete(request.number);
    for (let isFirst = true; ; isFirst = false) {
      if (id === undefined) {
        if (pause.aborted) return { ended: 'paused' };
        id = `${job.sweep}-${request.number}-${randomBytes(4).toString('hex')}`;
        if (!(await this.#add(id, job, !isFirst, pause))) return { ended: 'paused' };
      }
      const outcome = await this.#follow(id, tell, pause);
      // The worker was stopped, or an earlier coordinator paused the job: another worker continues it.
      if (outcome.ended !== 'paused' || pause.aborted) return outcome;
      if (outcome.why !== undefined) this.options.onRefusal(outcome.why);
      id = undefined;
    }
  }

  /** Adds a job to the queue. @returns false if the trial was to pause before */
  async #add(id: string, job: TrialJob, first: boolean, pause: AbortSignal): Promise<boolean> {
    const followed = { id, rows: 0, hasNews: false, wake: () => undefined };
    const patience = new Patience(pause);
    const add = (): Promise<boolean> => this.options.queue.add(id, job, first).then(() => true);
    try {
      while (!pause.aborted) {
        if ((await patience.within(this.#tried(add, false))) === true) return true;
        await this.#news(followed, pause);
      }
      return false;
    } finally {
      patience.end();
    }
  }

  /** Reports the events of a job until it ends, or until its time to pause is over. */
  async #follow(id: string, tell: (event: TrialEvent) => void, pause: AbortSignal): Promise<TrialOutcome> {
    const { queue } = this.options;
    const followed: Followed = { id, rows: 0, hasNews: false, wake: () => undefined };
    this.#followed.set(id, followed);
    const patience = new Patience(pause);
    const { within } = patience;
    let isAsked = false;
    try {
      for (;;) {
        followed.hasNews = false;
        const seen = await within(
          this.#tried<QueuedState>(() => this.#look(followed, tell, patience), { state: 'waiting' }),
        );
        if (seen === undefined) return { ended: 'paused' };
        if (seen.state === 'gone') return { ended: 'lost', why: 'the queue does not have its job any more' };
        if (seen.state === 'ended') {
          await within(this.#tried(() => queue.remove(id), false));
          return seen.outcome;
        }
        if (pause.aborted && !isAsked) {
          // A job that a worker has taken may have ended by now, and its outcome must not be lost.
          if (seen.state === 'waiting' && (await within(this.#tried(() => queue.remove(id), false))) === true)
            return { ended: 'paused' };
          const ask = (): Promise<boolean> => queue.askToPause(id).then(() => true);
          isAsked = (await within(this.#tried(ask, false))) === true;
        }
        await within(this.#news(followed, pause));
      }
    } finally {
      patience.end();
      this.#followed.delete(id);
    }
  }

  /** Reads the state of a job before its rows, so that all rows of an ended job are read. */
  async #look(
    followed: Followed,
    tell: (event: TrialEvent) => void,
    patience: Patience,
  ): Promise<QueuedState> {
    const { queue } = this.options;
    const seen = await queue.state(followed.id);
    if (seen.state === 'gone') return seen;
    for (const row of await queue.rows(followed.id, followed.rows)) {
      if (patience.isOver) break;
      followed.rows++;
      for (const event of row) tell(event);
    }
    return seen;
  }

  /** Returns the result of some work, or another value if the work fails, which is reported. */
  async #tried<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.options.onTrouble(messageOf(error));
      return otherwise;
    }
  }

  /** Waits until the queue announces something about a job, until the pause, or for LOOK_EVERY_MS. */
  #news(followed: Followed, pause: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        pause.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, LOOK_EVERY_MS);
      pause.addEventListener('abort', done);
      followed.wake = done;
      if (followed.hasNews) done();
    });
  }
}

/** Limits waits for a server: without a limit at first, and to PAUSING_MS after a trial is to pause. */
class Patience {
  isOver = false;
  #timer: NodeJS.Timeout | undefined;
  #end: () => void = () => undefined;
  readonly #ended: Promise<undefined>;
  readonly #begin = (): void => void (this.#timer = setTimeout(() => this.end(), PAUSING_MS));

  constructor(readonly pause: AbortSignal) {
    this.#ended = new Promise((resolve) => (this.#end = () => resolve(undefined)));
    if (pause.aborted) this.#begin();
    pause.addEventListener('abort', this.#begin);
  }

  /** Returns the result of some work; undefined if it takes too long. */
  readonly within = <T>(work: Promise<T>): Promise<T | undefined> => Promise.race([work, this.#ended]);

  end(): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.pause.removeEventListener('abort', this.#begin);
    this.#end();
  }
}

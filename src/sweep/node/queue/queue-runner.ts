import { randomBytes } from 'node:crypto';
import { messageOf } from '../../../core/errors.js';
import type { TrialEvent, TrialOutcome, TrialRequest, TrialRunner } from '../../trial.js';
import type { TrialJob } from './trial-job.js';
import type { QueuedState, TrialQueue } from './trial-queue.js';

/** The queue is looked at so often, even where it brings no news. */
const LOOK_EVERY_MS = 2000;
/** A worker that went away cannot pause: after so long a trial that was to pause is let go. */
const PAUSING_MS = 60_000;

/** What a queue runner is made of. */
export interface QueueRunnerOptions {
  readonly queue: TrialQueue;
  /** The mark of the sweep. */
  readonly sweep: string;
  readonly jobOf: (request: TrialRequest) => Promise<TrialJob>;
  /** Whether a trial has ended by the record: what a former coordinator left of it is taken out. */
  readonly isOver: (number: number) => boolean;
  /** Told where the queue does not do what it is asked. The runner tries again. */
  readonly onTrouble: (why: string) => void;
  /** Told where a worker could not take a trial, which goes to another one. */
  readonly onRefusal: (why: string) => void;
}

/** A job that is followed. */
interface Followed {
  readonly id: string;
  /** Rows that were told. */
  rows: number;
  /** Since it was last looked at. */
  hasNews: boolean;
  wake: () => void;
}

/**
 * Gives trials to workers on any machine. Each attempt is a job of its own, so that a worker that is
 * taken for dead and is not can no longer speak for the trial.
 */
export class QueueRunner implements TrialRunner {
  /** Jobs that a former coordinator left, by trial. */
  readonly #left = new Map<number, string>();
  /** Jobs that are followed. */
  readonly #followed = new Map<string, Followed>();

  private constructor(readonly options: QueueRunnerOptions) {
    options.queue.onNews((id) => {
      const followed = this.#followed.get(id);
      if (followed === undefined) return;
      followed.hasNews = true;
      followed.wake();
    });
  }

  /** Takes up the jobs of a former coordinator of the sweep. */
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
      // A worker that was stopped, or the pause of a former coordinator: the trial goes on elsewhere.
      if (outcome.ended !== 'paused' || pause.aborted) return outcome;
      if (outcome.why !== undefined) this.options.onRefusal(outcome.why);
      id = undefined;
    }
  }

  /** @returns false where the trial was to pause before the queue had it */
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

  /** Follows a job to its end, or until it has had its time to pause. */
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
        if (seen.state === 'gone') return { ended: 'lost', why: 'the queue no longer has it' };
        if (seen.state === 'ended') {
          await within(this.#tried(() => queue.remove(id), false));
          return seen.outcome;
        }
        if (pause.aborted && !isAsked) {
          // One that a worker has may have come to its end by now, which must not get lost.
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

  /** The state first: what was told before the end of a job is in its rows then. */
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

  async #tried<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.options.onTrouble(messageOf(error));
      return otherwise;
    }
  }

  /** Waits for news of a job, for the pause, or for a while. */
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

/** Waits for a server that may be away, but not for ever once a trial is to pause. */
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

  /** What the work comes to; undefined where that takes too long. */
  readonly within = <T>(work: Promise<T>): Promise<T | undefined> => Promise.race([work, this.#ended]);

  end(): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    this.pause.removeEventListener('abort', this.#begin);
    this.#end();
  }
}

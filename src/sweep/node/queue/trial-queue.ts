import type { JobState } from 'bullmq';
import type { TrialEvent, TrialOutcome } from '../../trial.js';
import { closeAll, onServer, reached, reasonOf } from '../../../io/node/queue-server.js';
import { eventsOf, QUEUE_NAME, type TrialJob } from './trial-job.js';

/** The state of a job in the queue. */
export type QueuedState =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'ended'; readonly outcome: TrialOutcome }
  /** The queue does not have the job. */
  | { readonly state: 'gone' };

/** The operations of a queue that a coordinator uses. */
export interface TrialQueue {
  /** Adds a job. @param first whether it comes before all waiting jobs */
  add(id: string, job: TrialJob, first: boolean): Promise<void>;
  state(id: string): Promise<QueuedState>;
  /** Returns the rows of events that a worker has sent, from row `from` on. */
  rows(id: string, from: number): Promise<readonly TrialEvent[][]>;
  /** Asks the worker that runs a job to pause it. */
  askToPause(id: string): Promise<void>;
  /** Removes a job. @returns false if a worker runs it */
  remove(id: string): Promise<boolean>;
  /** Returns the jobs of a sweep that an earlier coordinator has added, the oldest first. */
  left(sweep: string): Promise<readonly { readonly id: string; readonly number: number }[]>;
  /** Returns the number of workers. */
  workers(): Promise<number>;
  /** Calls the listener when a job has changed. Calls can be missed, so the caller also looks regularly. */
  onNews(listener: (id: string) => void): void;
  close(): Promise<void>;
}

/** States in which jobs of an earlier coordinator may be. */
const STATES = ['wait', 'active', 'completed', 'failed'] as const;

/**
 * Opens the queue of a server.
 * @param onTrouble called repeatedly while the server cannot be reached
 * @throws OptionError; UnrolledError if the server cannot be reached, or packages are not installed
 */
export function openTrialQueue(url: string, onTrouble: (why: string) => void): Promise<TrialQueue> {
  return onServer(url, async (classes, connection) => {
    const queue = new classes.Queue<TrialJob, TrialOutcome>(QUEUE_NAME, { connection });
    queue.on('error', () => undefined);
    try {
      await reached(url, queue);
    } catch (error) {
      await closeAll([() => queue.close()]);
      throw error;
    }
    const events = new classes.QueueEvents(QUEUE_NAME, { connection });
    const trouble = (error: Error): void => onTrouble(reasonOf(error));
    queue.on('error', trouble);
    events.on('error', () => undefined);
    return {
      async add(id, job, first) {
        await queue.add('trial', job, { jobId: id, lifo: first });
      },
      async state(id) {
        const state: JobState | 'unknown' = await queue.getJobState(id);
        if (state === 'unknown') return { state: 'gone' };
        if (state !== 'completed' && state !== 'failed')
          return { state: state === 'active' ? 'running' : 'waiting' };
        const job = await queue.getJob(id);
        if (job === undefined) return { state: 'gone' };
        return { state: 'ended', outcome: outcomeOf(job.returnvalue, job.failedReason) };
      },
      async rows(id, from) {
        const { logs } = await queue.getJobLogs(id, from);
        return logs.map(eventsOf);
      },
      async askToPause(id) {
        const job = await queue.getJob(id);
        await job?.updateData({ ...job.data, pause: true });
      },
      async remove(id) {
        return (await queue.remove(id)) === 1 || (await queue.getJobState(id)) === 'unknown';
      },
      async left(sweep) {
        const jobs = await queue.getJobs([...STATES]);
        return jobs
          .filter((job) => job?.data.sweep === sweep)
          .sort((a, b) => a.timestamp - b.timestamp)
          .flatMap(({ id, data: { number } }) => (id === undefined ? [] : [{ id, number }]));
      },
      workers: () => queue.getWorkersCount(),
      onNews(listener) {
        const tell = ({ jobId }: { readonly jobId: string }): void => listener(jobId);
        events.on('progress', tell).on('completed', tell).on('failed', tell);
      },
      close: () => closeAll([() => events.close(), () => queue.close()]),
    };
  });
}

/** Returns the outcome of an ended job. Without a result, its lock was not renewed, or its worker failed. */
function outcomeOf(result: TrialOutcome | null | undefined, failed: string | undefined): TrialOutcome {
  if (result !== null && result !== undefined) return result;
  const isLost = failed?.includes('stalled') === true;
  return { ended: 'lost', why: isLost ? 'its worker has gone' : (failed ?? 'it has no result') };
}

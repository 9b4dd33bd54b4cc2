import type { JobState } from 'bullmq';
import type { TrialEvent, TrialOutcome } from '../../trial.js';
import { closeAll, onServer, reached, reasonOf } from '../../../io/node/queue-server.js';
import { eventsOf, QUEUE_NAME, type TrialJob } from './trial-job.js';

/** How a trial stands in the queue. */
export type QueuedState =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'ended'; readonly outcome: TrialOutcome }
  /** The queue does not know it. */
  | { readonly state: 'gone' };

/** The queue as a coordinator sees it. */
export interface TrialQueue {
  /** @param first before those that wait */
  add(id: string, job: TrialJob, first: boolean): Promise<void>;
  state(id: string): Promise<QueuedState>;
  /** Events that a worker told, from a row on. */
  rows(id: string, from: number): Promise<readonly TrialEvent[][]>;
  /** Asks the worker that has the trial to let it pause. */
  askToPause(id: string): Promise<void>;
  /** Takes a trial out. @returns false where a worker has it */
  remove(id: string): Promise<boolean>;
  /** The trials of a sweep that a former coordinator put in, the oldest first. */
  left(sweep: string): Promise<readonly { readonly id: string; readonly number: number }[]>;
  workers(): Promise<number>;
  /** Calls back whenever something happened to a trial. A missed call is possible. */
  onNews(listener: (id: string) => void): void;
  close(): Promise<void>;
}

/** Where trials of other coordinators may be, that are not done with. */
const STATES = ['wait', 'active', 'completed', 'failed'] as const;

/**
 * Opens the queue of a server.
 * @param onTrouble told while the server is out of reach, again and again
 * @throws OptionError; UnrolledError where the server cannot be reached, or packages are not installed
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

/** A job without a result failed: nobody renewed its lock, or its worker could not carry it out. */
function outcomeOf(result: TrialOutcome | null | undefined, failed: string | undefined): TrialOutcome {
  if (result !== null && result !== undefined) return result;
  const isLost = failed?.includes('stalled') === true;
  return { ended: 'lost', why: isLost ? 'its worker went away' : (failed ?? 'it has no result') };
}

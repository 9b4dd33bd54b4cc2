import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../core/errors.js';
import { closeAll, onServer, reached, reasonOf } from '../../io/node/queue-server.js';
import type { Board, Note } from './board.js';

/** Milliseconds between two looks for notes, even if the server announces none. */
const LOOK_EVERY_MS = 2000;
/** Milliseconds until a server that cannot be reached is asked again. */
const RETRY_MS = 1000;

/** The part of a queue that a board uses. */
interface NoteQueue {
  add(name: string, data: Note, options: { readonly jobId: string }): Promise<unknown>;
  getJob(id: string): Promise<{ readonly data: Note } | undefined>;
  getJobs(): Promise<readonly ({ readonly id?: string | undefined } | undefined)[]>;
  remove(id: string): Promise<unknown>;
}

/**
 * Opens a board on a server of queues. Each run has its own queue there, and a note is a job that
 * nobody takes: of two with the same name the server keeps the first.
 * @param run the mark of the run
 * @param onTrouble called repeatedly while the server cannot be reached
 * @throws OptionError; UnrolledError if the server cannot be reached, or packages are not installed
 */
export function openQueueBoard(url: string, run: string, onTrouble: (why: string) => void): Promise<Board> {
  return onServer(url, async (classes, connection) => {
    const name = queueOfRun(run);
    const queue = new classes.Queue<Note>(name, { connection });
    queue.on('error', () => undefined);
    try {
      await reached(url, queue);
    } catch (error) {
      await closeAll([() => queue.close()]);
      throw error;
    }
    queue.on('error', (error: Error) => onTrouble(reasonOf(error)));
    const events = new classes.QueueEvents(name, { connection });
    events.on('error', () => undefined);
    const news = new News();
    events.on('waiting', () => news.tell());
    return boardOf(queue, news, onTrouble, () => closeAll([() => events.close(), () => queue.close()]));
  });
}

/** Deletes all notes of a run that has ended. */
export function deleteNotes(url: string, run: string): Promise<void> {
  return onServer(url, async (classes, connection) => {
    const queue = new classes.Queue<Note>(queueOfRun(run), { connection });
    queue.on('error', () => undefined);
    try {
      await reached(url, queue);
      await queue.obliterate({ force: true });
    } finally {
      await closeAll([() => queue.close()]);
    }
  });
}

function queueOfRun(run: string): string {
  return `unrolled-spread-${run}`;
}

/** Wakes those that wait for notes. */
class News {
  readonly #waiting = new Set<() => void>();
  #count = 0;
  #seen = 0;

  tell(): void {
    this.#count++;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Waits for news since the last call, or for a while. @throws the reason of the signal */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#count === this.#seen)
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(done);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, LOOK_EVERY_MS);
        this.#waiting.add(done);
        signal?.addEventListener('abort', done);
      });
    this.#seen = this.#count;
    signal?.throwIfAborted();
  }
}

function boardOf(
  queue: NoteQueue,
  news: News,
  onTrouble: (why: string) => void,
  close: () => Promise<void>,
): Board {
  /** Notes of this worker, which a server that lost its data gets again. */
  const own = new Map<string, Note>();
  const persist = async <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await orAborted(work(), signal);
      } catch (error) {
        signal?.throwIfAborted();
        onTrouble(messageOf(error));
        await sleep(RETRY_MS, undefined, signal ? { signal } : {}).catch(() => undefined);
      }
    }
  };
  const read = async (name: string): Promise<Note | undefined> =>
    (await queue.getJob(name))?.data ?? undefined;
  let looked = performance.now();
  return {
    post: (name, note, signal) =>
      persist(async () => {
        await queue.add('note', note, { jobId: name });
        const there = (await read(name)) ?? note;
        own.set(name, there);
        return there;
      }, signal),
    read: (name, signal) => persist(() => read(name), signal),
    async remove(name) {
      for (const known of [...own.keys()])
        if (name.endsWith('/') ? known.startsWith(name) : known === name) own.delete(known);
      // Notes that cannot be deleted now are deleted with the run.
      await removeNotes(queue, name).catch((error: unknown) => onTrouble(messageOf(error)));
    },
    async change(_, signal) {
      await news.wait(signal);
      if (performance.now() - looked < LOOK_EVERY_MS) return;
      looked = performance.now();
      for (const [name, note] of own) await persist(() => queue.add('note', note, { jobId: name }), signal);
    },
    close,
  };
}

async function removeNotes(queue: NoteQueue, name: string): Promise<void> {
  if (!name.endsWith('/')) await queue.remove(name);
  else
    for (const job of await queue.getJobs())
      if (job?.id?.startsWith(name) === true) await queue.remove(job.id);
}

/** A client may wait for its server without a limit. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new Error('aborted'));
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

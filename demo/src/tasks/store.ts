import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { OwnChoice } from './own/choice.js';
import type { OwnData, TaskSettings } from './protocol.js';
import type { Moment } from './view.js';

/** Most runs that are stored; the oldest are removed. */
export const MOST_TASKS = 12;

/** A point of the curve. */
export interface SharePoint {
  readonly step: number;
  readonly share: number;
}

/** A run in the list. */
export interface KeptRun {
  /** Its configuration as an address: see `keyOf`. */
  readonly key: string;
  readonly title: string;
  readonly settings: TaskSettings;
  /** Key of a visitor's records. */
  readonly data?: string;
  readonly step: number;
  readonly share: number;
  /** Milliseconds since 1970. */
  readonly when: number;
}

/** Everything that a run needs to be resumed. */
export interface KeptState {
  readonly checkpoint: Uint8Array;
  readonly curve: readonly SharePoint[];
  readonly moments: readonly Moment[];
}

/** A visitor's records. */
interface KeptData {
  readonly name: string;
  readonly content: Blob;
  readonly choice: OwnChoice;
}

interface Schema extends DBSchema {
  runs: { key: string; value: KeptRun };
  states: { key: string; value: KeptState };
  data: { key: string; value: KeptData };
}

const STORES = ['runs', 'states', 'data'] as const;

/**
 * Runs of tasks in this browser's storage. Every call may fail: with a full disk, or in a private
 * window.
 */
export class TaskStore {
  #database: Promise<IDBPDatabase<Schema>> | undefined;

  /** Newest first. */
  async runs(): Promise<KeptRun[]> {
    const runs = await (await this.#open()).getAll('runs');
    return runs.sort((a, b) => b.when - a.when);
  }

  async run(key: string): Promise<(KeptRun & KeptState) | undefined> {
    const transaction = (await this.#open()).transaction(['runs', 'states']);
    const [run, state] = await Promise.all([
      transaction.objectStore('runs').get(key),
      transaction.objectStore('states').get(key),
    ]);
    return run && state ? { ...run, ...state } : undefined;
  }

  async data(key: string): Promise<OwnData | undefined> {
    return (await this.#open()).get('data', key);
  }

  /** Replaces the stored state of a run, and removes the oldest runs beyond the limit. */
  async put(run: KeptRun, state: KeptState, own?: OwnData): Promise<void> {
    const transaction = (await this.#open()).transaction(STORES, 'readwrite');
    const runs = transaction.objectStore('runs');
    await Promise.all([
      runs.put(run, run.key),
      transaction.objectStore('states').put(state, run.key),
      own && run.data !== undefined ? transaction.objectStore('data').put(own, run.data) : undefined,
    ]);
    const all = (await runs.getAll()).sort((a, b) => b.when - a.when);
    for (const { key } of all.slice(MOST_TASKS))
      await Promise.all([runs.delete(key), transaction.objectStore('states').delete(key)]);
    const needed = new Set(all.slice(0, MOST_TASKS).map(({ data }) => data));
    const data = transaction.objectStore('data');
    for (const key of await data.getAllKeys()) if (!needed.has(key)) await data.delete(key);
    await transaction.done;
  }

  async remove(key: string): Promise<void> {
    const transaction = (await this.#open()).transaction(STORES, 'readwrite');
    await Promise.all([
      transaction.objectStore('runs').delete(key),
      transaction.objectStore('states').delete(key),
    ]);
    await transaction.done;
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    const forget = (): void => void (this.#database = undefined);
    this.#database ??= openDB<Schema>('unrolled-tasks', 1, {
      upgrade: (database) => {
        for (const name of STORES) database.createObjectStore(name);
      },
      terminated: forget,
    });
    this.#database.catch(forget);
    return this.#database;
  }
}

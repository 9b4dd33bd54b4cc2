import type { DBSchema, IDBPDatabase } from 'idb';
import type { RunPast, RunStore, SavedRun } from './saved-run.js';

interface Schema extends DBSchema {
  /** The entries of the list. */
  runs: { key: string; value: SavedRun };
  /** By id of the run. */
  checkpoints: { key: string; value: Uint8Array };
  /** By id of the run. */
  pasts: { key: string; value: RunPast };
  /** By key of the text. */
  texts: { key: string; value: string | Blob };
}

const NAME = 'unrolled';
const STORES = ['runs', 'checkpoints', 'pasts', 'texts'] as const;

/** Saved runs in IndexedDB, which all pages, workers and tabs of this origin share. */
export class IndexedRunStore implements RunStore {
  #database: Promise<IDBPDatabase<Schema>> | undefined;

  async runs(): Promise<SavedRun[]> {
    const runs = await (await this.#open()).getAll('runs');
    return runs.sort((a, b) => b.when - a.when);
  }

  async checkpoint(id: string): Promise<Uint8Array | undefined> {
    return (await this.#open()).get('checkpoints', id);
  }

  async text(key: string): Promise<string | Blob | undefined> {
    return (await this.#open()).get('texts', key);
  }

  async put(run: SavedRun, checkpoint: Uint8Array, text?: string | Blob): Promise<void> {
    const transaction = (await this.#open()).transaction(STORES, 'readwrite');
    const work = async (): Promise<void> => {
      const texts = transaction.objectStore('texts');
      if (text !== undefined && 'key' in run.text && (await texts.getKey(run.text.key)) === undefined)
        await texts.put(text, run.text.key);
      await transaction.objectStore('checkpoints').put(checkpoint, run.id);
      await transaction.objectStore('runs').put(run, run.id);
    };
    await settle(transaction, work());
  }

  async past(id: string): Promise<RunPast | undefined> {
    return (await this.#open()).get('pasts', id);
  }

  async putPast(id: string, past: RunPast): Promise<void> {
    const transaction = (await this.#open()).transaction(STORES, 'readwrite');
    const work = async (): Promise<void> => {
      if ((await transaction.objectStore('runs').getKey(id)) !== undefined)
        await transaction.objectStore('pasts').put(past, id);
    };
    await settle(transaction, work());
  }

  async remove(ids: readonly string[]): Promise<void> {
    const transaction = (await this.#open()).transaction(STORES, 'readwrite');
    const work = async (): Promise<void> => {
      const [runs, texts] = [transaction.objectStore('runs'), transaction.objectStore('texts')];
      for (const id of ids)
        await Promise.all([
          runs.delete(id),
          transaction.objectStore('checkpoints').delete(id),
          transaction.objectStore('pasts').delete(id),
        ]);
      const needed = new Set((await runs.getAll()).map(({ text }) => ('key' in text ? text.key : undefined)));
      for (const key of await texts.getAllKeys()) if (!needed.has(key)) await texts.delete(key);
    };
    await settle(transaction, work());
  }

  async clear(): Promise<void> {
    const transaction = (await this.#open()).transaction(STORES, 'readwrite');
    await settle(transaction, Promise.all(STORES.map((name) => transaction.objectStore(name).clear())));
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    const forget = (): void => void (this.#database = undefined);
    this.#database ??= this.#begin(forget);
    this.#database.catch(forget);
    return this.#database;
  }

  /** The library is loaded on first use, so that the first letters do not wait for it. */
  async #begin(forget: () => void): Promise<IDBPDatabase<Schema>> {
    const { openDB } = await import('idb');
    return openDB<Schema>(NAME, 1, {
      upgrade: (database) => {
        for (const name of STORES) database.createObjectStore(name);
      },
      // A page of a newer version wants to change the stores. Close them here; the next use opens
      // them again.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
  }
}

/**
 * Waits for the work and its transaction. If the work fails, the transaction is undone. If the
 * transaction fails, report its reason rather than that of the request that failed with it.
 */
async function settle(
  transaction: { readonly done: Promise<void>; abort(): void },
  work: Promise<unknown>,
): Promise<void> {
  const [worked, done] = await Promise.allSettled([
    work.catch((error: unknown) => {
      try {
        transaction.abort();
      } catch {
        // The transaction has already ended.
      }
      throw error;
    }),
    transaction.done,
  ]);
  const reasons = [done, worked].flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (reasons.length > 0)
    throw reasons.find((reason) => !(reason instanceof Error && reason.name === 'AbortError')) ?? reasons[0];
}

import type { HistoryColumns } from '../training/history.js';
import type { RunFacts, Sample, SavedRun, Settings, Stored } from '../training/protocol.js';

// Page and worker speak of these, so they stand with what the two say to each other.
export type { RunLabel, RunState, SavedRun, Stored, TextNote } from '../training/protocol.js';

/** Saved runs beyond which the oldest one is removed. */
export const MOST_RUNS = 12;

/** What a run has shown: curve and samples, for the page alone. */
export interface RunPast {
  readonly columns: HistoryColumns;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

/** Is told of the runs of a page. */
export interface RunWatcher {
  /**
   * A run is there, and has not moved on yet.
   * @param fresh whether "Reset" begins it with fresh weights
   * @param same whether it is the run before, which goes on after an error
   */
  began(facts: RunFacts, settings: Settings, fresh: boolean, same: boolean): void;
  /** Somebody has let it train, or pause. */
  turned(): void;
  stored(stored: Stored): void;
}

/**
 * The browser's storage of runs. Any call may fail: a private window, a full disk, storage that is
 * switched off.
 */
export interface RunStore {
  /** The newest first. */
  runs(): Promise<SavedRun[]>;
  checkpoint(id: string): Promise<Uint8Array | undefined>;
  text(key: string): Promise<string | Blob | undefined>;
  /**
   * Replaces the run's entry and state, both or neither; `text` is written where its key is not
   * there yet.
   */
  put(run: SavedRun, checkpoint: Uint8Array, text?: string | Blob): Promise<void>;
  past(id: string): Promise<RunPast | undefined>;
  /** Replaces what the run has shown; nothing happens where there is no such run. */
  putPast(id: string, past: RunPast): Promise<void>;
  /** Removes runs, and texts that no other run needs. */
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

/**
 * Ids of the runs to remove, so that no more than `most` remain: the oldest, but none that is open
 * in a tab.
 */
export function surplus(runs: readonly SavedRun[], open: ReadonlySet<string>, most = MOST_RUNS): string[] {
  const newestFirst = [...runs].sort((a, b) => b.when - a.when);
  return newestFirst.flatMap(({ id }, place) => (place >= most && !open.has(id) ? [id] : []));
}

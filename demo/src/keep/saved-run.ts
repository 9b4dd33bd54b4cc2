import type { HistoryColumns } from '../training/history.js';
import type { RunFacts, Sample, SavedRun, Settings, Stored } from '../training/protocol.js';

// Page and worker exchange these, so they are declared with the messages between the two.
export type { MissingText, RunLabel, RunState, SavedRun, Stored, TextNote } from '../training/protocol.js';

/** The most runs that are stored. Beyond that the oldest is removed. */
export const MOST_RUNS = 12;

/** What a run has shown so far, its curve and samples. Only the page needs it. */
export interface RunPast {
  readonly columns: HistoryColumns;
  /** Oldest first. */
  readonly samples: readonly Sample[];
}

/** Receives events of the page's run. */
export interface RunWatcher {
  /**
   * A run was made and has not taken a step yet.
   * @param fresh whether "Reset" gives it new weights
   * @param same whether it is the previous run, continued after an error
   */
  began(facts: RunFacts, settings: Settings, fresh: boolean, same: boolean): void;
  /** The visitor has started or paused training. */
  turned(): void;
  stored(stored: Stored): void;
}

/**
 * The browser's storage of runs. Every call may fail: in a private window, with a full disk, or
 * with storage switched off.
 */
export interface RunStore {
  /** Newest first. */
  runs(): Promise<SavedRun[]>;
  checkpoint(id: string): Promise<Uint8Array | undefined>;
  text(key: string): Promise<string | Blob | undefined>;
  /**
   * Replaces the run's entry and state, both or neither. `text` is written if the storage does not
   * have its key yet.
   */
  put(run: SavedRun, checkpoint: Uint8Array, text?: string | Blob): Promise<void>;
  past(id: string): Promise<RunPast | undefined>;
  /** Replaces what the run has shown. Does nothing if there is no such run. */
  putPast(id: string, past: RunPast): Promise<void>;
  /** Removes runs, and the texts that no other run uses. */
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

/**
 * Returns the ids of the oldest runs to remove, so that at most `most` remain. Runs that are open
 * in a tab are never removed.
 */
export function surplus(runs: readonly SavedRun[], open: ReadonlySet<string>, most = MOST_RUNS): string[] {
  const newestFirst = [...runs].sort((a, b) => b.when - a.when);
  return newestFirst.flatMap(({ id }, place) => (place >= most && !open.has(id) ? [id] : []));
}

import type { SampleSettings, Settings } from '../protocol.js';

/** Saved runs beyond which the oldest one is removed. */
export const MOST_RUNS = 12;

/** Where the text of a saved run is found again: named texts by their names, others by their key in the storage. */
export type TextNote =
  | { readonly kind: 'bundled' | 'synthetic'; readonly name: string }
  | {
      readonly kind: 'pasted' | 'file';
      /** Runs over the same text share one copy of it. */
      readonly key: string;
      /** Why its content is not in the storage, as a sentence; absent where it is. */
      readonly missing?: string;
    };

/** What the page notes of a run beside its state. */
export interface RunLabel {
  readonly id: string;
  /** Title of its text. */
  readonly name: string;
  readonly text: TextNote;
  readonly settings: Omit<Settings, 'text'>;
  readonly sampling: SampleSettings;
  /** Whether it began with fresh weights, so that "Reset" can begin so again. */
  readonly fresh: boolean;
}

/** Where a run is. */
export interface RunState {
  readonly step: number;
  /** Smooth loss, in the run's own units. */
  readonly loss: number;
  /** Whether it was training, not paused. */
  readonly playing: boolean;
}

/** An entry of the list of saved runs: small; checkpoint, text and history stand apart. */
export interface SavedRun extends RunLabel, RunState {
  /** Milliseconds since 1970. */
  readonly when: number;
  /** Size of its checkpoint. */
  readonly bytes: number;
}

/** What became of a state that was to be stored. */
export type Stored =
  | { readonly ok: true; readonly run: SavedRun }
  /** @param reason one sentence or two: what happened, what to do */
  | { readonly ok: false; readonly step: number; readonly reason: string };

/** The browser's storage of runs. Any call may fail: a private window, a full disk, storage that is switched off. */
export interface RunStore {
  /** The newest first. */
  runs(): Promise<SavedRun[]>;
  checkpoint(id: string): Promise<Uint8Array | undefined>;
  text(key: string): Promise<string | Blob | undefined>;
  /** Replaces the run's entry and state, both or neither; `text` is written where its key is not there yet. */
  put(run: SavedRun, checkpoint: Uint8Array, text?: string | Blob): Promise<void>;
  /** Removes runs, and texts that no other run needs. */
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

/** Ids of the runs to remove, so that no more than `most` remain: the oldest, but none that is open in a tab. */
export function surplus(runs: readonly SavedRun[], open: ReadonlySet<string>, most = MOST_RUNS): string[] {
  const newestFirst = [...runs].sort((a, b) => b.when - a.when);
  return newestFirst.flatMap(({ id }, place) => (place >= most && !open.has(id) ? [id] : []));
}

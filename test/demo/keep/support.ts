import type { RunLabel, RunPast, RunStore, SavedRun, TextNote } from '../../../demo/src/keep/saved-run.js';
import type { Settings } from '../../../demo/src/training/protocol.js';

/** A store in memory with so much room, in bytes and characters. */
export class FakeStore implements RunStore {
  readonly entries = new Map<string, SavedRun>();
  readonly checkpoints = new Map<string, Uint8Array>();
  readonly texts = new Map<string, string | Blob>();
  puts = 0;
  /** Holds writes back as long as it is not resolved. */
  gate: Promise<void> = Promise.resolve();

  constructor(public room = Infinity) {}

  runs(): Promise<SavedRun[]> {
    return Promise.resolve([...this.entries.values()]);
  }

  checkpoint(id: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.checkpoints.get(id));
  }

  text(key: string): Promise<string | Blob | undefined> {
    return Promise.resolve(this.texts.get(key));
  }

  async put(run: SavedRun, checkpoint: Uint8Array, text?: string | Blob): Promise<void> {
    await this.gate;
    this.puts++;
    const need =
      checkpoint.length + (text === undefined ? 0 : typeof text === 'string' ? text.length : text.size);
    if (need > this.room) throw new DOMException('', 'QuotaExceededError');
    if (text !== undefined && 'key' in run.text && !this.texts.has(run.text.key))
      this.texts.set(run.text.key, text);
    this.checkpoints.set(run.id, checkpoint);
    this.entries.set(run.id, run);
  }

  past(): Promise<RunPast | undefined> {
    return Promise.resolve(undefined);
  }

  putPast(): Promise<void> {
    return Promise.resolve();
  }

  remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) for (const store of [this.entries, this.checkpoints]) store.delete(id);
    return Promise.resolve();
  }

  clear(): Promise<void> {
    for (const store of [this.entries, this.checkpoints, this.texts]) store.clear();
    return Promise.resolve();
  }
}

/** A label of a run; its settings matter to nobody here. */
export function label(id: string, text: TextNote = { kind: 'bundled', name: 'english' }): RunLabel {
  return {
    id,
    name: 'a text',
    text,
    settings: { preset: 'min-char-rnn' } as Omit<Settings, 'text'>,
    sampling: {} as RunLabel['sampling'],
    fresh: true,
  };
}

/** An entry that was saved at this time. */
export function entry(id: string, when: number): SavedRun {
  return { ...label(id), step: 1, bits: 2, when, bytes: 3 };
}

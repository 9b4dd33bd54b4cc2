import type { TextChoice } from '../training/protocol.js';
import { missingText, storageFault } from './storage-faults.js';
import type { MissingText, RunLabel, RunState, RunStore, SavedRun, Stored, TextNote } from './saved-run.js';

/** Most bytes of a text that are copied into the browser's storage. */
export const MOST_TEXT_BYTES = 256 * 2 ** 20;

/**
 * Writes the states of one run to the storage, one at a time. If several states wait, only the
 * newest is written.
 */
export class Keeper {
  label: RunLabel;
  #note: TextNote;
  readonly #text: string | Blob | undefined;
  #next: { readonly state: RunState; readonly checkpoint: Uint8Array } | undefined;
  #writing: Promise<void> | undefined;
  #closed = false;

  /**
   * @param text what the run learns; pasted texts and files are stored with it
   * @param tell called after every write with its result
   */
  constructor(
    readonly store: RunStore,
    label: RunLabel,
    text: TextChoice,
    readonly tell: (stored: Stored) => void,
  ) {
    this.label = label;
    this.#note = label.text;
    this.#text = text.kind === 'pasted' ? text.text : text.kind === 'file' ? text.file : undefined;
  }

  /** Stores a state soon. The caller must not change or transfer the checkpoint afterwards. */
  keep(state: RunState, checkpoint: Uint8Array): void {
    if (this.#closed) return;
    this.#next = { state, checkpoint };
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
  }

  /** Stops writing, and resolves after the current write has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#next = undefined;
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#next) {
      const { state, checkpoint } = this.#next;
      this.#next = undefined;
      this.tell(await this.#put(state, checkpoint));
    }
  }

  async #put(state: RunState, checkpoint: Uint8Array): Promise<Stored> {
    const text = this.#text;
    const size = typeof text === 'string' ? 2 * text.length : (text?.size ?? 0);
    if (this.#hasText && size > MOST_TEXT_BYTES) this.#miss({ why: 'tooLarge', size, most: MOST_TEXT_BYTES });
    try {
      return await this.#attempt(state, checkpoint);
    } catch (error) {
      if (!this.#hasText) {
        const reason = await storageFault(error, state.step);
        return { ok: false, step: state.step, reason };
      }
      // The state is worth more than the text, which the visitor usually has elsewhere.
      this.#miss(missingText(error));
      return this.#put(state, checkpoint);
    }
  }

  async #attempt(state: RunState, checkpoint: Uint8Array): Promise<Stored> {
    const run: SavedRun = {
      ...this.label,
      ...state,
      text: this.#note,
      when: Date.now(),
      bytes: checkpoint.byteLength,
    };
    await this.store.put(run, checkpoint, this.#hasText ? this.#text : undefined);
    return { ok: true, run };
  }

  get #hasText(): boolean {
    return this.#text !== undefined && 'key' in this.#note && this.#note.missing === undefined;
  }

  #miss(missing: MissingText): void {
    if ('key' in this.#note) this.#note = { ...this.#note, missing };
  }
}

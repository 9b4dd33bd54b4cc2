import type { TextChoice } from '../training/protocol.js';
import type { RunStore, SavedRun, TextNote } from './saved-run.js';

/** Returns a name that no other run or text has. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** Assigns keys to texts in the storage. Consecutive runs over the same text share one key. */
export class TextKeys {
  #last: { readonly choice: TextChoice; readonly key: string } | undefined;

  /** Returns what is stored about the text of a new run. */
  noteOf(choice: TextChoice): TextNote {
    if (choice.kind === 'bundled' || choice.kind === 'synthetic')
      return { kind: choice.kind, name: choice.name };
    if (!this.#last || !isSame(this.#last.choice, choice)) this.#last = { choice, key: newId() };
    return { kind: choice.kind, key: this.#last.key };
  }

  /** Takes over the key of a saved run's text. */
  take(choice: TextChoice, note: TextNote): void {
    if ('key' in note) this.#last = { choice, key: note.key };
  }
}

function isSame(a: TextChoice, b: TextChoice): boolean {
  if (a.kind === 'pasted' && b.kind === 'pasted') return a.text === b.text;
  if (a.kind !== 'file' || b.kind !== 'file' || !a.file || !b.file) return false;
  return (
    a.file.name === b.file.name && a.file.size === b.file.size && a.file.lastModified === b.file.lastModified
  );
}

/**
 * Returns the text of a saved run as a choice of the form, or undefined if its content was not
 * stored.
 */
export async function textOf({ text, name }: SavedRun, store: RunStore): Promise<TextChoice | undefined> {
  if (!('key' in text)) return text;
  const content = await store.text(text.key);
  if (content === undefined) return undefined;
  if (typeof content === 'string') return { kind: 'pasted', text: content };
  return { kind: 'file', file: content instanceof File ? content : new File([content], name) };
}

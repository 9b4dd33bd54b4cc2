import type { TextChoice } from '../training/protocol.js';
import type { RunStore, SavedRun, TextNote } from './saved-run.js';

/** A new name that no other run or text has. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/**
 * Gives texts their keys in the storage: runs over the same text, one after the other, share one.
 */
export class TextKeys {
  #last: { readonly choice: TextChoice; readonly key: string } | undefined;

  /** What is noted of the text of a new run. */
  noteOf(choice: TextChoice): TextNote {
    if (choice.kind === 'bundled' || choice.kind === 'synthetic')
      return { kind: choice.kind, name: choice.name };
    if (!this.#last || !isSame(this.#last.choice, choice)) this.#last = { choice, key: newId() };
    return { kind: choice.kind, key: this.#last.key };
  }

  /** Takes the text of a saved run. */
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

/** The text of a saved run as a choice again; nothing where its content was not kept. */
export async function textOf({ text, name }: SavedRun, store: RunStore): Promise<TextChoice | undefined> {
  if (!('key' in text)) return text;
  const content = await store.text(text.key);
  if (content === undefined) return undefined;
  if (typeof content === 'string') return { kind: 'pasted', text: content };
  return { kind: 'file', file: content instanceof File ? content : new File([content], name) };
}

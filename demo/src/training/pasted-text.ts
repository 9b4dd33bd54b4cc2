import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import { workbench } from './workbench-words.js';

/** Longest text that is put into the field: laying out a longer one would freeze the page. */
export const MOST_SHOWN = 100_000;
/**
 * Characters of a longer text that are shown, and from which the direction of any text is found.
 */
const HEAD = 2000;

/** Matches a text whose first letter belongs to a script that is written from right to left. */
const RIGHT_TO_LEFT =
  /^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/**
 * Returns the direction of a text as `dir="auto"` does. A field with that attribute searches its
 * whole text again and again.
 */
export function directionOf(text: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(text.slice(0, HEAD)) ? 'rtl' : 'ltr';
}

/**
 * The field for the visitor's own text. It shows only the beginning of a long text, and holds the
 * rest.
 */
export class PastedText {
  readonly #field = byId('pasted', HTMLTextAreaElement);
  readonly #hint = byId('pasted-long', HTMLElement);
  readonly #clear = byId('pasted-clear', HTMLButtonElement);
  /** The whole text, if it is too long for the field. */
  #long: string | undefined;

  constructor() {
    this.#field.addEventListener('paste', (event) => this.#paste(event));
    this.#field.addEventListener('input', () => {
      if (this.#field.value.length > MOST_SHOWN) this.text = this.#field.value;
      else this.#field.dir = directionOf(this.#field.value);
    });
    this.#clear.addEventListener('click', () => {
      this.text = '';
      this.#field.focus();
      this.#tell();
    });
  }

  get text(): string {
    return this.#long ?? this.#field.value;
  }

  set text(text: string) {
    const long = text.length > MOST_SHOWN;
    this.#long = long ? text : undefined;
    this.#field.value = long ? `${text.slice(0, HEAD)}…` : text;
    this.#field.dir = directionOf(text);
    this.#field.readOnly = long;
    this.#hint.hidden = this.#clear.hidden = !long;
    if (long) this.#hint.textContent = workbench.field.long(count(text.length), count(HEAD));
  }

  /** Takes a long text before it reaches the field. */
  #paste(event: ClipboardEvent): void {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    const { value, selectionStart, selectionEnd } = this.#field;
    if (this.#long !== undefined || value.length + pasted.length <= MOST_SHOWN) return;
    event.preventDefault();
    this.text = value.slice(0, selectionStart) + pasted + value.slice(selectionEnd);
    this.#tell();
  }

  /** Reports that the text has changed: a change by a program fires no event. */
  #tell(): void {
    for (const type of ['input', 'change']) this.#field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

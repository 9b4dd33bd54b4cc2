import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import { workbench } from './workbench-words.js';

/** Characters beyond which a text is not put into the field: laying it out would freeze the page. */
export const MOST_SHOWN = 100_000;
/** Characters of such a text that are shown, and from which the direction of any text is taken. */
const HEAD = 2000;

/** A text whose first letter is of a script that is written from right to left. */
const RIGHT_TO_LEFT =
  /^\P{L}*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/**
 * The direction of a text, as `dir="auto"` finds it. A field with that attribute looks through all of
 * its text, again and again.
 */
export function directionOf(text: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(text.slice(0, HEAD)) ? 'rtl' : 'ltr';
}

/** The field for a text of one's own. Of a long text it shows the beginning, and holds the rest. */
export class PastedText {
  readonly #field = byId('pasted', HTMLTextAreaElement);
  readonly #hint = byId('pasted-long', HTMLElement);
  readonly #clear = byId('pasted-clear', HTMLButtonElement);
  /** The whole of a text that is too long for the field. */
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

  /** A long text never reaches the field. */
  #paste(event: ClipboardEvent): void {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    const { value, selectionStart, selectionEnd } = this.#field;
    if (this.#long !== undefined || value.length + pasted.length <= MOST_SHOWN) return;
    event.preventDefault();
    this.text = value.slice(0, selectionStart) + pasted + value.slice(selectionEnd);
    this.#tell();
  }

  /** Says that the text is another one: what a program changes tells nobody by itself. */
  #tell(): void {
    for (const type of ['input', 'change']) this.#field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}

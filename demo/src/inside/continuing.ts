import { byId, create } from '../page/dom.js';
import type { Answer } from '../host/messages.js';
import { named } from './symbols.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('inside');

/** Characters before the chosen one that are shown again. */
const TAIL = 40;

/** "Go on from here": the network reads up to a character and writes what follows. */
export class Continuing {
  readonly #button = byId('inside-go-on', HTMLButtonElement);
  readonly #box = byId('inside-written', HTMLElement);
  readonly #choose = this.#button.textContent;
  #prime = '';

  /** @param write continues a text */
  constructor(write: (prime: string) => Promise<Answer<string>> | undefined) {
    this.#button.addEventListener('click', () => void this.#goOn(write));
  }

  /** @param position of the character to continue after; undefined if none is chosen */
  show(symbols: readonly string[], position: number | undefined): void {
    const at = position ?? symbols.length;
    const isThere = at < symbols.length; // another text may be shorter
    this.#button.disabled = !isThere;
    this.#button.textContent = isThere ? words.goOn(named(symbols[at])) : this.#choose;
    this.#prime = symbols.slice(0, at + 1).join('');
  }

  async #goOn(write: (prime: string) => Promise<Answer<string>> | undefined): Promise<void> {
    const prime = this.#prime;
    this.#button.ariaBusy = 'true';
    this.#box.hidden = false;
    this.#box.textContent = words.writing;
    const answer = await write(prime);
    this.#button.ariaBusy = 'false';
    if (!answer) return;
    if (answer.ok) {
      const tail = [...prime].slice(-TAIL).join('');
      this.#box.replaceChildren(create('span', 'given', tail), answer.value);
    } else this.#box.textContent = answer.fault.message;
  }
}

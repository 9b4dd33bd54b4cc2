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
  #prime = '';

  /** @param write continues a text */
  constructor(write: (prime: string) => Promise<Answer<string>> | undefined) {
    this.#button.addEventListener('click', () => void this.#goOn(write));
  }

  /** @param position of the character to continue after; undefined if none is chosen */
  show(symbols: readonly string[], position: number | undefined): void {
    this.#button.disabled = position === undefined || position >= symbols.length;
    if (position === undefined) return;
    this.#prime = symbols.slice(0, position + 1).join('');
    this.#button.textContent = words.goOn(named(symbols[position]));
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

import { byId } from '../page/dom.js';
import { unseenIn } from '../page/unseen-characters.js';
import { workbench } from './workbench-words.js';

/** Lists beside the prime its characters that the network has never seen. */
export class PrimeHint {
  readonly #input = byId('prime', HTMLInputElement);
  readonly #hint = byId('prime-hint', HTMLElement);

  /** @param alphabet returns the characters that the network knows; empty before there is one */
  constructor(readonly alphabet: () => ReadonlySet<string>) {
    this.#input.addEventListener('input', () => this.update());
  }

  update(): void {
    const alphabet = this.alphabet();
    const unseen = alphabet.size === 0 ? [] : unseenIn(this.#input.value, alphabet);
    this.#hint.classList.toggle('warn', unseen.length > 0);
    this.#hint.textContent =
      unseen.length === 0
        ? workbench.samples.prime
        : workbench.samples.unseen(
            unseen.map((character) => `“${character}”`).join(' '),
            unseen.length === 1,
          );
  }
}

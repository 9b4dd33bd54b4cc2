import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Validation } from '../training/protocol.js';
import type { RunFollower } from '../training/run-display.js';
import { words } from '../words/words.js';

/** The actions offered after a network has learned what it can. */
export interface LearnedActions {
  /** Writes a long sample. */
  read(): void;
  /** Restarts training with the novel. */
  novel(): void;
  /** Continues training, although the network now only memorizes the text. */
  byHeart(): void;
}

/**
 * The good end of a training: reports that the network has learned what it can, and offers what to
 * do next.
 */
export class LearnedPanel implements RunFollower {
  readonly #box = byId('learned', HTMLElement);
  readonly #said = byId('by-heart-words', HTMLElement);

  constructor(
    readonly actions: LearnedActions,
    /** Whether the text is already the novel. */
    readonly isNovel: () => boolean,
  ) {
    byId('learned-read', HTMLButtonElement).addEventListener('click', () => actions.read());
    for (const id of ['learned-novel', 'yours-novel'])
      byId(id, HTMLButtonElement).addEventListener('click', () => actions.novel());
    for (const id of ['learned-heart', 'by-heart'])
      byId(id, HTMLButtonElement).addEventListener('click', () => this.goOn());
  }

  /** Goes on by heart. */
  goOn(): void {
    this.#box.hidden = true;
    this.#said.textContent = words.learned.byHeart;
    this.actions.byHeart();
  }

  began(): void {
    this.#box.hidden = true;
    this.#said.textContent = '';
  }

  learned({ step, bitsPerChar }: Validation, restored: boolean): void {
    const { done, doneLater } = words.learned;
    byId('learned-words', HTMLElement).textContent = (restored ? done : doneLater)(
      count(step),
      bitsPerChar.toFixed(2),
    );
    byId('learned-novel', HTMLElement).hidden = this.isNovel();
    this.#box.hidden = false;
  }
}

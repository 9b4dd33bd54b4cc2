import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Validation } from '../training/protocol.js';
import type { RunFollower } from '../training/run-display.js';
import { words } from '../words/words.js';

/** What can be done with a network that has learned what it can. */
export interface LearnedActions {
  /** Lets it write a long piece. */
  read(): void;
  /** Begins anew with the novel. */
  novel(): void;
  /** Lets it learn on, though it only learns this text now. */
  byHeart(): void;
}

/** The good end of a training: says that it has learned what it can, and what there is beyond. */
export class LearnedPanel implements RunFollower {
  readonly #box = byId('learned', HTMLElement);
  readonly #said = byId('by-heart-words', HTMLElement);

  constructor(
    readonly actions: LearnedActions,
    /** Whether the text is the novel already. */
    readonly isNovel: () => boolean,
  ) {
    byId('learned-read', HTMLButtonElement).addEventListener('click', () => actions.read());
    for (const id of ['learned-novel', 'yours-novel'])
      byId(id, HTMLButtonElement).addEventListener('click', () => actions.novel());
    for (const id of ['learned-heart', 'by-heart'])
      byId(id, HTMLButtonElement).addEventListener('click', () => {
        this.#box.hidden = true;
        this.#said.textContent = words.learned.byHeart;
        actions.byHeart();
      });
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

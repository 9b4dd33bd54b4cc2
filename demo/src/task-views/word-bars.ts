import { create } from '../page/dom.js';
import type { Reply } from '../tasks/view.js';
import { Bars } from './bars.js';
import { percent } from './words.js';
import { texts } from './texts.js';

/** Describes which word influenced the answer most. */
export function influenceWords({ text, influence = [] }: Reply, words: readonly string[]): string {
  if (influence.length === 0) return texts.influence.single;
  const order = influence.map((_, i) => i).sort((a, b) => Math.abs(influence[b]) - Math.abs(influence[a]));
  const [most] = order;
  const share = influence[most];
  return texts.influence.most(words[most], text, percent(Math.abs(share)), share >= 0);
}

/** Bars for the influence of each word on the answer. */
export class WordBars {
  readonly element = create('figure', 'word-bars');
  readonly #bars = new Bars(texts.influence.title);
  readonly #words = create('p', 'hint');

  constructor() {
    this.element.append(this.#bars.element, this.#words);
  }

  show(reply: Reply): void {
    const words =
      reply.read.kind === 'text' ? reply.read.text.split(/\s+/).filter((word) => word !== '') : [];
    const { influence = [] } = reply;
    this.#bars.show(
      words.map((name, i) => ({ name, value: influence[i] ?? 0 })),
      true,
    );
    this.#words.textContent = influenceWords(reply, words);
  }
}

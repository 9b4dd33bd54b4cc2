import { create } from '../page/dom.js';
import type { Reply } from '../tasks/view.js';
import { Bars } from './bars.js';
import { percent } from './words.js';

/** Which word moved the answer most, in a sentence. */
export function influenceWords({ text, influence = [] }: Reply, words: readonly string[]): string {
  if (influence.length === 0) return 'There is only one word to leave out.';
  const order = influence.map((_, i) => i).sort((a, b) => Math.abs(influence[b]) - Math.abs(influence[a]));
  const [most] = order;
  const way = influence[most] >= 0 ? 'less' : 'more';
  return (
    `“${words[most]}” moves the answer most: without it, “${text}” would be ` +
    `${percent(Math.abs(influence[most]))} ${way} likely.`
  );
}

/** For each word of a text by how much the answer depends on it. */
export class WordBars {
  readonly element = create('figure', 'word-bars');
  readonly #bars = new Bars('How much each word moved the answer');
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

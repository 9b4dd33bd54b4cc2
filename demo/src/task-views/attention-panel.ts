import { create } from '../page/dom.js';
import type { Moment, Reply } from '../tasks/view.js';
import { alignmentOf } from './alignment.js';
import { AttentionView } from './attention-view.js';
import { ExamplePicker } from './example-picker.js';
import { texts } from './texts.js';

/** Shows the attention for the fixed examples of a moment, and for a visitor's input. */
export class AttentionPanel {
  readonly element = create('div', 'attention-panel');
  readonly #view = new AttentionView();
  readonly #picker = new ExamplePicker(() => this.#draw());
  #typed: Reply | undefined;
  #replies: readonly Reply[] = [];
  #live = false;

  /**
   * @param task whose true alignment may be known
   * @param chosen called with the index of the chosen example; undefined for the visitor's input
   */
  constructor(
    readonly task: string,
    readonly chosen: (example: number | undefined) => void,
  ) {
    this.element.append(this.#picker.element, this.#view.element);
  }

  /** Shows the examples of a moment. The visitor's input belongs to the latest moment only. */
  show({ examples }: Moment, live: boolean): void {
    this.#replies = examples;
    this.#live = live;
    this.#list();
  }

  /** Shows the answer to a visitor's input. */
  showTyped(reply: Reply): void {
    this.#typed = reply.attention ? reply : undefined;
    this.#list();
  }

  #list(): void {
    this.#picker.show(this.#shown.map(nameOf));
    this.#draw();
  }

  get #shown(): readonly Reply[] {
    return this.#typed && this.#live ? [this.#typed, ...this.#replies] : this.#replies;
  }

  #draw(): void {
    const shown = this.#shown;
    const reply = shown[Math.min(this.#picker.current, shown.length - 1)] as Reply | undefined;
    this.element.hidden = !reply?.attention;
    if (!reply?.attention) return;
    this.#view.show(reply.attention, alignmentOf(this.task, reply));
    this.chosen(reply === this.#typed ? undefined : this.#replies.indexOf(reply));
  }
}

function nameOf({ read, right }: Reply): string {
  const text = read.kind === 'text' ? read.text : read.kind;
  return right === false ? texts.stillWrong(text) : text;
}

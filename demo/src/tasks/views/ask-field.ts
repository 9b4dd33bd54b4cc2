import { create, say } from '../../page/dom.js';
import type { Answer } from '../../host/messages.js';
import type { Question, Reply } from '../view.js';
import { words } from '../words.js';

/** Milliseconds after the last key until the question is asked. */
const PAUSE_MS = 150;

/**
 * A field for a visitor's input. It asks while the visitor types and with every moment of the
 * training, and names what the network has never read. One question is asked at a time; of those
 * that wait, only the last is asked.
 */
export class AskField {
  readonly element = create('div', 'ask');
  readonly input = create('input');
  readonly #fault = create('p', 'error');
  readonly #unknown = create('p', 'hint unknown');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #again = false;
  #closed = false;

  /**
   * @param question makes the question about the text in the field
   * @param show shows the answer
   */
  constructor(
    typed: string,
    readonly ask: (question: Question) => Promise<Answer<Reply>>,
    readonly question: (text: string) => Question,
    readonly show: (reply: Reply) => void,
  ) {
    const label = create('label', '', words.views.type);
    this.input.className = 'ask-text';
    this.input.autocomplete = 'off';
    this.input.spellcheck = false;
    this.input.dir = 'auto';
    this.input.value = typed;
    this.#fault.hidden = this.#unknown.hidden = true;
    this.#unknown.role = 'status';
    label.append(this.input);
    this.element.append(label, this.#fault, this.#unknown);
    this.input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.refresh(), PAUSE_MS);
    });
  }

  /** Asks again, because the network or the question has changed. */
  async refresh(): Promise<void> {
    if (this.#closed) return;
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    try {
      const answer = await this.ask(this.question(this.input.value));
      if (this.#closed) return;
      say(this.#fault, answer.ok ? '' : answer.fault.message);
      const { unknown = [] } = answer.ok ? answer.value : {};
      say(this.#unknown, unknown.length === 0 ? '' : words.views.unknown(unknown));
      if (answer.ok) this.show(answer.value);
    } finally {
      this.#asking = false;
    }
    if (!this.#again) return;
    this.#again = false;
    await this.refresh();
  }

  /** Stops asking. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }
}

import { byId, create } from '../page/dom.js';
import type { Form } from './form.js';
import { bytes, count } from '../page/format.js';
import type { Answer, Fault } from '../host/messages.js';
import type { Estimate, Settings } from './protocol.js';
import { sizeAdvice } from './size-advice.js';
import { workbench } from './workbench-words.js';

const words = workbench.estimate;

/** Milliseconds after the last change until the estimate is requested. */
const PATIENCE_MS = 200;

/**
 * Shows the size of a training with the entries of the form, before it starts: parameters relative
 * to the text, memory, dispatches.
 */
export class EstimatePanel {
  readonly #box = byId('estimate', HTMLElement);
  /** Counts the changes, so that answers to older entries are dropped. */
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly form: Form,
    readonly ask: (settings: Settings) => Promise<Answer<Estimate>>,
    readonly settings: () => Settings,
  ) {
    form.settingsForm.addEventListener('input', () => this.#asked++);
    form.settingsForm.addEventListener('change', () => this.refresh());
    this.refresh();
  }

  refresh(): void {
    const number = ++this.#asked;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#refresh(number), PATIENCE_MS);
  }

  async #refresh(number: number): Promise<void> {
    const settings = this.settings();
    const answer = await this.ask(settings);
    if (number !== this.#asked) return;
    if (answer.ok) this.#show(answer.value, settings);
    else this.#refuse(answer.fault);
  }

  #show(
    { parameters, characters, exact, symbols, dispatches, bytes: size, charactersPerStep }: Estimate,
    { validation, dropout }: Settings,
  ): void {
    const facts = create('dl');
    const add = (id: string, name: string, value: string): void => {
      const data = create('dd', '', value);
      data.id = `estimate-${id}`;
      const pair = create('div');
      pair.append(create('dt', '', name), data);
      facts.append(pair);
    };
    add('parameters', words.parameters, count(parameters));
    add('text', words.text, words.characters(exact, count(characters), count(symbols)));
    add('memory', words.memory, bytes(size));
    add('dispatches', words.dispatches, words.forCharacters(count(dispatches), count(charactersPerStep)));
    const precautions = { held: Number(validation) > 0, dropout: Number(dropout) > 0 };
    this.#box.replaceChildren(facts, create('p', 'hint', sizeAdvice(parameters, characters, precautions)));
  }

  /**
   * Shows a fault beside its field if it has one, else here. A text that has not been chosen yet is
   * not a fault.
   */
  #refuse(fault: Fault): void {
    const waiting = (fault.option === 'file' || fault.option === 'pasted') && fault.accepted !== undefined;
    this.#box.replaceChildren(
      create(
        'p',
        'hint',
        waiting ? words.choose : fault.option === undefined ? fault.message : words.unusable,
      ),
    );
    if (!waiting && fault.option !== undefined) this.form.showFault(fault, false);
  }
}

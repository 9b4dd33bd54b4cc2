import { byId, say } from '../page/dom.js';
import { sentences } from '../page/format.js';
import { words } from './words.js';

/** The state of the page; scripts and tests read it. */
export type TaskStatus = 'loading' | 'running' | 'pausing' | 'paused' | 'failed';

/** The status line, the buttons that depend on it, and the messages under them. */
export class TaskStatusLine {
  #status: TaskStatus = 'loading';
  readonly #line = byId('status', HTMLElement);
  readonly #toggle = byId('toggle', HTMLButtonElement);

  constructor() {
    this.set('loading', '', false);
  }

  get status(): TaskStatus {
    return this.#status;
  }

  /**
   * @param hasRun whether there is a run for the buttons; without one the first button starts it
   * @param first whether no step has been taken yet
   */
  set(status: TaskStatus, sentence: string, hasRun: boolean, first = false): void {
    this.#status = status;
    this.#line.dataset.status = status;
    if (this.#line.textContent !== sentence) this.#line.textContent = sentence;
    byId('preparing', HTMLProgressElement).hidden = status !== 'loading';
    this.#toggle.textContent =
      status === 'running' ? words.pause : hasRun && !first ? words.goOn : words.start;
    this.#toggle.disabled = status === 'loading';
    for (const id of ['step', 'again', 'download'])
      byId(id, HTMLButtonElement).disabled = !hasRun || status === 'loading' || status === 'failed';
    if (status === 'failed') byId('again', HTMLButtonElement).disabled = !hasRun;
  }

  fault(message: string): void {
    say(byId('fault', HTMLElement), message);
  }

  notice(...all: readonly string[]): void {
    say(byId('notice', HTMLElement), sentences(all));
  }

  /** Adds a notice to those already shown. */
  addNotice(sentence: string): void {
    this.notice(byId('notice', HTMLElement).textContent, sentence);
  }
}

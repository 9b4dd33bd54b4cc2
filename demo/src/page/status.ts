import { byId, say } from './dom.js';
import { count, sentences } from './format.js';
import { workbench } from '../training/workbench-words.js';

const words = workbench.status;

/** The state of the page; scripts and tests read it. */
export type Status = 'loading' | 'running' | 'pausing' | 'paused' | 'done' | 'failed';

/** The status line, the buttons that depend on it, and the messages under them. */
export class StatusLine {
  #status: Status = 'loading';
  readonly #line = byId('status', HTMLElement);
  readonly #fault = byId('fault', HTMLElement);
  readonly #notice = byId('notice', HTMLElement);
  readonly #toggle = byId('toggle', HTMLButtonElement);
  readonly #recover = byId('recover', HTMLButtonElement);
  readonly #preparing = byId('preparing', HTMLProgressElement);

  get status(): Status {
    return this.#status;
  }

  /**
   * @param sentence the text of the line, which screen readers announce when it changes
   * @param hasRun whether there is a training that the buttons can act on; without one the first
   *   button starts it
   * @param first whether no step has been taken yet
   * @param goesOn whether a training that is done can go on
   */
  set(
    status: Status,
    sentence: string,
    hasRun: boolean,
    { first = false, goesOn = false }: { readonly first?: boolean; readonly goesOn?: boolean } = {},
  ): void {
    this.#status = status;
    this.#line.dataset.status = status;
    if (this.#line.textContent !== sentence) this.#line.textContent = sentence;
    this.#preparing.hidden = status !== 'loading';
    const startable = !hasRun && status !== 'loading';
    this.#toggle.textContent =
      status === 'running' || status === 'loading'
        ? words.pause
        : startable || first
          ? words.start
          : words.goOn;
    const usable = hasRun && status !== 'failed';
    this.#toggle.disabled = !(usable || startable) || (status === 'done' && !goesOn);
    for (const id of ['step', 'reset', 'sample-now', 'download'])
      byId(id, HTMLButtonElement).disabled = !usable;
    if (status !== 'failed') {
      say(this.#fault, '');
      this.#recover.hidden = true;
    }
  }

  /** Shows why a training could not start with the settings. */
  refuse(message: string): void {
    say(this.#fault, message);
  }

  /** Remembers the current line. @returns a function that shows it again; `hasRun` as in `set` */
  remember(): (hasRun: boolean) => void {
    const [status, sentence, fault] = [this.#status, this.#line.textContent, this.#fault.textContent];
    const [recovers, goesOn] = [!this.#recover.hidden, !this.#toggle.disabled];
    return (hasRun) => {
      this.set(status, sentence, hasRun, { goesOn });
      say(this.#fault, fault);
      this.#recover.hidden = !recovers;
    };
  }

  /** Shows an error that ended the training, and from which step it can be restarted, if any. */
  fail(message: string, restartAt: number | undefined): void {
    this.set('failed', words.failed, true);
    say(this.#fault, restartAt === undefined ? message : words.kept(message, count(restartAt)));
    this.#recover.hidden = restartAt === undefined;
    this.#recover.textContent = words.restart(count(restartAt ?? 0));
  }

  /** Shows a notice about the run, which stays until the next notice. */
  notice(message: string): void {
    say(this.#notice, message);
  }

  /** Adds a notice to those already shown. */
  addNotice(message: string): void {
    this.notice(sentences([this.#notice.hidden ? '' : this.#notice.textContent, message]));
  }
}

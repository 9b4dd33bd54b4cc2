import { byId, create } from '../page/dom.js';
import { count, wholePercent } from '../page/format.js';
import { clock } from '../keep/panel.js';
import { twoStep } from '../keep/two-step.js';
import type { KeptRun } from './store.js';
import { words } from './words.js';

/** The runs that are stored in this browser. */
export class KeptPanel {
  readonly #list = byId('kept-tasks', HTMLUListElement);
  readonly #state = byId('keep-state', HTMLElement);
  #shown = '';

  constructor(
    readonly resume: (run: KeptRun) => void,
    readonly remove: (run: KeptRun) => void,
  ) {}

  /** Shows which state was stored last, or why none is. */
  say(sentence: string): void {
    if (this.#state.textContent !== sentence) this.#state.textContent = sentence;
  }

  /** @param own key of the run of this page, which is not listed */
  show(runs: readonly KeptRun[], own: string | undefined): void {
    const others = runs.filter(({ key }) => key !== own);
    // An unchanged list is not rebuilt: its buttons would lose the focus.
    const shown = others.map(({ key, when }) => `${key} ${when}`).join('\n');
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#list.replaceChildren(...others.map((run) => this.#itemOf(run)));
  }

  #itemOf(run: KeptRun): HTMLElement {
    const item = create('li');
    const about = create('p', 'saved-run');
    about.id = `kept-${run.when}`;
    about.append(
      create('b', '', run.title),
      ` ${words.keptRun(wholePercent(run.share), count(run.step), clock(run.when))}`,
    );
    const bar = create('div', 'bar');
    const [resume, remove] = [create('button', '', words.continue), create('button', '', words.remove)];
    for (const button of [resume, remove]) {
      button.type = 'button';
      button.setAttribute('aria-describedby', about.id);
    }
    resume.addEventListener('click', () => this.resume(run));
    twoStep(remove, words.removeAgain, () => this.remove(run));
    bar.append(resume, remove);
    item.append(about, bar);
    return item;
  }
}

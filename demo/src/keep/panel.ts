import { byId, create, say } from '../page/dom.js';
import { bytes, count, figure, sentences } from '../page/format.js';
import { cellName } from '../training/names.js';
import type { SavedRun } from './saved-run.js';
import { twoStep } from './two-step.js';
import { workbench } from '../training/workbench-words.js';
import { language } from '../words/language.js';

const words = workbench.kept;

/** The actions that the list of saved runs offers. */
export interface PanelActions {
  resume(run: SavedRun): void;
  remove(run: SavedRun): void;
  forget(): void;
  /** Sets whether runs are stored from now on. */
  keep(on: boolean): void;
}

/** A row of the list. */
interface Row {
  run: SavedRun;
  readonly item: HTMLLIElement;
  readonly about: HTMLElement;
  readonly note: HTMLElement;
  readonly buttons: readonly HTMLButtonElement[];
}

/** The part of the page that shows which runs are stored, and resumes or removes them. */
export class KeepPanel {
  readonly #state = byId('keep-state', HTMLElement);
  readonly #message = byId('keep-message', HTMLElement);
  readonly #keep = byId('keep', HTMLInputElement);
  readonly #list = byId('saved-runs', HTMLElement);
  readonly #forget = byId('forget', HTMLButtonElement);
  readonly #rows = new Map<string, Row>();

  constructor(readonly actions: PanelActions) {
    this.#keep.addEventListener('change', () => actions.keep(this.#keep.checked));
    twoStep(this.#forget, words.forgetAgain, () => actions.forget());
  }

  /** Shows which state was stored last, or why none is. */
  state(sentence: string): void {
    if (this.#state.textContent !== sentence) this.#state.textContent = sentence;
  }

  /** @param fault whether the message reports a fault */
  message(sentence: string, fault = true): void {
    this.#message.classList.toggle('fault', fault);
    if (this.#message.textContent !== sentence) say(this.#message, sentence);
  }

  set keeping(on: boolean) {
    this.#keep.checked = on;
  }

  /**
   * Shows the list.
   * @param runs the newest first
   * @param open ids of runs that are open in some tab
   * @param own id of the run of this page
   * @param missing why the texts of some are not stored, by the id of the run
   */
  show(
    runs: readonly SavedRun[],
    open: ReadonlySet<string>,
    own: string | undefined,
    missing: ReadonlyMap<string, string>,
  ): void {
    const gone = new Set(this.#rows.keys());
    for (const [place, run] of runs.entries()) {
      gone.delete(run.id);
      const row = this.#rows.get(run.id) ?? this.#add(run);
      row.run = run;
      const why = run.id === own ? words.here : open.has(run.id) ? words.elsewhere : '';
      this.#describe(row, why, missing.get(run.id));
      // A row in its right place is not moved: moving it would take the focus from its buttons.
      if (this.#list.children[place] !== row.item)
        this.#list.insertBefore(row.item, this.#list.children[place] ?? null);
    }
    for (const id of gone) {
      this.#rows.get(id)?.item.remove();
      this.#rows.delete(id);
    }
    this.#list.hidden = runs.length === 0;
    this.#forget.disabled = runs.length === 0;
  }

  #add(run: SavedRun): Row {
    const item = create('li');
    const about = create('p', 'saved-run');
    about.id = `saved-run-${run.id}`;
    const note = create('p', 'hint');
    const [resume, remove] = [create('button', '', words.goOn), create('button', '', words.delete)];
    const bar = create('div', 'bar');
    for (const button of [resume, remove]) {
      button.type = 'button';
      button.setAttribute('aria-describedby', about.id);
      bar.append(button);
    }
    item.append(about, note, bar);
    const row: Row = { run, item, about, note, buttons: [resume, remove] };
    resume.addEventListener('click', () => this.actions.resume(row.run));
    twoStep(remove, words.deleteAgain, () => this.actions.remove(row.run));
    this.#rows.set(run.id, row);
    return row;
  }

  #describe({ run, about, note, buttons }: Row, why: string, missing: string | undefined): void {
    const text = words.about(
      count(run.step),
      figure(run.bits ?? NaN),
      networkOf(run),
      clock(run.when),
      bytes(run.bytes),
    );
    const name = nameOf(run);
    if (about.textContent !== `${name} ${text}`) about.replaceChildren(create('b', '', name), ` ${text}`);
    say(note, sentences([why, missing === undefined ? '' : words.noText(missing)]));
    for (const button of buttons) button.hidden = why !== '';
  }
}

/** The title of its text, in the language of the page. */
export function nameOf({ name }: SavedRun): string {
  return workbench.field.titles[name] ?? name;
}

/** Example: `LSTM 2 × 128`. */
function networkOf({ settings: { cell, layers, hidden } }: SavedRun): string {
  return `${cellName(cell)} ${layers} × ${hidden}`;
}

const today = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const earlier = new Intl.DateTimeFormat(language, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** Formats a time as 12:04, with the date unless it is today. */
export function clock(when: number, now = Date.now()): string {
  const date = new Date(when);
  return (date.toDateString() === new Date(now).toDateString() ? today : earlier).format(date);
}

import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Fault } from '../host/messages.js';
import type { RunFacts, SampleSettings, Settings, TextChoice } from '../training/protocol.js';
import type { Session } from '../training/session.js';
import { Claims } from './claims.js';
import { reasonOf } from './reason.js';
import { Notes } from './notes.js';
import { continued } from './recovery.js';
import { clock, KeepPanel, nameOf, type PanelActions } from './panel.js';
import {
  surplus,
  type RunLabel,
  type RunWatcher,
  type SavedRun,
  type Stored,
  type TextNote,
} from './saved-run.js';
import { IndexedRunStore } from './store.js';
import { newId, TextKeys, textOf } from './texts.js';
import { workbench } from '../training/workbench-words.js';

const words = workbench.kept;

/** Milliseconds after which the page asks again whether a run is still open in another tab. */
const ASK_AGAIN_MS = 2000;

/** The form, as far as saved runs need it. */
export interface KeptForm {
  settings(): Settings;
  sampling(): SampleSettings;
  /** Fills in what a saved run was made from. */
  fill(settings: Settings, sampling: SampleSettings): void;
  /** Makes the page's address that of the form. */
  writeAddress(): void;
}

/** What has become of the run that this tab showed before it was loaded again. */
export type Resumption = 'resumed' | 'none' | 'refused';

/** Keeps the runs of this page in the browser's storage, and goes on with them. */
export class Keeping implements RunWatcher, PanelActions {
  readonly #store = new IndexedRunStore();
  readonly #claims = new Claims((navigator as Partial<Navigator>).locks);
  readonly #notes = new Notes(
    () => sessionStorage,
    () => localStorage,
  );
  readonly #texts = new TextKeys();
  readonly #panel = new KeepPanel(this);
  #label: RunLabel | undefined;
  /** Number of the run in its worker. */
  #number = 0;
  /** The saved run that is about to go on. */
  #next: SavedRun | undefined;
  /** Whether the run of this page has been stored. */
  #stored = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly session: Session,
    readonly form: KeptForm,
    /** Shows that a run has begun, or what is wrong. */
    readonly show: (fault: Fault | undefined) => void,
  ) {
    session.watcher = this;
    this.#panel.keeping = this.#notes.keeping;
    addEventListener('storage', ({ key }) => {
      if (Notes.isKeeping(key)) this.#apply();
    });
    // Pages may end without a word after they are hidden. A worker that ends with its page has no time
    // to keep anything: the note says how far it had come.
    addEventListener('pagehide', () => this.#leave());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#leave();
      else void this.#refresh();
    });
  }

  /**
   * Goes on with the run that this tab showed at this address before it was loaded again or had
   * crashed.
   */
  async resumeTab(): Promise<Resumption> {
    const note = this.#notes.run;
    if (note?.search !== location.search || !this.#notes.keeping) return 'none';
    const runs = await this.#refresh();
    const run = runs.find(({ id }) => id === note.id);
    // A tab that was duplicated has the note of the other one, whose run goes on there.
    if (!run || !(await this.#claims.take(run.id))) return 'none';
    if (!(await this.#continue(run, note.playing))) {
      this.#claims.drop();
      await this.#refresh();
      return 'refused';
    }
    this.session.line.addNotice(continued(run.step, note.step, clock(run.when)));
    return 'resumed';
  }

  /** Shows what is kept. */
  list(): void {
    void this.#refresh();
  }

  /** The form, or the address after it, has changed while the run goes on. */
  changed(): void {
    const { settings } = this.session;
    if (!this.#label || !settings) return;
    this.#label = { ...this.#label, settings: withoutText(settings), sampling: this.form.sampling() };
    this.#note();
    this.#tellWorker();
  }

  // What the session tells.

  began(facts: RunFacts, settings: Settings, fresh: boolean, same: boolean): void {
    const before = same ? this.#label : this.#next;
    const text = before ? present(before.text) : this.#texts.noteOf(settings.text);
    const id = before?.id ?? newId();
    this.#stored = before !== undefined;
    this.#number = facts.run;
    this.#label = {
      id,
      name: facts.text.title,
      text,
      settings: withoutText(settings),
      sampling: this.form.sampling(),
      fresh,
    };
    void this.#claims.take(id).then(() => this.#refresh());
    if (!this.#stored) {
      this.#panel.state('');
      this.#notes.run = undefined; // the run before is not this tab's any more
    }
    this.#tellWorker();
  }

  turned(): void {
    this.#note();
  }

  stored(stored: Stored): void {
    void this.#tell(stored);
  }

  // What people ask for.

  resume(run: SavedRun): void {
    void (async () => {
      if (!(await this.#claims.take(run.id))) this.#panel.message(words.openElsewhere);
      else if (await this.#continue(run, true)) {
        this.#panel.message('');
        // What goes on is far above the list.
        byId('training-title', HTMLElement).scrollIntoView();
        byId('toggle', HTMLButtonElement).focus({ preventScroll: true });
      } else if (this.#label) await this.#claims.take(this.#label.id);
      else this.#claims.drop();
      await this.#refresh();
    })();
  }

  remove(run: SavedRun): void {
    void this.#attempt(() => this.#store.remove([run.id])).then(() => this.#refresh());
  }

  keep(on: boolean): void {
    this.#notes.keeping = on;
    this.#apply();
  }

  forget(): void {
    void (async () => {
      this.#notes.keeping = false;
      this.#panel.keeping = false;
      await this.session.client.service.keepAs(this.#number, null);
      this.#notes.run = undefined;
      this.#stored = false;
      const done = await this.#attempt(() => this.#store.clear());
      if (done) this.#panel.state(words.forgotten);
      await this.#refresh();
    })();
  }

  async #continue(run: SavedRun, play: boolean): Promise<boolean> {
    try {
      const checkpoint = await this.#store.checkpoint(run.id);
      if (!checkpoint) return this.#refuse(words.gone(nameOf(run)));
      const choice = (await textOf(run, this.#store)) ?? this.#chosen(run);
      if (!choice) {
        return this.#refuse(
          words.textGone(nameOf(run), 'missing' in run.text ? (run.text.missing ?? '') : undefined),
        );
      }
      const settings: Settings = { ...this.form.settings(), ...run.settings, text: choice };
      this.#texts.take(choice, run.text);
      this.#next = run;
      this.form.fill(settings, run.sampling);
      const past = await this.#store.past(run.id);
      const fault = await this.session.resume(checkpoint, settings, run.sampling, {
        play,
        fresh: run.fresh,
        ...(past ? { past } : {}),
      });
      if (!fault) {
        this.form.writeAddress();
        this.#note();
      }
      this.show(fault);
      return fault === undefined && this.#label?.id === run.id;
    } catch (error) {
      return this.#refuse(words.unreadable(nameOf(run), reasonOf(error)));
    } finally {
      this.#next = undefined;
    }
  }

  /** The text that the form has, for a run over a text that was not kept. */
  #chosen({ text }: SavedRun): TextChoice | undefined {
    const { text: choice } = this.form.settings();
    if (choice.kind !== text.kind) return undefined;
    return (choice.kind === 'file' && choice.file) || (choice.kind === 'pasted' && choice.text !== '')
      ? choice
      : undefined;
  }

  #refuse(sentence: string): false {
    this.#panel.message(sentence);
    return false;
  }

  async #tell(stored: Stored): Promise<void> {
    const own = stored.ok && stored.run.id === this.#label?.id;
    if (!stored.ok) this.#panel.message(stored.reason);
    else if (own) {
      const { step, when, text } = stored.run;
      this.#panel.state(words.at(count(step), clock(when)));
      this.#panel.message(
        'missing' in text && text.missing !== undefined ? words.withoutText(text.missing) : '',
      );
      // Curve and samples are a comfort: where they do not fit, the state is kept nevertheless.
      this.#store.putPast(stored.run.id, this.session.past).catch(() => undefined);
      if (!this.#stored) {
        this.#stored = true;
        this.#note();
        await this.#attempt(async () =>
          this.#store.remove(surplus(await this.#store.runs(), await this.#claims.open())),
        );
      }
    }
    await this.#refresh();
  }

  /**
   * The note of this tab: written with the first state that is stored, and again when the address
   * changes, or when training pauses or goes on.
   */
  #note(): void {
    if (this.#label && this.#stored && this.#notes.keeping)
      this.#notes.run = {
        id: this.#label.id,
        search: location.search,
        playing: this.session.playing,
        step: this.session.lastStep,
      };
  }

  #leave(): void {
    void this.session.client.service.keep();
    this.#note();
  }

  /** Somebody, perhaps in another tab, has said whether runs are to be kept. */
  #apply(): void {
    const { keeping } = this.#notes;
    this.#panel.keeping = keeping;
    this.#panel.state(keeping ? '' : words.nothingMore);
    if (!keeping) this.#notes.run = undefined;
    this.#stored = false;
    this.#tellWorker();
    void this.#refresh();
  }

  #tellWorker(): void {
    if (this.#label)
      void this.session.client.service.keepAs(this.#number, this.#notes.keeping ? this.#label : null);
  }

  async #refresh(): Promise<SavedRun[]> {
    try {
      const [runs, open] = await Promise.all([this.#store.runs(), this.#claims.open()]);
      this.#panel.show(runs, open, this.#label?.id);
      // No tab says that it has let go of a run: the page before this one may have it still.
      clearTimeout(this.#again);
      if (!document.hidden && runs.some(({ id }) => open.has(id) && id !== this.#label?.id))
        this.#again = setTimeout(() => void this.#refresh(), ASK_AGAIN_MS);
      return runs;
    } catch (error) {
      this.#panel.show([], new Set(), undefined);
      this.#panel.state(words.keepsNothing(reasonOf(error)));
      return [];
    }
  }

  /** @returns whether it could be done; if not, that is said */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      return this.#refuse(words.refuses(reasonOf(error)));
    }
  }
}

/** A text that was not kept is tried again: by now there may be room. */
function present(note: TextNote): TextNote {
  return 'key' in note ? { kind: note.kind, key: note.key } : note;
}

function withoutText({ text: _text, ...settings }: Settings): Omit<Settings, 'text'> {
  return settings;
}

import { byId } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Fault } from '../host/messages.js';
import type { RunFacts, SampleSettings, Settings, TextChoice } from '../training/protocol.js';
import type { Session } from '../training/session.js';
import { RunLocks } from './run-locks.js';
import { reasonOf } from './reason.js';
import { TabNotes } from './tab-notes.js';
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

/** Milliseconds until the page checks again whether a run is still open in another tab. */
const ASK_AGAIN_MS = 2000;

/** The part of the form that saved runs need. */
export interface KeptForm {
  settings(): Settings;
  sampling(): SampleSettings;
  /** Fills in the settings of a saved run. */
  fill(settings: Settings, sampling: SampleSettings): void;
  /** Writes the settings of the form into the page's address. */
  writeAddress(): void;
}

/** What happened to the run that this tab showed before a reload. */
export type Resumption = 'resumed' | 'none' | 'refused';

/** Stores the runs of this page in the browser, and resumes them. */
export class Keeping implements RunWatcher, PanelActions {
  readonly #store = new IndexedRunStore();
  readonly #locks = new RunLocks((navigator as Partial<Navigator>).locks);
  readonly #tabNotes: TabNotes;
  readonly #texts = new TextKeys();
  readonly #panel = new KeepPanel(this);
  #label: RunLabel | undefined;
  /** Number of the run in its worker. */
  #number = 0;
  /** The saved run that is about to be resumed. */
  #next: SavedRun | undefined;
  /** Whether a state of the current run has been stored. */
  #stored = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly session: Session,
    readonly form: KeptForm,
    tabNotes: TabNotes,
    /** Shows that a run has begun, or its fault. */
    readonly show: (fault: Fault | undefined) => void,
  ) {
    this.#tabNotes = tabNotes;
    session.watcher = this;
    this.#panel.keeping = this.#tabNotes.keeping;
    addEventListener('storage', ({ key }) => {
      if (TabNotes.isKeeping(key)) this.#apply();
    });
    // Browsers may end a hidden page without an event, and its worker cannot store anything then.
    // The note records how far training had come.
    addEventListener('pagehide', () => this.#leave());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.#leave();
      else void this.#refresh();
    });
  }

  /** Resumes the run that this tab showed at this address before a reload or a crash. */
  async resumeTab(): Promise<Resumption> {
    const note = this.#tabNotes.toResume(location.search);
    if (!note) return 'none';
    const runs = await this.#refresh();
    const run = runs.find(({ id }) => id === note.id);
    // A duplicated tab has the note of the original, whose run is still open there.
    if (!run || !(await this.#locks.take(run.id))) return 'none';
    if (!(await this.#continue(run, note.playing))) {
      this.#locks.drop();
      await this.#refresh();
      return 'refused';
    }
    this.session.line.addNotice(continued(run.step, note.step, clock(run.when)));
    return 'resumed';
  }

  /** Updates the list of stored runs. */
  list(): void {
    void this.#refresh();
  }

  /** The form, and so the address, was changed while the run continues. */
  changed(): void {
    const { settings } = this.session;
    if (!this.#label || !settings) return;
    this.#label = { ...this.#label, settings: withoutText(settings), sampling: this.form.sampling() };
    this.#note();
    this.#tellWorker();
  }

  // Called by the session.

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
    void this.#locks.take(id).then(() => this.#refresh());
    if (!this.#stored) {
      this.#panel.state('');
      this.#tabNotes.run = undefined; // the previous run does not belong to this tab any more
    }
    this.#tellWorker();
  }

  turned(): void {
    this.#note();
  }

  stored(stored: Stored): void {
    void this.#tell(stored);
  }

  // Called by the panel.

  resume(run: SavedRun): void {
    void (async () => {
      if (!(await this.#locks.take(run.id))) this.#panel.message(words.openElsewhere);
      else if (await this.#continue(run, true)) {
        this.#panel.message('');
        // The resumed run is far above the list.
        byId('training-title', HTMLElement).scrollIntoView();
        byId('toggle', HTMLButtonElement).focus({ preventScroll: true });
      } else if (this.#label) await this.#locks.take(this.#label.id);
      else this.#locks.drop();
      await this.#refresh();
    })();
  }

  remove(run: SavedRun): void {
    void this.#attempt(() => this.#store.remove([run.id])).then(() => this.#refresh());
  }

  keep(on: boolean): void {
    this.#tabNotes.keeping = on;
    this.#apply();
  }

  forget(): void {
    void (async () => {
      this.#tabNotes.keeping = false;
      this.#panel.keeping = false;
      await this.session.client.service.keepAs(this.#number, null);
      this.#tabNotes.run = undefined;
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
      if (!choice) return this.#refuse(words.textGone(nameOf(run), (await missingOf([run])).get(run.id)));
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

  /** The text that is chosen in the form, for a run whose text was not stored. */
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
      const { id, step, when } = stored.run;
      this.#panel.state(words.at(count(step), clock(when)));
      const missing = (await missingOf([stored.run])).get(id);
      this.#panel.message(missing === undefined ? '' : words.withoutText(missing));
      // Curve and samples are optional: a state is kept even if there is no space for them.
      this.#store.putPast(stored.run.id, this.session.past).catch(() => undefined);
      if (!this.#stored) {
        this.#stored = true;
        this.#note();
        await this.#attempt(async () =>
          this.#store.remove(surplus(await this.#store.runs(), await this.#locks.open())),
        );
      }
    }
    await this.#refresh();
  }

  /**
   * Writes the note of this tab: after the first stored state, when the address changes, and when
   * training pauses or continues.
   */
  #note(): void {
    if (this.#label && this.#stored && this.#tabNotes.keeping)
      this.#tabNotes.run = {
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

  /** Follows the choice whether to keep runs, which another tab may have changed. */
  #apply(): void {
    const { keeping } = this.#tabNotes;
    this.#panel.keeping = keeping;
    this.#panel.state(keeping ? '' : words.nothingMore);
    if (!keeping) this.#tabNotes.run = undefined;
    this.#stored = false;
    this.#tellWorker();
    void this.#refresh();
  }

  #tellWorker(): void {
    if (this.#label)
      void this.session.client.service.keepAs(this.#number, this.#tabNotes.keeping ? this.#label : null);
  }

  async #refresh(): Promise<SavedRun[]> {
    try {
      const [runs, open] = await Promise.all([this.#store.runs(), this.#locks.open()]);
      this.#panel.show(runs, open, this.#label?.id, await missingOf(runs));
      // A tab does not announce that it releases a run, and after a reload the old page may still
      // hold it: check again later.
      clearTimeout(this.#again);
      if (!document.hidden && runs.some(({ id }) => open.has(id) && id !== this.#label?.id))
        this.#again = setTimeout(() => void this.#refresh(), ASK_AGAIN_MS);
      return runs;
    } catch (error) {
      this.#panel.show([], new Set(), undefined, NONE);
      this.#panel.state(words.keepsNothing(reasonOf(error)));
      return [];
    }
  }

  /** @returns whether it succeeded; if not, the panel shows why */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      return this.#refuse(words.refuses(reasonOf(error)));
    }
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Returns why texts of runs are not stored, by the id of the run. */
async function missingOf(runs: readonly SavedRun[]): Promise<ReadonlyMap<string, string>> {
  if (!runs.some(({ text }) => 'missing' in text)) return NONE;
  return (await import('./missing-texts.js')).missingSentences(runs);
}

/** A text that was not stored is tried again: there may be space now. */
function present(note: TextNote): TextNote {
  return 'key' in note ? { kind: note.kind, key: note.key } : note;
}

function withoutText({ text: _text, ...settings }: Settings): Omit<Settings, 'text'> {
  return settings;
}

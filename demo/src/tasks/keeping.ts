import { RunLocks } from '../keep/run-locks.js';
import { storageFault } from '../keep/storage-faults.js';
import { clock } from '../keep/panel.js';
import { count } from '../page/format.js';
import { KeptPanel } from './kept-panel.js';
import type { OwnKeyed } from './own-panel.js';
import type { KeptTask } from './protocol.js';
import { TaskStore, type KeptRun, type KeptState } from './store.js';
import { words } from './words.js';

/** What this tab was doing when it was left. */
interface LeftNote {
  readonly key: string;
  readonly step: number;
  readonly playing: boolean;
}

const NOTE = 'unrolled.task';

/** A run to be stored, without its progress. */
export type RunLabel = Omit<KeptRun, 'step' | 'when'> & { readonly own: OwnKeyed | undefined };

/** Stores the runs of this page in the browser, one for each configuration. */
export class TaskKeeping {
  readonly #store = new TaskStore();
  readonly #locks = new RunLocks((navigator as Partial<Navigator>).locks);
  readonly #panel: KeptPanel;
  /** Key of the run of this page, if this tab has its lock. */
  #own: string | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(resume: (run: KeptRun) => void) {
    this.#panel = new KeptPanel(resume, (run) => {
      void this.#store.remove(run.key).then(() => this.refresh());
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void this.refresh();
    });
  }

  /**
   * Locks a configuration for this tab.
   * @returns what is stored of it; undefined if nothing is, or if another tab has the lock
   */
  async take(key: string): Promise<(KeptRun & KeptState) | undefined> {
    await this.#writing;
    const taken = await this.#locks.take(`task:${key}`);
    this.#own = taken ? key : undefined;
    this.#panel.say(taken ? '' : words.elsewhere);
    void this.refresh();
    return taken ? this.#store.run(key).catch(() => undefined) : undefined;
  }

  /** Returns stored records of a visitor. */
  async data(key: string): Promise<OwnKeyed | undefined> {
    const own = await this.#store.data(key).catch(() => undefined);
    return own && { key, own };
  }

  /** Writes states one at a time. */
  put(
    { own, ...label }: RunLabel,
    { step, checkpoint }: KeptTask,
    shown: Omit<KeptState, 'checkpoint'>,
  ): void {
    if (label.key !== this.#own) return;
    const run: KeptRun = { ...label, step, when: Date.now() };
    this.#writing = this.#writing
      .then(() => this.#store.put(run, { ...shown, checkpoint }, own?.own))
      .then(() => this.#panel.say(words.keptAt(count(step), clock(run.when))))
      .catch(async (error: unknown) => this.#panel.say(await storageFault(error, step)));
  }

  /** Updates the list of stored runs. */
  async refresh(): Promise<void> {
    const runs = await this.#store.runs().catch(() => []);
    this.#panel.show(runs, this.#own);
  }

  /** Returns what this tab was doing before a reload, if it was this configuration. */
  left(key: string): LeftNote | undefined {
    try {
      const note = JSON.parse(sessionStorage.getItem(NOTE) ?? 'null') as LeftNote | null;
      return note?.key === key ? note : undefined;
    } catch {
      return undefined;
    }
  }

  /** Notes what this tab is doing, because the page may be about to end. */
  leave(note: LeftNote): void {
    try {
      sessionStorage.setItem(NOTE, JSON.stringify(note));
    } catch {
      // A browser that stores nothing remembers nothing.
    }
  }
}

import { Claims } from '../keep/claims.js';
import { storageFault } from '../keep/faults.js';
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

/** A run to be kept, without where it has come to. */
export type RunLabel = Omit<KeptRun, 'step' | 'when'> & { readonly own: OwnKeyed | undefined };

/** Keeps the runs of this page in the browser's storage, one for each configuration. */
export class TaskKeeping {
  readonly #store = new TaskStore();
  readonly #claims = new Claims((navigator as Partial<Navigator>).locks);
  readonly #panel: KeptPanel;
  /** Key of the run of this page, where it is this tab's to keep. */
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
   * Takes a configuration for this tab.
   * @returns what is kept of it; nothing, where nothing is or another tab has it
   */
  async take(key: string): Promise<(KeptRun & KeptState) | undefined> {
    await this.#writing;
    const taken = await this.#claims.take(`task:${key}`);
    this.#own = taken ? key : undefined;
    this.#panel.say(taken ? '' : words.elsewhere);
    void this.refresh();
    return taken ? this.#store.run(key).catch(() => undefined) : undefined;
  }

  /** A visitor's records that are kept. */
  async data(key: string): Promise<OwnKeyed | undefined> {
    const own = await this.#store.data(key).catch(() => undefined);
    return own && { key, own };
  }

  /** Writes a state, one after the other. */
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

  /** Lists what is kept. */
  async refresh(): Promise<void> {
    const runs = await this.#store.runs().catch(() => []);
    this.#panel.show(runs, this.#own);
  }

  /** What this tab was doing before it was loaded again, if it was this. */
  left(key: string): LeftNote | undefined {
    try {
      const note = JSON.parse(sessionStorage.getItem(NOTE) ?? 'null') as LeftNote | null;
      return note?.key === key ? note : undefined;
    } catch {
      return undefined;
    }
  }

  /** Notes it, since the page may be about to end. */
  leave(note: LeftNote): void {
    try {
      sessionStorage.setItem(NOTE, JSON.stringify(note));
    } catch {
      // Where nothing is stored, nothing is remembered.
    }
  }
}

/**
 * Which run this tab shows. The browser passes the note on to the page after a reload or a crash.
 */
export interface TabNote {
  readonly id: string;
  /** The address at which the run was shown. At another address the note does not apply. */
  readonly search: string;
  /** Whether it was training rather than paused. */
  readonly playing: boolean;
  /** The last step that was taken, usually later than the stored state. */
  readonly step: number;
}

const TAB = 'unrolled.run';
const KEEPING = 'unrolled.keep';

/** The part of the browser's small storages that is used. */
export type Notebook = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Reads and writes small notes of this tab and of all tabs. Where the browser stores nothing, there
 * are no notes.
 */
export class TabNotes {
  /**
   * @param tab returns the storage of this tab; may throw
   * @param all returns the storage of all tabs; may throw
   */
  constructor(
    readonly tab: () => Notebook,
    readonly all: () => Notebook,
  ) {}

  get run(): TabNote | undefined {
    const text = attempt(() => this.tab().getItem(TAB));
    const note: unknown = attempt(() => JSON.parse(text ?? 'null') as unknown);
    if (typeof note !== 'object' || note === null) return undefined;
    const { id, search, playing, step } = note as Partial<Record<keyof TabNote, unknown>>;
    return typeof id === 'string' &&
      typeof search === 'string' &&
      typeof playing === 'boolean' &&
      typeof step === 'number'
      ? { id, search, playing, step }
      : undefined;
  }

  set run(note: TabNote | undefined) {
    attempt(() => (note ? this.tab().setItem(TAB, JSON.stringify(note)) : this.tab().removeItem(TAB)));
  }

  /**
   * The run that is to be resumed here, if any: the one that this tab showed at this address.
   * @param search of the address
   */
  toResume(search: string): TabNote | undefined {
    const note = this.run;
    return note?.search === search && this.keeping ? note : undefined;
  }

  /** Whether runs are to be stored. The default is yes. */
  get keeping(): boolean {
    return attempt(() => this.all().getItem(KEEPING)) !== 'off';
  }

  set keeping(on: boolean) {
    attempt(() => (on ? this.all().removeItem(KEEPING) : this.all().setItem(KEEPING, 'off')));
  }

  /**
   * Whether a storage event of another tab changed `keeping`.
   * @param key of the StorageEvent; null if everything was removed
   */
  static isKeeping(key: string | null): boolean {
    return key === null || key === KEEPING;
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

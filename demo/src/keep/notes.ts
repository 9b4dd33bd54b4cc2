/**
 * Which run this tab shows: the browser hands it on to the page that a reload or the return of a
 * crashed tab opens.
 */
export interface TabNote {
  readonly id: string;
  /** The address that it was shown at: another one asks for something else. */
  readonly search: string;
  /** Whether it was training, not paused. */
  readonly playing: boolean;
  /** The last step that it had taken: later than the state that is kept, as a rule. */
  readonly step: number;
}

const TAB = 'unrolled.run';
const KEEPING = 'unrolled.keep';

/** What is used of the browser's small storages. */
export type Notebook = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * Small notes of a tab and of all tabs. Where the browser stores nothing, nothing is remembered.
 */
export class Notes {
  /**
   * @param tab gives the storage of this tab; may throw
   * @param all gives the storage of all tabs; may throw
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

  /** Whether runs are to be kept: unless somebody has said no. */
  get keeping(): boolean {
    return attempt(() => this.all().getItem(KEEPING)) !== 'off';
  }

  set keeping(on: boolean) {
    attempt(() => (on ? this.all().removeItem(KEEPING) : this.all().setItem(KEEPING, 'off')));
  }

  /**
   * Whether a change that another tab has told is one of `keeping`.
   * @param key of the StorageEvent; null: everything was removed
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

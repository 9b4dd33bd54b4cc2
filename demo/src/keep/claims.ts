const PREFIX = 'unrolled-run:';
/** A reload waits so long for the page that it replaces to let go of its run. */
const PATIENCE_MS = 1500;

/** What is used of the browser's locks. */
export type Locks = Pick<LockManager, 'request' | 'query'>;

/**
 * Says which runs are open in which tab, so that no two tabs write to the same one. The browser
 * ends a claim together with its tab, even one that crashes.
 */
export class Claims {
  #release: (() => void) | undefined;
  #held: string | undefined;

  /**
   * @param locks without them, as on pages that are not served safely, nobody else is assumed to be
   *   there
   */
  constructor(
    readonly locks: Locks | undefined,
    readonly patience = PATIENCE_MS,
  ) {}

  /**
   * Takes a run for this tab in place of the one that it has.
   * @returns whether it could be had; if not, this tab keeps the one that it has
   */
  async take(id: string): Promise<boolean> {
    if (id === this.#held) return true;
    let release: (() => void) | undefined;
    if (this.locks) {
      release = await acquire(this.locks, PREFIX + id, this.patience);
      if (!release) return false;
    }
    this.#release?.();
    [this.#held, this.#release] = [id, release];
    return true;
  }

  /** Lets go of what this tab has. */
  drop(): void {
    this.#release?.();
    this.#release = this.#held = undefined;
  }

  /** Ids of the runs that are open in any tab, this one included. */
  async open(): Promise<ReadonlySet<string>> {
    const { held = [] } = (await this.locks?.query()) ?? {};
    const names = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
    return new Set(this.#held === undefined ? names : [...names, this.#held]);
  }
}

/** @returns what lets go of the lock, or nothing where it was not to be had in time */
function acquire(locks: Locks, name: string, patience: number): Promise<(() => void) | undefined> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  return new Promise((resolve, reject) => {
    const request = locks.request(name, { signal: AbortSignal.timeout(patience) }, () => {
      resolve(release);
      return held;
    });
    request.catch((error: unknown) => {
      if (error instanceof Error && error.name === 'TimeoutError') resolve(undefined);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

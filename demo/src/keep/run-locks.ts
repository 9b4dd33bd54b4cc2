const PREFIX = 'unrolled-run:';
/** Milliseconds that a reloaded page waits for the page before it to release its run. */
const PATIENCE_MS = 1500;

/** The part of the browser's locks that is used. */
export type Locks = Pick<LockManager, 'request' | 'query'>;

/**
 * Locks runs, so that two tabs never write to the same one. The browser releases the lock when its
 * tab closes or crashes.
 */
export class RunLocks {
  #release: (() => void) | undefined;
  #held: string | undefined;
  /** Calls of `take` wait for each other: two for the same run would wait for this tab's own lock. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param locks undefined on insecure pages: then every run counts as free */
  constructor(
    readonly locks: Locks | undefined,
    readonly patience = PATIENCE_MS,
  ) {}

  /**
   * Locks a run for this tab and releases the current one.
   * @returns whether the lock was free; if not, this tab keeps its current run
   */
  take(id: string): Promise<boolean> {
    const taken = this.#turn.then(() => this.#take(id));
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  async #take(id: string): Promise<boolean> {
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

  /** Releases the run of this tab. */
  drop(): void {
    this.#release?.();
    this.#release = this.#held = undefined;
  }

  /** Returns the ids of the runs that are open in any tab, this one included. */
  async open(): Promise<ReadonlySet<string>> {
    const { held = [] } = (await this.locks?.query()) ?? {};
    const names = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
    return new Set(this.#held === undefined ? names : [...names, this.#held]);
  }
}

/** @returns a function that releases the lock, or undefined if it was not free in time */
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

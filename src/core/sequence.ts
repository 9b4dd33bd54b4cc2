/**
 * Does one thing after another, in the order of the calls. What fails keeps nothing else from being
 * done.
 */
export class Sequence {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

import { expect, test } from 'vitest';
import { RunLocks, type Locks } from '../../../demo/src/keep/run-locks.js';

/**
 * Locks as browsers have them: one holder per name, the others wait, in the order in which they
 * came, until they are served or give up.
 */
class FakeLocks {
  readonly #held = new Map<string, Promise<unknown>>();

  async request(
    name: string,
    { signal }: { signal: AbortSignal },
    work: () => Promise<unknown>,
  ): Promise<unknown> {
    const gaveUp = new Promise<never>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
    gaveUp.catch(() => undefined); // it may come after everything is done
    for (let holder = this.#held.get(name); holder; holder = this.#held.get(name))
      await Promise.race([holder, gaveUp]);
    const done = work().finally(() => this.#held.delete(name));
    this.#held.set(name, done);
    return done;
  }

  query(): Promise<LockManagerSnapshot> {
    return Promise.resolve({
      held: [...this.#held.keys(), 'of something else'].map((name) => ({ name })),
      pending: [],
    });
  }
}

const fake = (): Locks => new FakeLocks() as unknown as Locks;

test('a run that is open in one tab cannot be taken by another', async () => {
  const locks = fake();
  const [one, two] = [new RunLocks(locks, 20), new RunLocks(locks, 20)];
  expect(await one.take('a')).toBe(true);
  expect(await one.take('a')).toBe(true);
  expect(await two.take('a')).toBe(false);
  expect(await two.take('b')).toBe(true);
  expect(await two.open()).toEqual(new Set(['a', 'b']));
});

test('a tab that could not have a run keeps its own; one that takes another lets go of its own', async () => {
  const locks = fake();
  const [one, two] = [new RunLocks(locks, 20), new RunLocks(locks, 20)];
  await one.take('a');
  await two.take('b');
  expect(await one.take('b')).toBe(false);
  expect(await one.open()).toEqual(new Set(['a', 'b']));
  expect(await one.take('c')).toBe(true);
  expect(await two.take('a')).toBe(true);
  expect(await two.open()).toEqual(new Set(['a', 'c']));
});

test('a tab that takes a run twice at once has it, and of two runs the one that it asked for last', async () => {
  const locks = fake();
  const [one, two] = [new RunLocks(locks, 20), new RunLocks(locks, 20)];
  expect(await Promise.all([one.take('a'), one.take('a')])).toEqual([true, true]);
  expect(await two.take('a')).toBe(false);
  expect(await Promise.all([one.take('b'), one.take('c')])).toEqual([true, true]);
  expect(await one.open()).toEqual(new Set(['c']));
  expect(await Promise.all([two.take('a'), two.take('b')])).toEqual([true, true]);
});

test('a page that is reloaded waits for the one before to let go', async () => {
  const locks = fake();
  const [before, after] = [new RunLocks(locks, 20), new RunLocks(locks, 5000)];
  await before.take('a');
  const taken = after.take('a');
  await before.take('b');
  expect(await taken).toBe(true);
});

test('without locks every run is available, and the own one counts as open', async () => {
  const claims = new RunLocks(undefined);
  expect(await claims.take('a')).toBe(true);
  expect(await claims.open()).toEqual(new Set(['a']));
});

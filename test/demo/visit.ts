import { afterAll, beforeAll } from 'vitest';

/**
 * One visit to a page for all tests of a group: they run in their order, and each begins where the
 * one before has ended. A page opens once for them, since that takes longest.
 * @param open opens a page, hands it to `use`, and closes it afterwards
 * @returns the page of the visit, for tests
 */
export function visit<T>(open: (use: (page: T) => Promise<void>) => Promise<void>): () => T {
  let found: T | undefined;
  let leave = (): void => undefined;
  let over: Promise<void> | undefined;
  beforeAll(
    () =>
      new Promise<void>((resolve, reject) => {
        over = open(async (page) => {
          found = page;
          resolve();
          await new Promise<void>((left) => (leave = left));
        });
        over.catch(reject); // it did not open
      }),
  );
  afterAll(async () => {
    leave();
    await over; // errors of the page fail the group
  });
  return () => {
    if (found === undefined) throw new Error('The page of this visit is not open.');
    return found;
  };
}

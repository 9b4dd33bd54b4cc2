import { describe, expect, it, vi } from 'vitest';
import { restDuring } from '../../src/device/dawn-rest.js';

const WAIT = 100;

/** Stands for an object of Dawn: a later turn of the event loop settles its promises. */
class Working {
  readonly done = 'done';

  work(fails: boolean, wait = WAIT): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (): void => (fails ? reject(new Error('lost')) : resolve(this.done));
      if (wait > 0) setTimeout(settle, wait);
      else settle();
    });
  }
}
restDuring(Working.prototype, ['work']);

/**
 * Counts the turns of the event loop until a promise is settled. Dawn would poll for results in
 * each.
 */
async function turnsDuring(promise: Promise<unknown>): Promise<{ turns: number; milliseconds: number }> {
  const began = performance.now();
  let settled = false;
  let turns = 0;
  promise.catch(() => undefined).finally(() => (settled = true));
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  return { turns, milliseconds: performance.now() - began };
}

describe('while Dawn works', () => {
  it.each([false, true])(
    'the event loop sleeps, and what is awaited arrives (a failure: %s)',
    async (fails) => {
      const promise = new Working().work(fails);
      const { turns, milliseconds } = await turnsDuring(promise);
      // Sleeps grow up to 1 ms, one in each turn. Without sleep, a turn takes a few microseconds.
      expect(turns).toBeLessThan(100 + 2 * milliseconds);
      if (fails) await expect(promise).rejects.toThrow('lost');
      else await expect(promise).resolves.toBe('done');
    },
  );

  it('each turn sleeps once, however many works have come and gone', async () => {
    for (let i = 0; i < 50; i++) await new Working().work(false, 0);
    const sleep = vi.spyOn(Atomics, 'wait');
    const { turns } = await turnsDuring(new Working().work(false));
    expect(sleep.mock.calls.length).toBeGreaterThan(0);
    expect(sleep.mock.calls.length).toBeLessThanOrEqual(turns + 1);
    sleep.mockRestore();
  });

  it('other work of the process goes on, and nothing sleeps afterwards', async () => {
    const promise = new Working().work(false);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await promise;
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
    const sleep = vi.spyOn(Atomics, 'wait');
    await turnsDuring(new Promise((resolve) => setTimeout(resolve, WAIT)));
    expect(sleep).not.toHaveBeenCalled();
    sleep.mockRestore();
  });
});

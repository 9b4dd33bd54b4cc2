import { afterEach, expect, it, vi } from 'vitest';
import { createRunner, WORD } from '../../src/wasm/thread.js';

afterEach(() => vi.restoreAllMocks());

const SECOND = 1000;

/**
 * Runs a table with one call, after which this thread, the first of two, waits for the other. It
 * polls, and looks at the clock each time.
 * @param clock returns the time of each look, and may let the other thread arrive
 */
function waitWith(clock: (look: number, arrive: () => void) => number): void {
  const memory = new WebAssembly.Memory({ initial: 1 });
  // id, length, scratch; a reference, a meeting, no scratch, no parameters; the parts of two threads
  new Float64Array(memory.buffer).set([1, 11, 0, -1, 1, -1, 0, 0, 1, 1, 1]);
  const words = new Int32Array(WORD.size);
  const instance = { exports: { use_tall_tiles: () => undefined } };
  const thread = { words, index: 0, threads: 2, mayBlock: false, patience: 10 * SECOND, tallTiles: false };
  const runner = createRunner({ ...thread, instance, memory });
  let look = 0;
  vi.spyOn(performance, 'now').mockImplementation(() =>
    clock(look++, () => {
      words[WORD.generation]++;
    }),
  );
  runner.run(0);
}

it('a thread that does not arrive is reported after the time that the first thread waits', () => {
  let looks = 0;
  expect(() => waitWith((look) => 50 * (looks = look))).toThrow('a thread did not answer for 11 s');
  expect(looks).toBeGreaterThan(200);
});

it('a process that was stopped for an hour while a thread waited goes on', () => {
  const clock = (look: number, arrive: () => void): number => {
    if (look === 6) arrive();
    return look < 5 ? look : 3600 * SECOND + look;
  };
  expect(() => waitWith(clock)).not.toThrow();
});

import { describe, expect, it } from 'vitest';
import { FileFormatError, OptionError, type Loader, type LoaderState } from '../../src/index.js';
import { copyMemory } from '../../src/graph.js';
import type { WindowBatch, WindowFields } from '../../src/text/window-loader.js';

const take = (loader: Loader<WindowFields>): WindowBatch => loader.next() as WindowBatch;

/** One row of a window as text; `-` is a target that does not count. */
function row(values: Uint32Array, N: number, n: number): string {
  const symbols = copyMemory().vocabulary.symbols;
  return Array.from({ length: values.length / N }, (_, t) => symbols[values[t * N + n]] ?? '-').join('');
}

it('shows the symbols, a gap of blanks that ends in the mark, and blanks while the symbols are recalled', () => {
  const task = copyMemory({ symbols: 3, delay: 5 });
  const { arrays, sizes, count } = take(task.loader({ batch: 4, seed: 2 }));
  const { inputs, targets, keep } = arrays;
  expect([task.time, count / sizes.N, count]).toEqual([11, 3, 12]);
  expect(sizes).toEqual({ T: 11, N: 4 });
  expect([...keep]).toEqual([0, 0, 0, 0]);
  for (let n = 0; n < 4; n++) {
    const shown = row(inputs, 4, n);
    expect(shown).toMatch(/^[a-h]{3}\.{4}>\.{3}$/);
    expect(row(targets, 4, n)).toBe(`--------${shown.slice(0, 3)}`);
  }
});

it('has ten symbols and a gap of thirty by default, and reports the loss of guessing', () => {
  const task = copyMemory();
  const { count, sizes } = take(task.loader({ batch: 3 }));
  expect([task.time, count / sizes.N, task.vocabulary.size]).toEqual([50, 10, 10]);
  expect(task.baseline).toBeCloseTo(Math.log(8), 12);
});

it('the smallest of all: one symbol, the mark right after it', () => {
  const { inputs, targets } = take(copyMemory({ symbols: 1, delay: 1 }).loader({ batch: 1 })).arrays;
  expect(row(inputs, 1, 0)).toMatch(/^[a-h]>\.$/);
  expect(row(targets, 1, 0)).toBe(`--${row(inputs, 1, 0)[0]}`);
});

describe('windows', () => {
  const windows = (options: { seed?: number; heldOut?: boolean }, count = 5): string[] => {
    const { heldOut = false, ...rest } = options;
    const task = copyMemory({ symbols: 6, delay: 2 });
    const loader = heldOut
      ? task.examination({ batch: 2, batches: count }).loader
      : task.loader({ batch: 2, ...rest });
    return Array.from({ length: count }, () => row(take(loader).arrays.inputs, 2, 1));
  };

  it('depend on the seed, do not repeat, and differ from held-out windows', () => {
    expect(windows({ seed: 1 })).toEqual(windows({ seed: 1 }));
    expect(windows({ seed: 2 })).not.toEqual(windows({ seed: 1 }));
    const [trained, held] = [windows({}, 50), windows({ heldOut: true }, 50)];
    expect(new Set([...trained, ...held]).size).toBe(100);
  });

  it('use all eight symbols about equally', () => {
    const counts = new Map<string, number>();
    for (const shown of windows({}, 800))
      for (const symbol of shown.slice(0, 6)) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
    expect([...counts.keys()].sort().join('')).toBe('abcdefgh');
    for (const count of counts.values()) expect(Math.abs(count - 600)).toBeLessThan(4 * Math.sqrt(600)); // four deviations
  });

  it('continue from a saved position, across the end of an epoch', () => {
    const task = copyMemory({ symbols: 2, delay: 3 });
    const first = task.loader({ batch: 3, seed: 4 });
    for (let i = 0; i < 998; i++) take(first);
    const second = task.loader({ batch: 3, seed: 4 });
    second.restore(JSON.parse(JSON.stringify(first.state())) as LoaderState);
    for (let i = 0; i < 4; i++) expect(take(second)).toEqual(take(first));
    expect(first.state()).toMatchObject({ epoch: 1, index: 2 });
  });

  it('of another task cannot be continued', () => {
    const state = copyMemory({ delay: 20 }).loader({ batch: 1 }).state();
    expect(() => copyMemory().loader({ batch: 1 }).restore(state)).toThrow(FileFormatError);
    expect(() => copyMemory().loader({ batch: 1 }).restore(state)).toThrow(/sampling copy-memory 10\/20/);
  });
});

it.each([{ symbols: 0 }, { delay: 0 }, { delay: 2.5 }, { length: 3 }])('refuses %o', (options) => {
  expect(() => copyMemory(options)).toThrow(OptionError);
});

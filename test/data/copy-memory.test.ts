import { describe, expect, it } from 'vitest';
import { copyMemory, FileFormatError, OptionError, type Batcher, type Window } from '../../src/index.js';

const take = (batcher: Batcher): Window => batcher.next() as Window;

/** One row of a window as text; `-` is a target that does not count. */
function row(values: Uint32Array, N: number, n: number): string {
  const symbols = copyMemory().vocabulary.symbols;
  return Array.from({ length: values.length / N }, (_, t) => symbols[values[t * N + n]] ?? '-').join('');
}

it('shows the symbols, a gap of blanks that ends in the mark, and blanks while the symbols are recalled', () => {
  const task = copyMemory({ symbols: 3, delay: 5 });
  const batcher = task.batcher({ batch: 4, seed: 2 });
  const { inputs, targets, keep } = take(batcher);
  expect([task.time, task.scoredPerRow, batcher.scored]).toEqual([11, 3, 12]);
  expect([...keep]).toEqual([0, 0, 0, 0]);
  for (let n = 0; n < 4; n++) {
    const shown = row(inputs, 4, n);
    expect(shown).toMatch(/^[a-h]{3}\.{4}>\.{3}$/);
    expect(row(targets, 4, n)).toBe(`--------${shown.slice(0, 3)}`);
  }
});

it('has ten symbols and a gap of thirty unless told otherwise, and knows the loss of guessing', () => {
  const { time, scoredPerRow, baseline, vocabulary } = copyMemory();
  expect([time, scoredPerRow, vocabulary.size]).toEqual([50, 10, 10]);
  expect(baseline).toBeCloseTo(Math.log(8), 12);
});

it('the smallest of all: one symbol, the mark right after it', () => {
  const { inputs, targets } = take(copyMemory({ symbols: 1, delay: 1 }).batcher({ batch: 1 }));
  expect(row(inputs, 1, 0)).toMatch(/^[a-h]>\.$/);
  expect(row(targets, 1, 0)).toBe(`--${row(inputs, 1, 0)[0]}`);
});

describe('windows', () => {
  const windows = (options: { seed?: number; heldOut?: boolean }, count = 5): string[] => {
    const batcher = copyMemory({ symbols: 6, delay: 2 }).batcher({ batch: 2, ...options });
    return Array.from({ length: count }, () => row(take(batcher).inputs, 2, 1));
  };

  it('follow from the seed, never come again, and are others where they are held out', () => {
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

  it('go on from a saved position, over the end of an epoch', () => {
    const task = copyMemory({ symbols: 2, delay: 3 });
    const first = task.batcher({ batch: 3, seed: 4 });
    for (let i = 0; i < 998; i++) take(first);
    const second = task.batcher({ batch: 3, seed: 4 });
    second.restore(JSON.parse(JSON.stringify(first.state())) as ReturnType<Batcher['state']>);
    for (let i = 0; i < 4; i++) expect(take(second)).toEqual(take(first));
    expect(first.state()).toMatchObject({ epoch: 1, index: 2 });
  });

  it('of another task cannot be gone on with', () => {
    const state = copyMemory({ delay: 20 }).batcher({ batch: 1 }).state();
    expect(() => copyMemory().batcher({ batch: 1 }).restore(state)).toThrow(FileFormatError);
    expect(() => copyMemory().batcher({ batch: 1 }).restore(state)).toThrow(/sampling copy-memory 10\/20/);
  });
});

it.each([{ symbols: 0 }, { delay: 0 }, { delay: 2.5 }, { length: 3 }])('refuses %o', (options) => {
  expect(() => copyMemory(options)).toThrow(OptionError);
});

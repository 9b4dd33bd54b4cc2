import { describe, expect, it } from 'vitest';
import { blobSink } from '../../src/text/blocked-ids.js';
import { Corpus } from '../../src/text/corpus.js';
import { IdChecksum } from '../../src/text/ids.js';
import { Vocabulary } from '../../src/text/vocabulary.js';
import { type WindowBatch, WindowLoader, type CorpusWindowsOptions } from '../../src/text/window-loader.js';
import type { LoaderState } from '../../src/train/source.js';

/** A corpus of S ids in which the id is the position. */
const counting = (S: number): Corpus => Corpus.fromIds(Array.from({ length: S }, (_, i) => i));

function now(window: WindowBatch | Promise<WindowBatch>): WindowBatch {
  if (window instanceof Promise) throw new Error('Expected a window at once, not a promise.');
  return window;
}

/** What a window holds, one string per batch row: `inputs>targets keep`. */
function rows({ arrays: { inputs, targets, keep }, sizes: { T, N } }: WindowBatch): string[] {
  const row = (ids: Uint32Array, n: number): string =>
    Array.from({ length: T }, (_, t) => ids[t * N + n]).join(',');
  return Array.from({ length: N }, (_, n) => `${row(inputs, n)}>${row(targets, n)} ${keep[n]}`);
}

const take = (loader: WindowLoader, count: number): string[][] =>
  Array.from({ length: count }, () => rows(now(loader.next())));

/** Batches of an epoch, each window as one number per row: where it begins. */
function starts(loader: WindowLoader): number[][] {
  return Array.from({ length: loader.batchesPerEpoch }, () => {
    const { arrays, sizes } = now(loader.next());
    return [...arrays.inputs.subarray(0, sizes.N)];
  });
}

describe('pointer sampling (min-char-rnn)', () => {
  /** The loop of the recipe, on positions. */
  function recipe(S: number, T: number, steps: number): string[] {
    const lines: string[] = [];
    for (let n = 0, p = 0; n < steps; n++, p += T) {
      const reset = n === 0 || p + T + 1 >= S;
      if (reset) p = 0;
      const range = (from: number): string => Array.from({ length: T }, (_, i) => from + i).join(',');
      lines.push(`${range(p)}>${range(p + 1)} ${reset ? 0 : 1}`);
    }
    return lines;
  }

  it('moves on by T, carries the state, and begins again where p + T + 1 ≥ S', () => {
    const loader = new WindowLoader(counting(8), { sampling: 'pointer', batch: 1, time: 3 });
    expect(loader.batchesPerEpoch).toBe(2);
    expect(take(loader, 3)).toEqual([['0,1,2>1,2,3 0'], ['3,4,5>4,5,6 1'], ['0,1,2>1,2,3 0']]);
    // One id less: the second window would just fit (3 + 3 + 1 = 7), but the recipe goes back
    // already.
    expect(take(new WindowLoader(counting(7), { sampling: 'pointer', batch: 1, time: 3 }), 2)).toEqual([
      ['0,1,2>1,2,3 0'],
      ['0,1,2>1,2,3 0'],
    ]);
  });

  it('follows the recipe step by step for every length', () => {
    for (const T of [1, 2, 5]) {
      for (let S = T + 1; S < 6 * T + 4; S++) {
        expect(
          take(new WindowLoader(counting(S), { sampling: 'pointer', batch: 1, time: T }), 20).flat(),
          `S ${S}, T ${T}`,
        ).toEqual(recipe(S, T, 20));
      }
    }
  });

  it('has one row and needs T + 1 characters', () => {
    expect(() => new WindowLoader(counting(9), { sampling: 'pointer', batch: 2, time: 3 })).toThrow(
      'batch: expected 1',
    );
    expect(() => new WindowLoader(counting(25), { sampling: 'pointer', batch: 1, time: 25 })).toThrow(
      '25 characters are too few: batch 1 × time 25 needs at least 25 + 1 = 26.',
    );
  });
});

describe('consecutive sampling', () => {
  it('cuts the ids into N rows of S // N and reads (S // N − 1) // T windows of each', () => {
    // S = 23, N = 3: rows of 7 begin at 0, 7 and 14 (21 and 22 are left over); T = 3: (7 − 1) // 3
    // = 2 windows.
    const loader = new WindowLoader(counting(23), { sampling: 'consecutive', batch: 3, time: 3 });
    expect(loader.batchesPerEpoch).toBe(2);
    expect(take(loader, 3)).toEqual([
      ['0,1,2>1,2,3 0', '7,8,9>8,9,10 0', '14,15,16>15,16,17 0'],
      ['3,4,5>4,5,6 1', '10,11,12>11,12,13 1', '17,18,19>18,19,20 1'],
      ['0,1,2>1,2,3 0', '7,8,9>8,9,10 0', '14,15,16>15,16,17 0'],
    ]);
  });

  it('is time-major: row t, column n', () => {
    const { inputs, targets } = now(
      new WindowLoader(counting(10), { sampling: 'consecutive', batch: 2, time: 4 }).next(),
    ).arrays;
    expect([...inputs]).toEqual([0, 5, 1, 6, 2, 7, 3, 8]);
    expect([...targets]).toEqual([1, 6, 2, 7, 3, 8, 4, 9]);
  });

  it('never reads a target from the next row', () => {
    // Rows of 6 with T = 3: (6 − 1) // 3 = 1, although 6 // 3 = 2.
    expect(
      new WindowLoader(counting(12), { sampling: 'consecutive', batch: 2, time: 3 }).batchesPerEpoch,
    ).toBe(1);
  });

  it('gives the numbers of the gluon recipe', () => {
    // 20,000 characters, batch 32, time 35: rows of 625, (625 − 1) // 35 = 17.
    expect(
      new WindowLoader(counting(20_000), { sampling: 'consecutive', batch: 32, time: 35 }).batchesPerEpoch,
    ).toBe(17);
  });

  it('numbers epochs and windows, each with its place in the text', () => {
    const loader = new WindowLoader(counting(8), { sampling: 'consecutive', batch: 1, time: 3 });
    const seen = Array.from({ length: 3 }, () => now(loader.next())).map(({ epoch, index, arrays }) => [
      epoch,
      index,
      arrays.inputs[0],
    ]);
    expect(seen).toEqual([
      [0, 0, 0],
      [0, 1, 3],
      [1, 0, 0],
    ]);
  });

  it('sets the state to zero in every window on request', () => {
    const loader = new WindowLoader(counting(8), {
      sampling: 'consecutive',
      batch: 1,
      time: 3,
      carry: false,
    });
    expect(take(loader, 2)).toEqual([['0,1,2>1,2,3 0'], ['3,4,5>4,5,6 0']]);
  });

  it('carries the state from a shuffled window to the next on request, through an epoch', () => {
    const options = { sampling: 'random', batch: 2, time: 3, seed: 4 } as const;
    const keeps = (carry?: boolean): number[][] => {
      const loader = new WindowLoader(counting(20), { ...options, carry });
      return take(loader, 4).map((rows) => rows.map((row) => Number(row.split(' ')[1])));
    };
    expect(keeps(true)).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    for (const carry of [undefined, false]) expect(keeps(carry).flat()).toEqual(new Array(8).fill(0));
  });

  it('reads one row per stream where the ids come in streams', () => {
    const corpus = Corpus.fromIds([0, 50, 1, 51, 2, 52, 3, 53, 4, 54, 5, 55], { streams: 2 });
    const loader = new WindowLoader(corpus, { sampling: 'consecutive', batch: 2, time: 2 });
    expect(take(loader, 3)).toEqual([
      ['0,1>1,2 0', '50,51>51,52 0'],
      ['2,3>3,4 1', '52,53>53,54 1'],
      ['0,1>1,2 0', '50,51>51,52 0'],
    ]);
    expect(() => new WindowLoader(corpus, { sampling: 'consecutive', batch: 3, time: 2 })).toThrow(
      'batch: expected 2, one row for each stream of ids, got 3.',
    );
    expect(() => new WindowLoader(corpus, { sampling: 'random', batch: 2, time: 2 })).toThrow(
      'sampling: expected consecutive',
    );
  });

  it('says what is missing when not one window fits', () => {
    expect(() => new WindowLoader(counting(20), { sampling: 'consecutive', batch: 32, time: 35 })).toThrow(
      '20 characters are too few: batch 32 × time 35 needs at least 32 · (35 + 1) = 1152. Lower batch ' +
        'or time, or take a longer text.',
    );
    expect(
      new WindowLoader(counting(1152), { sampling: 'consecutive', batch: 32, time: 35 }).batchesPerEpoch,
    ).toBe(1);
    expect(() => new WindowLoader(counting(1151), { sampling: 'consecutive', batch: 32, time: 35 })).toThrow(
      'too few',
    );
  });
});

describe('random sampling', () => {
  const options: CorpusWindowsOptions = { sampling: 'random', batch: 2, time: 3, seed: 7 };

  it('takes E = (S − 1) // T windows at multiples of T in E // N batches', () => {
    // S = 22: E = 7 windows at 0, 3, …, 18; 3 batches of 2; one window is left out.
    const loader = new WindowLoader(counting(22), options);
    expect(loader.batchesPerEpoch).toBe(3);
    const epoch = starts(loader).flat();
    expect(new Set(epoch).size).toBe(6);
    expect(epoch.every((start) => start % 3 === 0 && start <= 18)).toBe(true);
    // S = 21: the window at 18 would need the id 21 as its last target.
    expect(new WindowLoader(counting(21), { ...options, batch: 1 }).batchesPerEpoch).toBe(6);
  });

  it('gives the numbers of the gluon recipe', () => {
    // 20,000 characters: (20,000 − 1) // 35 = 571 windows, 571 // 32 = 17 batches.
    expect(
      new WindowLoader(counting(20_000), { sampling: 'random', batch: 32, time: 35 }).batchesPerEpoch,
    ).toBe(17);
  });

  it('sets the state to zero in every window, and pairs each input with the next character', () => {
    const loader = new WindowLoader(counting(22), options);
    for (const row of take(loader, 9).flat()) {
      const s = Number(row.split(',')[0]);
      expect(row).toBe(`${s},${s + 1},${s + 2}>${s + 1},${s + 2},${s + 3} 0`);
    }
  });

  it('covers every window in an epoch, in another order each epoch and for each seed', () => {
    const of = (seed: number): WindowLoader => new WindowLoader(counting(301), { ...options, seed });
    const loader = of(7);
    const [first, second] = [starts(loader), starts(loader)];
    const everything = Array.from({ length: 100 }, (_, i) => 3 * i);
    expect(first.flat().sort((a, b) => a - b)).toEqual(everything);
    expect(second.flat().sort((a, b) => a - b)).toEqual(everything);
    expect(first.flat()).not.toEqual(everything);
    expect(second).not.toEqual(first);
    expect(starts(of(7))).toEqual(first);
    expect(starts(of(8))).not.toEqual(first);
  });

  it('says what is missing when not one batch fits', () => {
    expect(() => new WindowLoader(counting(1120), { sampling: 'random', batch: 32, time: 35 })).toThrow(
      '1120 characters are too few: batch 32 × time 35 needs at least 32 · 35 + 1 = 1121.',
    );
    expect(
      new WindowLoader(counting(1121), { sampling: 'random', batch: 32, time: 35 }).batchesPerEpoch,
    ).toBe(1);
  });
});

describe('whole sampling (evaluation)', () => {
  it('has every character but the first as a target once, and fills up with the unknown id', () => {
    const loader = new WindowLoader(counting(6), { sampling: 'whole', batch: 1, time: 3 });
    expect(take(loader, 2)).toEqual([['0,1,2>1,2,3 0'], ['3,4,6>4,5,6 1']]);
  });

  it('covers the text for every length, batch and time', () => {
    for (const N of [1, 2, 3]) {
      for (const T of [1, 2, 4]) {
        for (let S = N + 1; S < 20; S++) {
          const loader = new WindowLoader(counting(S), { sampling: 'whole', batch: N, time: T });
          const seen: number[] = [];
          for (let i = 0; i < loader.batchesPerEpoch; i++) {
            const { inputs, targets } = now(loader.next()).arrays;
            targets.forEach((target, k) => {
              expect(inputs[k]).toBe(target === S ? S : target - 1);
              if (target !== S) seen.push(target);
            });
          }
          expect(
            seen.sort((a, b) => a - b),
            `S ${S}, N ${N}, T ${T}`,
          ).toEqual(Array.from({ length: S - 1 }, (_, i) => i + 1));
        }
      }
    }
    expect(() => new WindowLoader(counting(3), { sampling: 'whole', batch: 3, time: 1 })).toThrow(
      'needs at least 3 + 1 = 4',
    );
  });
});

describe('any sampling', () => {
  const every: CorpusWindowsOptions[] = [
    { sampling: 'pointer', batch: 1, time: 4 },
    { sampling: 'consecutive', batch: 3, time: 4 },
    { sampling: 'random', batch: 3, time: 4, seed: 5 },
    { sampling: 'whole', batch: 3, time: 4 },
  ];

  it('goes on from a saved state exactly, also over the end of an epoch', () => {
    for (const options of every) {
      const whole = new WindowLoader(counting(40), options);
      for (let steps = 0; steps < 2 * whole.batchesPerEpoch + 1; steps++) {
        const first = new WindowLoader(counting(40), options);
        take(first, steps);
        const resumed = new WindowLoader(counting(40), options);
        resumed.restore(JSON.parse(JSON.stringify(first.state())) as LoaderState);
        expect(take(resumed, 5)).toEqual(take(first, 5));
      }
    }
  });

  it('refuses the state of another run or a damaged one', () => {
    const loader = new WindowLoader(counting(40), { sampling: 'random', batch: 3, time: 4, seed: 5 });
    const state = loader.state();
    expect(() =>
      new WindowLoader(counting(80), { sampling: 'random', batch: 3, time: 4, seed: 5 }).restore(state),
    ).toThrow('The saved position is in 3 windows per epoch');
    expect(() =>
      new WindowLoader(counting(40), { sampling: 'random', batch: 3, time: 4, seed: 6 }).restore(state),
    ).toThrow('seed 5), but this run');
    const other = Corpus.fromIds(Array.from({ length: 40 }, (_, i) => 39 - i));
    expect(() =>
      new WindowLoader(other, { sampling: 'random', batch: 3, time: 4, seed: 5 }).restore(state),
    ).toThrow(/^The saved position belongs to other data \(text 40 .*\) than these \(text 40 /);
    expect(() => loader.restore({ ...state, index: 3 })).toThrow(
      'The saved position is damaged: epoch 0, window 3 of 3.',
    );
    expect(() => loader.restore({ ...state, epoch: -1 })).toThrow('damaged');
  });

  it('passes unknown symbols through as the id V', () => {
    const corpus = Corpus.fromText('abxab', { vocabulary: Vocabulary.fromText('ab') });
    expect(take(new WindowLoader(corpus, { sampling: 'pointer', batch: 1, time: 4 }), 1)).toEqual([
      ['0,1,2,0>1,2,0,1 0'],
    ]);
  });

  it('refuses wrong options by name', () => {
    const corpus = counting(40);
    expect(() => new WindowLoader(corpus, { sampling: 'random', batch: 0, time: 4 })).toThrow(
      'batch: expected a whole number of at least 1, got 0.',
    );
    expect(() => new WindowLoader(corpus, { sampling: 'random', batch: 1, time: 2.5 })).toThrow(
      'time: expected',
    );
    expect(() => new WindowLoader(corpus, { sampling: 'shuffled' as 'random', batch: 1, time: 2 })).toThrow(
      'sampling: expected one of',
    );
    expect(
      () =>
        new WindowLoader(corpus, { sampling: 'random', batch: 1, time: 2, sede: 1 } as CorpusWindowsOptions),
    ).toThrow('windows.sede');
  });

  it('gives the same windows from ids outside memory, read ahead', async () => {
    for (const options of every) {
      const [sink, checksum] = [blobSink(40), new IdChecksum()];
      const all = Uint8Array.from({ length: 40 }, (_, i) => i);
      sink.write(all);
      checksum.add(all);
      const outside = new WindowLoader(
        new Corpus({ vocabulary: Vocabulary.ofNumbers(40), ids: sink.finish(), checksum: checksum.value }),
        options,
      );
      const inside = new WindowLoader(counting(40), options);
      expect(outside.next()).toBeInstanceOf(Promise);
      outside.restore(inside.state());
      for (let i = 0; i < 12; i++) {
        expect(outside.state()).toEqual(inside.state());
        expect(await outside.next()).toEqual(now(inside.next()));
      }
    }
  });

  it('reports a failed read to whoever asks for the window, and can go on afterwards', async () => {
    let failures = 1;
    const ids = {
      length: 9,
      close: () => undefined,
      read: async (start: number, count: number) => {
        await Promise.resolve();
        if (start === 3 && failures-- > 0) throw new Error('unplugged');
        return Uint8Array.from({ length: count }, (_, i) => start + i);
      },
    };
    const loader = new WindowLoader(new Corpus({ vocabulary: Vocabulary.ofNumbers(9), ids }), {
      sampling: 'pointer',
      batch: 1,
      time: 3,
    });
    expect([...(await loader.next()).arrays.inputs]).toEqual([0, 1, 2]);
    const state = loader.state();
    await expect(loader.next()).rejects.toThrow('unplugged');
    loader.restore(state);
    expect([...(await loader.next()).arrays.inputs]).toEqual([3, 4, 5]);
  });
});

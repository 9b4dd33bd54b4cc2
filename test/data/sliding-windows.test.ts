import { describe, expect, it } from 'vitest';
import { OptionError, slidingWindows, type Batch } from '../../src/index.js';
import { restored } from '../../src/graph.js';

const a = Float32Array.of(0, 1, 2, 3, 4, 5, 6);
const b = [10, 11, 12, 13, 14, 15, 16];

describe('sliding windows', () => {
  it('read `window` steps of all series, and predict the value `horizon` steps later', () => {
    const source = slidingWindows([a, b], { window: 3, horizon: 2, target: 1, stride: 2, batch: 8 });
    expect(source.length).toBe(2);
    const batch = source.examination({}).loader.next() as Batch<typeof source.fields>;
    expect(batch.sizes).toEqual({ T: 3, N: 2 });
    // Steps 0–2 and 2–4; the targets are steps 4 and 6 of series 1.
    expect(Array.from(batch.arrays.x)).toEqual([0, 10, 2, 12, 1, 11, 3, 13, 2, 12, 4, 14]);
    expect(Array.from(batch.arrays.y)).toEqual([14, 16]);
    expect(Array.from(batch.arrays.lengths)).toEqual([3, 3]);
    expect(batch.count).toBe(2);
    expect([source.fields.x.shape, source.fields.y.shape]).toEqual([
      ['T', 'N', 2],
      ['N', 1],
    ]);
  });

  it('predict all series by default, each number a target', () => {
    const source = slidingWindows([a, b], { window: 2, batch: 4 });
    const batch = source.loader().next() as Batch;
    expect([source.length, batch.count, batch.arrays.y.length]).toEqual([5, 8, 8]);
    expect(source.stats).toEqual({ mean: [0, 0], deviation: [1, 1] });
  });

  it('scale by their own statistics, or by those of the training series', () => {
    const train = slidingWindows([a, b], { window: 2, target: 1, normalize: 'standard', batch: 4 });
    expect(train.stats.mean).toEqual([3, 13]);
    expect(train.stats.deviation).toEqual([2, 2]); // squares 9 4 1 0 1 4 9, mean 4
    expect(train.targetStats).toEqual({ mean: [13], deviation: [2] });
    const test = slidingWindows([[5, 7, 9], [1, 3, 5]], { window: 1, horizon: 2, target: [1], normalize: train.stats, batch: 1 }); // prettier-ignore
    const { arrays } = test.loader().next() as Batch;
    expect(Array.from(arrays.x)).toEqual([1, -6]);
    expect(Array.from(restored(arrays.y as Float32Array, train.targetStats))).toEqual([5]);
    expect(test.fingerprint).not.toBe(train.fingerprint);
  });

  it('read records of series for predictions, scaled as the series were', () => {
    const source = slidingWindows([a, b], { window: 2, target: 1, normalize: 'standard', batch: 4 });
    const [{ batch, records }] = source.predictionBatches([{ x: [[5, 1], Float32Array.of(15, 9)] }], { batch: 8 }); // prettier-ignore
    expect(Array.from(batch.arrays.x)).toEqual([1, 1, -1, -2]);
    expect([records, batch.sizes, Array.from(batch.arrays.y)]).toEqual([[0], { T: 2, N: 1 }, [0]]);
    expect(source.scales).toEqual({ x: source.stats, y: source.targetStats });
    const wrong = (x: unknown) => () => source.predictionBatches([{ x }], { batch: 1 });
    expect(wrong([[1, 2], [3, 4], [5, 6]])).toThrow('Record 0: series("x") reads 2 series of numbers'); // prettier-ignore
    expect(wrong([[1, 2], [3]])).toThrow('of equal length, but they have 2, 1 steps'); // prettier-ignore
    expect(wrong([[1, 2], [3, NaN]])).toThrow('Record 0'); // prettier-ignore
    const single = slidingWindows([a], { window: 2, batch: 4 });
    const batches = [[1, 2], [[1, 2]]].map((x) => single.predictionBatches([{ x }], { batch: 1 })[0].batch);
    expect(batches[0].arrays.x).toEqual(Float32Array.of(1, 2));
    expect(batches[1].arrays.x).toEqual(Float32Array.of(1, 2));
  });

  it('read some of the series, and predict one that they do not read', () => {
    const c = [0, 0, 0, 0, 0, 0, 0];
    const source = slidingWindows([c, a, b], { window: 2, inputs: [2], target: 1, batch: 1 });
    expect(source.fields.x.shape).toEqual(['T', 'N', 1]);
    const seen = Array.from({ length: 5 }, () => {
      const { arrays } = source.examination({}).loader.next() as {
        arrays: Record<string, ArrayLike<number>>;
      };
      return [...Array.from(arrays.x), ...Array.from(arrays.y)];
    });
    expect(seen[0]).toEqual([b[0], b[1], a[2]]);
    const scaled = slidingWindows([a, b], {
      window: 2,
      inputs: [1],
      target: 0,
      normalize: 'standard',
      batch: 1,
    });
    expect(scaled.scales.x).toEqual({ mean: [scaled.stats.mean[1]], deviation: [scaled.stats.deviation[1]] });
    expect(scaled.scales.y).toEqual({ mean: [scaled.stats.mean[0]], deviation: [scaled.stats.deviation[0]] });
    expect(() => slidingWindows([a], { window: 1, inputs: [], batch: 1 })).toThrow(
      'inputs: expected the number',
    );
  });

  it('report wrong series and options', () => {
    expect(() => slidingWindows([a], { window: 6, horizon: 2, batch: 1 })).toThrow(
      'A series of 7 steps is too short: window 6 and horizon 2 need at least 8.',
    );
    expect(() => slidingWindows([a, [1]], { window: 1, batch: 1 })).toThrow(
      'All series must have the same number of steps, but they have 7, 1.',
    );
    expect(() => slidingWindows([[1, NaN, 3]], { window: 1, batch: 1 })).toThrow('Step 1 of series 0 is NaN');
    expect(() => slidingWindows([[1, 2, 1e39]], { window: 1, batch: 1 })).toThrow(
      'Step 2 of series 0 is 1e+39: expected a finite number up to 3.4e38.',
    );
    expect(() => slidingWindows([a], { window: 1, target: 1, batch: 1 })).toThrow(OptionError);
    expect(() => slidingWindows([], { window: 1, batch: 1 })).toThrow('series: expected a list of series');
    expect(() => slidingWindows([a], { window: 1, batch: 1, step: 2 } as never)).toThrow(
      'slidingWindows.step',
    );
  });
});

import { expect, it } from 'vitest';
import type * as graphDoor from '../../src/graph.js';
import type * as unrolled from '../../src/index.js';
import { codeOf, run } from '../support/library-docs.js';

it('the examples of "Records, columns and batches" run', async () => {
  const { logged, values } = await run(codeOf('Records, columns and batches'), [
    ...['train', 'validation', 'unlabelled', 'learned', 'tested'],
  ]);
  const { train, validation, unlabelled, learned, tested } = values as {
    readonly train: unrolled.Records<object>;
    readonly validation: unrolled.Records<object>;
    readonly unlabelled: readonly graphDoor.PredictionBatch[];
    readonly learned: unrolled.SlidingWindows;
    readonly tested: unrolled.SlidingWindows;
  };
  expect([train.length, validation.length]).toEqual([4, 2]);
  expect(logged.slice(0, 40).map(([step]) => step)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  const losses = logged.slice(0, 40).map(([, loss]) => Number(loss));
  expect(losses[39]).toBeLessThan(losses[0]);
  const [[accuracy], [ends]] = logged.slice(40) as [[number], [Float32Array]];
  expect([0, 0.5, 1]).toContain(accuracy);
  expect(Array.from(ends)).toEqual([10, 30]);
  expect([unlabelled[0].batch.sizes, unlabelled[0].records]).toEqual([{ T: 1, N: 1 }, [0]]);
  expect([learned.length, tested.length]).toEqual([121, 21]);
});

it('the examples of "Records from files" run', async () => {
  const { logged, values } = await run(codeOf('Records from files'), ['translations', 'measured']);
  expect(logged).toEqual([
    ...[['Salut.'], ['Good; "very" good', 0], [{ train: 1, validation: 1, shared: 0 }]],
    ...[[20], [40], [60], ['yes', 'no'], [1]],
  ]);
  const { translations, measured } = values as {
    readonly translations: unrolled.Records<object>;
    readonly measured: unrolled.SlidingWindows;
  };
  expect([translations.length, measured.length]).toEqual([2, 1]);
});

import { describe, expect, it } from 'vitest';
import { adagrad, adam, charModel, rmsprop, Vocabulary } from '../../src/index.js';
import { CELLS, printPlan, summarize, trainingGraph } from '../../src/graph.js';
import { compileLoaded } from '../../src/plan/compile.js';
import { allOps } from '../support/ops.js';

function plan(
  options: { T: number; N: number; V: number; H: number; L: number; biases?: 'both' | 'single' },
  parallelism = 16384,
) {
  const { T, N, V, H, L, biases = 'both' } = options;
  const model = charModel({ vocabulary: Vocabulary.ofNumbers(V), hidden: H, layers: L, biases });
  return compileLoaded(
    trainingGraph(model, { sizes: { T, N }, loss: 'mean', clip: { value: 5, norm: 5 }, optimizer: adam({}) }),
    allOps,
    { parallelism },
  );
}

describe('dispatches of one training step stay below 2·T·L + 6·L + 9 for all sizes', () => {
  const sizes = [
    { T: 25, N: 1, V: 65, H: 100, L: 1 },
    { T: 25, N: 1, V: 65, H: 100, L: 1, biases: 'single' as const },
    { T: 35, N: 32, V: 1465, H: 256, L: 1 },
    { T: 50, N: 50, V: 65, H: 128, L: 2 },
    { T: 7, N: 64, V: 30_000, H: 33, L: 5 },
    { T: 1, N: 1, V: 2, H: 1, L: 1 },
  ];
  for (const parallelism of [64, 16384]) {
    it.each(sizes)(`%o, parallelism ${parallelism}`, (size) => {
      const { dispatches } = summarize(plan(size, parallelism));
      expect(dispatches).toBeLessThanOrEqual(2 * size.T * size.L + 6 * size.L + 9);
      expect(dispatches).toBeGreaterThan(2 * size.T * size.L);
    });
  }
});

// Options that cost launches of their own have their exact numbers in
// test/layers/dispatches.test.ts.
describe('cells and options stay within the same budget', () => {
  const cases = CELLS.flatMap((cell) => [
    { cell, dropout: 0.2 },
    { cell, biases: 'none' as const },
    ...(cell === 'mingru' || cell === 'minlstm' ? [] : [{ cell, recurrentDropout: 0.2 }]),
  ]);
  for (const parallelism of [64, 16384]) {
    it.each([...cases, { cell: 'gru' as const, reset: 'before' as const }])(
      `%o, parallelism ${parallelism}`,
      (options) => {
        const [T, N] = [50, 50];
        for (const L of [2, 3, 4]) {
          const model = charModel({
            vocabulary: Vocabulary.ofNumbers(65),
            hidden: 128,
            layers: L,
            ...options,
          });
          const graph = trainingGraph(model, {
            sizes: { T, N },
            loss: 'mean',
            clip: { value: 5 },
            optimizer: rmsprop(),
          });
          expect(summarize(compileLoaded(graph, allOps, { parallelism })).dispatches).toBeLessThanOrEqual(
            2 * T * L + 6 * L + 9,
          );
        }
      },
    );
  }

  it('cells whose gates do not read the state need no launch per step', () => {
    for (const cell of ['mingru', 'minlstm'] as const) {
      const model = charModel({ vocabulary: Vocabulary.ofNumbers(65), hidden: 128, cell });
      const dispatches = [10, 200].map(
        (T) =>
          summarize(
            compileLoaded(
              trainingGraph(model, { sizes: { T, N: 4 }, loss: 'mean', clip: {}, optimizer: adam() }),
              allOps,
              {
                parallelism: 16384,
              },
            ),
          ).dispatches,
      );
      expect(Math.max(...dispatches)).toBeLessThan(20);
    }
  });
});

it('printPlan prints the plan of min-char-rnn', () => {
  const model = charModel({ vocabulary: Vocabulary.ofNumbers(65), hidden: 100, biases: 'single' });
  const graph = trainingGraph(model, {
    sizes: { T: 25, N: 1 },
    loss: 'sum',
    clip: { value: 5 },
    optimizer: adagrad({ epsilonInside: true }),
  });
  expect(printPlan(compileLoaded(graph, allOps, { parallelism: 16384 }))).toMatchSnapshot();
});

it('intermediates share buffers', () => {
  const { buffers } = plan({ T: 35, N: 32, V: 1465, H: 256, L: 3 });
  expect(buffers.bytes).toBeLessThan(buffers.bytesUnshared);
});

import { describe, expect, it } from 'vitest';
import { adam, Vocabulary, type CharModelOptions } from '../../src/index.js';
import { taskModel, CELLS, trainingGraph } from '../../src/graph.js';
import { hasRecurrentWeights } from '../../src/cells/facts.js';
import { compileLoaded } from '../../src/plan/compile.js';
import type { PlanTarget } from '../../src/plan/target.js';
import { allOps } from '../support/ops.js';

type ModelOptions = Omit<CharModelOptions, 'vocabulary'>;

const T = 20;

function dispatches(options: ModelOptions, { N, ...target }: PlanTarget & { readonly N: number }): number {
  const model = taskModel({ vocabulary: Vocabulary.ofNumbers(65), hidden: 64, ...options });
  return compileLoaded(
    trainingGraph(model, { sizes: { T, N }, loss: 'mean', clip: { norm: 5 }, optimizer: adam() }),
    allOps,
    target,
  ).launches.length;
}

/**
 * Dispatches of a training step by launch. States are carried in all of them.
 * For each layer and direction: 2·T steps; projection, begin and finish; dW_hh, dW_ih, and dx or
 * launches that sort ids. (Cells without recurrent weights: a scan each way in place of steps and dW_hh,
 * and no finish.) Then the head's three products, loss, norm, summary and update.
 */
function expected({
  cell = 'rnn',
  layers = 1,
  bidirectional = false,
  embedding = 0,
  initialState,
}: ModelOptions): number {
  const directions = bidirectional ? 2 : 1;
  const places = layers * directions;
  const steps = hasRecurrentWeights(cell) ? 2 * T * places : 0;
  return (
    steps +
    6 * places +
    7 +
    (bidirectional ? 2 * layers : 0) +
    (embedding > 0 ? 3 : 0) +
    (initialState === 'learned' ? places : 0)
  );
}

/**
 * Adapters, and windows of few and of many symbols: with few symbols a GPU does not sort the ids,
 * which saves a launch for each gather.
 */
const targets = [
  { parallelism: 64, N: 8, sorts: true },
  { parallelism: 16384, N: 8, sorts: false },
  { parallelism: 16384, N: 32, sorts: true },
];

describe.each(targets)(
  'dispatches of a training step, parallelism $parallelism, $N rows',
  ({ sorts, ...target }) => {
    describe.each(CELLS)('of %s', (cell) => {
      const recurrent = hasRecurrentWeights(cell);
      const options: readonly ModelOptions[] = [
        {},
        { embedding: 16 },
        { initialState: 'learned' },
        { embedding: 16, initialState: 'learned' },
        { biases: 'none' },
        ...(cell === 'gru' ? [{ reset: 'before' as const }] : []),
      ];

      it.each(options)('with %o, in one direction and in two, are as many as the formula gives', (option) => {
        for (const layers of [1, 2, 3]) {
          for (const bidirectional of [false, true]) {
            const model: ModelOptions = { cell, layers, bidirectional, ...option };
            const lookups = 'embedding' in option || !bidirectional ? 1 : 2;
            const count = dispatches(model, target);
            expect(count, JSON.stringify(model)).toBe(expected(model) - (sorts ? 0 : lookups));
            const plain = Object.keys(option).every((name) => name === 'biases' || name === 'reset');
            if (plain && recurrent && !bidirectional)
              expect(count).toBeLessThanOrEqual(2 * T * layers + 6 * layers + 9);
          }
        }
      });

      it.each(options)('with %o, stay the same with dropout', (option) => {
        for (const layers of recurrent ? [1, 2, 3] : [2, 3]) {
          for (const bidirectional of [false, true]) {
            const model: ModelOptions = { cell, layers, bidirectional, ...option };
            const drops = { dropout: layers > 1 ? 0.3 : 0, recurrentDropout: recurrent ? 0.3 : 0 };
            expect(dispatches({ ...model, ...drops }, target), JSON.stringify(model)).toBe(
              dispatches(model, target),
            );
          }
        }
      });
    });
  },
);

describe('a training step where one launch takes all steps of a window', () => {
  // As many weights as a GPU reads in the time of a launch, at H = 64: see `Rules.windowWeights`.
  const target = { kind: 'discrete', parallelism: 16384, workgroupMemory: 16384, N: 32 } as const;

  it.each(['rnn', 'lstm', 'gru'] as const)('of %s has 8·L + 7 dispatches for any T', (cell) => {
    for (const layers of [1, 2, 3]) {
      for (const recurrentDropout of [0, 0.3]) {
        const count = dispatches({ cell, layers, recurrentDropout }, target);
        expect(count).toBe(8 * layers + 7);
        expect(count).toBeLessThanOrEqual(8 * layers + 9);
      }
      const both = dispatches({ cell, layers, bidirectional: true }, target);
      expect(both).toBe(8 * 2 * layers + 2 * layers + 7);
    }
  });

  it('has a launch for each step where the weights are many, or memory is short', () => {
    const wide = { cell: 'lstm', hidden: 256 } as const;
    expect(dispatches(wide, target)).toBe(2 * T + 6 + 7);
    expect(dispatches({ cell: 'lstm' }, { ...target, workgroupMemory: 256 })).toBe(2 * T + 6 + 7);
  });
});

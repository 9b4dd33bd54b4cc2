import { expect, it } from 'vitest';
import {
  characters,
  classes,
  dataset,
  defineModel,
  labels,
  losses,
  nn,
  openDevice,
  records,
  sgd,
  tokens,
  Trainer,
} from '../../../src/index.js';
import {
  classScores,
  confusionMeasure,
  confusionTable,
  perplexityMeasure,
  ratioMeasure,
  regressionMeasures,
  rootMeanSquaredError,
  sequenceMeasures,
  type BatchMeasures,
} from '../../../src/graph.js';
import { MeasureTotals } from '../../../src/train/evaluation-measures.js';

const abc = characters(['abc']);
const names = labels(['a', 'b', 'c']);

/** 23 records: batches of 5 rows leave a remainder of three. */
const rows = Array.from({ length: 23 }, (_, i) => ({
  text: 'abc'[i % 3] + 'abc'[(i >> 1) % 3] + 'cab'.slice(0, i % 4),
  label: names.names[(i >> 2) % 3],
}));

const largest = (logits: Float32Array, n: number): number => {
  const own = Array.from(logits.subarray(3 * n, 3 * n + 3));
  return own.indexOf(Math.max(...own));
};

it('an evaluation adds up ratios, roots and tables over batches, without the rows of padding', async () => {
  const answers: number[] = [];
  const model = defineModel({
    kind: 'classifier',
    fields: {
      ids: { dtype: 'u32', shape: ['T', 'N'] },
      lengths: { dtype: 'u32', shape: ['N'] },
      labels: { dtype: 'u32', shape: ['N'] },
    },
    modules: {
      embed: nn.embedding(abc.size, 3),
      rnn: nn.rnn({ input: 3, hidden: 4 }),
      head: nn.linear(4, 3),
    },
    forward: ({ embed, rnn, head }, { ids, lengths }) => ({
      logits: head(rnn(embed(ids), { lengths }).last),
    }),
    loss: ({ logits }, { labels: wanted }) => losses.crossEntropy(logits, wanted),
    measured: ['logits'],
    measure: ({ logits }, { arrays: { labels: wanted }, sizes: { N }, rows: own = N }): BatchMeasures => {
      const predicted = Array.from({ length: own }, (_, n) => largest(logits, n));
      const real = wanted.subarray(0, own);
      answers.push(...predicted);
      return {
        right: predicted.filter((id, n) => id === real[n]).length,
        perplexity: perplexityMeasure(),
        confusion: confusionMeasure(predicted, real, 3),
        firstOfThree: ratioMeasure(predicted.filter((id) => id === 0).length, own),
        ...regressionMeasures(predicted, real),
      };
    },
  });
  const source = dataset(records.of(rows), [tokens('text', abc), classes('label', names)], {
    batch: 5,
    buckets: [5],
  });
  const device = await openDevice({ backend: 'reference' });
  const trainer = await Trainer.create(model, { device, optimizer: sgd(), seed: 2 });
  const { loss, count, measures, tables } = await trainer.evaluate(source);
  expect([count, answers.length]).toEqual([23, 23]);
  const wanted = rows.map(({ label }) => names.id(label));
  const table = confusionTable(answers, wanted, 3);
  expect(tables).toEqual({ confusion: table });
  expect(measures.right).toBe(classScores(table).accuracy);
  expect(measures.perplexity).toBe(Math.exp(loss));
  expect(measures.firstOfThree).toBe(answers.filter((id) => id === 0).length / 23);
  expect(measures.rmse).toBeCloseTo(rootMeanSquaredError(answers, wanted), 12);
  expect(measures.rmse ** 2).toBeCloseTo(measures.mse, 12);
  expect(Object.keys(measures).sort()).toEqual(['firstOfThree', 'mae', 'mse', 'perplexity', 'right', 'rmse']);
  trainer.dispose();
});

it('measures of sequences are computed over all batches together', () => {
  const pairs = [
    [[1, 2, 3, 4, 5], [1, 2, 3, 4, 6]],
    [[1, 2, 3, 4], [1, 2, 3, 4]],
    [[], [1]],
  ] as const; // prettier-ignore
  const evaluated = { loss: 0, count: 1 };
  const whole = new MeasureTotals();
  whole.add(sequenceMeasures(pairs));
  const parts = new MeasureTotals();
  for (const pair of [...pairs, undefined]) parts.add(sequenceMeasures(pair ? [pair] : []));
  expect(parts.results(evaluated)).toEqual(whole.results(evaluated));
  const { exactMatch, editDistance, bleu } = whole.results(evaluated).measures;
  expect(exactMatch).toBe(1 / 3);
  expect(editDistance).toBe(2 / 10);
  // Matches of 1 to 4 symbols: 8/9, 6/7, 4/5, 2/3; candidates have 9 symbols, references 10.
  expect(bleu).toBeCloseTo(Math.exp(1 - 10 / 9) * ((8 / 9) * (6 / 7) * (4 / 5) * (2 / 3)) ** 0.25, 12);
  expect(() => parts.add({ bleu: 3 })).toThrow(
    'The measure "bleu" has 1 sums, but it had 10 in an earlier batch.',
  );
});

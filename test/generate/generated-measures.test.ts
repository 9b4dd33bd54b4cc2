import { expect, it } from 'vitest';
import { adam, DataError, languageModel, openDevice, Trainer } from '../../src/index.js';
import { evaluateGenerated } from '../../src/graph.js';
import { TINY } from '../support/tiny-language-model.js';

/** A language model that writes `abcd` and then its end after `a`, whatever came before. */
async function recitingModel() {
  const device = await openDevice({ backend: 'cpu' });
  const V = TINY.size;
  const model = languageModel({ tokenizer: TINY, hidden: V, cell: 'rnn' });
  const trainer = await Trainer.create(model, { device, optimizer: adam({ rate: 0.01 }) });
  const zero = (...shape: number[]) => ({
    shape,
    data: new Float32Array(shape.reduce((product, length) => product * length, 1)),
  });
  // Unit i is the symbol that was read; the head makes the next one likely: a b c d end.
  const [ih, head] = [zero(V, V), zero(V, V)];
  const next = [1, 2, 3, TINY.end, 0, 0];
  for (let v = 0; v < V; v++) {
    ih.data[v * V + v] = 5;
    head.data[next[v] * V + v] = 20;
  }
  await trainer.loadParameters({
    'rnn.weight_ih_l0': ih,
    'rnn.weight_hh_l0': zero(V, V),
    'rnn.bias_ih_l0': zero(V),
    'rnn.bias_hh_l0': zero(V),
    'head.weight': head,
    'head.bias': zero(V),
  });
  return trainer;
}

it('compares generated texts with targets', async () => {
  const trainer = await recitingModel();
  const measured = (wanted: readonly string[], longest = 9) =>
    evaluateGenerated(
      trainer.generator,
      wanted.map((text) => ({ condition: 'a', wanted: text })),
      { longest },
    );
  // After "a" the model writes "bcd" and the end.
  expect(await measured(['bcd'])).toEqual({ exactMatch: 1, editDistance: 0, bleu: 1, count: 1 });
  const { exactMatch, editDistance } = await measured(['bcd', 'bd', 'dbca']);
  expect(exactMatch).toBeCloseTo(1 / 3, 10);
  // One symbol too many; then d before b, and d in the place of a: 3 of 9 wanted symbols.
  expect(editDistance).toBeCloseTo(3 / 9, 10);
  // Cut before its end, it is no match.
  expect(await measured(['bcd'], 3)).toMatchObject({ exactMatch: 0, editDistance: 0 });
  // Nothing is wanted, and nothing comes.
  const whole = await evaluateGenerated(trainer.generator, [{ condition: 'd', wanted: '' }]);
  expect(whole).toEqual({ exactMatch: 1, editDistance: NaN, bleu: 0, count: 1 });
  // Four symbols have one 4-gram.
  const prefixed = await evaluateGenerated(trainer.generator, [{ condition: 'd', wanted: 'abcd' }], {
    prefix: 'a',
  });
  expect(prefixed).toEqual({ exactMatch: 1, editDistance: 0, bleu: 1, count: 1 });
  await expect(evaluateGenerated(trainer.generator, [])).rejects.toThrow(DataError);
  trainer.dispose();
});

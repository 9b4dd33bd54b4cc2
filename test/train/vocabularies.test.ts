import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  loadCheckpoint,
  openDevice,
  saveCheckpoint,
  Trainer,
  Vocabulary,
  type StepReport,
  type Task,
} from '../../src/index.js';
import { Evaluator, copyMemory } from '../../src/graph.js';

const text = 'bcdefgh '.repeat(40);
const corpus = Corpus.fromText(text);

async function make(vocabulary = corpus.vocabulary, loss: 'mean' | 'sum' = 'mean'): Promise<Trainer> {
  return Trainer.create(charModel({ vocabulary, hidden: 8 }), {
    device: await openDevice({ backend: 'cpu' }),
    batch: 2,
    time: 5,
    optimizer: adam({ rate: 0.02 }),
    loss,
  });
}

async function run(trainer: Trainer, source: Corpus | Task, steps: number): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of trainer.run(source, { steps })) reports.push(report);
  return reports;
}

describe('a text or task of other symbols than the model', () => {
  const chinese = Array.from({ length: 400 }, (_, i) => String.fromCodePoint(0x4e00 + (i % 100))).join('');
  const eight = copyMemory({ symbols: 2, delay: 2 }).vocabulary.symbols.map((_, id) =>
    String.fromCodePoint(0x61 + id),
  );
  it.each<[string, Corpus | Task, Vocabulary, RegExp]>([
    [
      'one symbol more, so that every id is off by one',
      Corpus.fromText(`a${text}`),
      corpus.vocabulary,
      /^The model has 8 symbols, but not those of the text, which has 9: id 1 is "b" in the model and "a" in the text\. Read the text with the model's vocabulary, Corpus\.fromText\(text, \{ vocabulary: model\.vocabulary \}\)/,
    ],
    [
      'one symbol fewer',
      Corpus.fromText('bcdefg '.repeat(40)),
      corpus.vocabulary,
      /id 7 is "h" in the model and unknown in the text/,
    ],
    [
      'as many, of which one differs',
      Corpus.fromText('bcdefgx '.repeat(40)),
      corpus.vocabulary,
      /id 7 is "h" in the model and "x" in the text/,
    ],
    ['another script', Corpus.fromText(chinese), corpus.vocabulary, /which has 100/],
    [
      'fewer numbers',
      Corpus.fromIds([0, 1, 2, 1, 0, 2, 1, 0, 2, 1, 0, 1, 2]),
      Vocabulary.ofNumbers(4),
      /id 3 is "\[3\]" in the model and unknown in the text/,
    ],
    [
      'a task of as many symbols',
      copyMemory({ symbols: 2, delay: 2 }),
      Vocabulary.fromSymbols(eight),
      /not those of copy-memory \(2 symbols, delay 2\).*id 8 is "i" in the model and "\." in copy-memory/,
    ],
  ])('is refused: %s', async (_, source, vocabulary, message) => {
    const trainer = await make(vocabulary);
    const before = await trainer.parameters();
    await expect(run(trainer, source, 1)).rejects.toThrow(message);
    await expect(trainer.evaluate(source)).rejects.toThrow(message);
    await expect(trainer.gradientFlow(source)).rejects.toThrow(message);
    const { model, device, memory } = trainer;
    await expect((async () => new Evaluator(model, device, memory).run(source))()).rejects.toThrow(message);
    expect(await trainer.parameters()).toEqual(before);
    expect(trainer.step).toBe(0);
  });

  it('symbols that contain a comma are distinguished', async () => {
    const trainer = await make(Vocabulary.fromSymbols([',', 'a', 'b']));
    await expect(run(trainer, Corpus.fromText('ab,'.repeat(20)), 1)).resolves.toHaveLength(1);
    await expect(
      run(
        trainer,
        Corpus.fromText(',ab'.repeat(20), { vocabulary: Vocabulary.fromSymbols(['a', ',', 'b']) }),
        1,
      ),
    ).rejects.toThrow('id 0 is "," in the model and "a" in the text');
  });

  it('the same symbols in another object are accepted, also after a checkpoint', async () => {
    const trainer = await make();
    await run(trainer, Corpus.fromText(text), 3);
    const device = await openDevice({ backend: 'cpu' });
    const again = await loadCheckpoint(await saveCheckpoint(trainer), { device });
    expect(await again.evaluate(Corpus.fromText(text))).toEqual(await trainer.evaluate(corpus));
  });

  it('read with the vocabulary of the model, its known symbols are evaluated', async () => {
    const trainer = await make();
    const other = Corpus.fromText('xyz'.repeat(10) + text, { vocabulary: corpus.vocabulary });
    const { count } = await trainer.evaluate(other, { batch: 3 });
    expect([count, other.length - 1 - count]).toEqual([text.length, 29]);
  });
});

describe('a window in which some characters are unknown', () => {
  /** Two rows of 5: the first window is all unknown, the second has 3 targets that are known. */
  const mixed = (): Corpus =>
    Corpus.fromText(`${'x'.repeat(8)}bcde${'x'.repeat(12)}`, { vocabulary: corpus.vocabulary });

  it.each(['mean', 'sum'] as const)('has no loss if all are unknown, with the loss %s', async (loss) => {
    const trainer = await make(corpus.vocabulary, loss);
    const start = trainer.smoothLoss;
    const [first, second] = await run(trainer, mixed(), 2);
    expect(first).toMatchObject({ loss: NaN, meanLoss: NaN, count: 0, skipped: false });
    expect(first.smoothLoss).toBe(start);
    expect(first.gradientNorm).toBe(0);
    expect(second.loss).toBeGreaterThan(0);
  });

  it('has the mean loss of the known characters', async () => {
    const [mean, sum] = [await make(), await make(corpus.vocabulary, 'sum')];
    const [, a] = await run(mean, mixed(), 2);
    const [, b] = await run(sum, mixed(), 2);
    expect(a.loss).toBeCloseTo(b.loss / 3, 5);
    expect([a.count, b.count]).toEqual([3, 3]);
    expect(a.loss).toBeGreaterThan(0.5 * Math.log(8));
  });
});

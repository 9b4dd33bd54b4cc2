import { describe, expect, it } from 'vitest';
import {
  adam,
  charModel,
  Corpus,
  FileFormatError,
  openDevice,
  readCheckpoint,
  readSafetensors,
  saveCheckpoint,
  Trainer,
  writeSafetensors,
} from '../../src/index.js';

const corpus = Corpus.fromText('abcabcabd'.repeat(20));

async function written(): Promise<Uint8Array> {
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await Trainer.create(charModel({ vocabulary: corpus.vocabulary, hidden: 4 }), {
    device,
    batch: 2,
    time: 5,
    optimizer: adam(),
  });
  for await (const { skipped } of trainer.run(corpus, { steps: 3 })) expect(skipped).toBe(false);
  return saveCheckpoint(trainer);
}

type Json = Record<string, unknown>;

/** The same file with another description. */
async function changed(
  change: (description: Record<'model' | 'trainer' | 'progress', Json>) => void,
): Promise<Uint8Array> {
  const { tensors, metadata } = readSafetensors(await written());
  const description = JSON.parse(metadata.unrolled) as Record<'model' | 'trainer' | 'progress', Json>;
  change(description);
  return writeSafetensors(tensors, { ...metadata, unrolled: JSON.stringify(description) });
}

it('a checkpoint that was read has the position of the run', async () => {
  const { progress, trainer } = readCheckpoint(await written());
  expect(progress).toMatchObject({ step: 3, sampled: 0, skippedTotal: 0, loader: { index: 3 } });
  expect(trainer).toMatchObject({ batch: 2, time: 5, sampling: 'consecutive', carry: true });
});

describe('a damaged description is refused in one line', () => {
  it.each<[string, Parameters<typeof changed>[0], RegExp]>([
    [
      'no progress',
      (all) => Object.assign(all, { progress: undefined }),
      /its description is incomplete or damaged$/,
    ],
    [
      'a step that is no number',
      ({ progress }) => (progress.step = null),
      /progress\.step: expected a whole number of at least 0, got null/,
    ],
    ['samples that are no number', ({ progress }) => (progress.sampled = null), /progress\.sampled/],
    [
      'a loss that is no number',
      ({ progress }) => (progress.smoothLoss = 'low'),
      /progress\.smoothLoss: expected a finite number of at least 0, got "low"/,
    ],
    [
      'a batch of none',
      ({ trainer }) => (trainer.batch = 0),
      /batch: expected a whole number of at least 1, got 0/,
    ],
    [
      'an option of another version',
      ({ trainer }) => (trainer.teacher = 1),
      /trainer\.teacher: expected one of the options/,
    ],
    [
      'another optimizer',
      ({ trainer }) => (trainer.optimizer = { kind: 'lion', options: {} }),
      /optimizer\.kind: expected one of sgd/,
    ],
    [
      'another size',
      ({ model }) => ((model.config as Json).hidden = 5),
      /rnn\.weight_ih_l0 must be \[H,C\] = \[5,4\], is \[4,4\]/,
    ],
  ])('%s', async (_, change, message) => {
    const bytes = await changed(change);
    expect(() => readCheckpoint(bytes)).toThrow(FileFormatError);
    expect(() => readCheckpoint(bytes)).toThrow(/^The checkpoint cannot be used: [^\n]+$/);
    expect(() => readCheckpoint(bytes)).toThrow(message);
  });
});

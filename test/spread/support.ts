import { charModel, Corpus, adam, Trainer, type CharModelConfig, type Device } from '../../src/node.js';

export const corpus = Corpus.fromText(
  'in the beginning was the word, and the word was with the others. '.repeat(8),
);
const MODEL = { cell: 'gru', hidden: 6, layers: 1 } as const satisfies Partial<CharModelConfig>;

/** A trainer of a model that takes no time; its weights follow from the seed. */
export function tinyTrainer(device: Device, seed = 3): Promise<Trainer> {
  return Trainer.create(charModel({ vocabulary: corpus.vocabulary, ...MODEL }), {
    ...{ device, seed, batch: 2, time: 5, sampling: 'consecutive' },
    optimizer: adam({ rate: 0.02 }),
  });
}

export async function train(trained: Trainer, source: Corpus, steps: number): Promise<void> {
  const reports = trained.run(source, { steps });
  while ((await reports.next()).done !== true);
}

/** All bits of the weights. */
export async function bitsOf(trained: Trainer): Promise<number[]> {
  const weights = Float32Array.from(await trained.memory.read('parameters'));
  return [...new Uint32Array(weights.buffer)];
}

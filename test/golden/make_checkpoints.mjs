// Small checkpoints of every cell that PyTorch has, for make_checkpoint_logits.py: node test/golden/make_checkpoints.mjs
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'vite';

const folder = new URL('checkpoints/', import.meta.url);
const server = await createServer({ server: { middlewareMode: true }, logLevel: 'error' });
const { adam, charModel, Corpus, openDevice, saveCheckpoint, Trainer } = await server.ssrLoadModule('/src/index.ts');

/** Each differs from the others in more than its cell. */
const models = {
  'rnn-tanh': { cell: 'rnn', hidden: 6 },
  'rnn-relu-single': { cell: 'rnn', nonlinearity: 'relu', hidden: 5, layers: 2, biases: 'single' },
  lstm: { cell: 'lstm', hidden: 5, layers: 2 },
  'gru-embedding': { cell: 'gru', hidden: 4, layers: 2, embedding: 3 },
  'gru-no-bias': { cell: 'gru', hidden: 6, biases: 'none' },
};

const corpus = Corpus.fromText('a bad cab, a dab; abba fed a bee.\n'.repeat(10));
const device = await openDevice({ backend: 'cpu' });
await mkdir(folder, { recursive: true });
for (const [name, options] of Object.entries(models)) {
  const trainer = await Trainer.create(charModel({ vocabulary: corpus.vocabulary, ...options }), { device, batch: 2, time: 8, optimizer: adam({ rate: 0.02 }), seed: 3 });
  for await (const _ of trainer.run(corpus, { steps: 20 }));
  await writeFile(new URL(`${name}.safetensors`, folder), await saveCheckpoint(trainer));
  trainer.dispose();
}
await server.close();

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { languageModel, openDevice, sgd, Trainer, type Tokenizer } from '../../src/index.js';
import { largestDifference, runOnBatch } from '../support/tasks.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('docs/weights.md has the modules whose logits were compared with PyTorch', () => {
  const blocks = [...read('docs/weights.md').matchAll(/```python\n(.*?)```/gs)].map(([, block]) => block);
  const code = blocks.find((block) => block.includes('class Reader')) ?? '';
  const { code: checked, cases } = JSON.parse(read('test/golden/tasks-in-torch.json')) as {
    readonly code: string;
    readonly cases: readonly string[];
  };
  expect(
    createHash('sha256').update(code).digest('hex'),
    'The modules in docs/weights.md have changed: run python3 test/golden/make_tasks.py',
  ).toBe(checked);
  for (const kind of ['classifier', 'tagger', 'regressor', 'encoder-decoder', 'captioner'])
    expect(
      cases.some((name) => name.startsWith(kind)),
      kind,
    ).toBe(true);
});

interface LanguageCase {
  readonly config: {
    readonly cell: 'rnn' | 'lstm' | 'gru';
    readonly symbols: number;
    readonly hidden: number;
    readonly layers: number;
    readonly embedding: number;
    readonly tied: boolean;
  };
  /** [T,N] with T = 6 and N = 2. */
  readonly ids: readonly number[];
  readonly weights: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  readonly logits: readonly number[];
}

it('a language model loads the state_dict of its PyTorch module, and has its logits', async () => {
  const { cases } = JSON.parse(read('test/golden/language-models.json')) as {
    readonly cases: Readonly<Record<string, LanguageCase>>;
  };
  expect(Object.keys(cases)).toHaveLength(3);
  const device = await openDevice({ backend: 'cpu' });
  for (const [name, { config, ids, weights, logits }] of Object.entries(cases)) {
    const { symbols: size, ...options } = config;
    const kind = 'numbers';
    const tokenizer: Tokenizer = {
      ...{ kind, size, begin: 0, end: 1, unknown: size },
      encode: () => [],
      decode: () => '',
      toJSON: () => ({ kind }),
    };
    const model = languageModel({ tokenizer, ...options });
    const stateDict = Object.fromEntries(
      Object.entries(weights).map(([key, { shape, data }]) => [
        key,
        { shape, data: Float32Array.from(data) },
      ]),
    );
    const inputs = Uint32Array.from(ids);
    const arrays = { inputs, targets: new Uint32Array(inputs.length), keep: new Float32Array(2) };
    const batch = { arrays, sizes: { T: 6, N: 2 }, count: inputs.length, epoch: 0, index: 0 };
    const trainer = await Trainer.create(model, { device, optimizer: sgd() });
    await trainer.loadParameters(stateDict);
    const { outputs } = await runOnBatch(model, device, await trainer.parameters(), batch, ['logits']);
    trainer.dispose();
    expect(largestDifference(outputs.logits, logits), name).toBeLessThan(1e-5);
  }
});

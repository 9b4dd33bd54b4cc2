import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCheckpointFile } from '../../src/node.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { runModel } from '../support/run-model.js';

/**
 * Logits that the module of docs/weights.md computed from the checkpoints, written by
 * test/golden/make_checkpoint_logits.py.
 */
interface Golden {
  readonly torch: string;
  /** SHA-256 of the module's code. */
  readonly code: string;
  readonly cases: Readonly<
    Record<string, { T: number; N: number; ids: number[]; logits: number[]; final: Record<string, number[]> }>
  >;
}

const folder = new URL('../golden/', import.meta.url);
const golden = JSON.parse(readFileSync(new URL('checkpoint-logits.json', folder), 'utf8')) as Golden;

describe(`a checkpoint gives the same logits here and in PyTorch ${golden.torch}`, () => {
  test('cells, biases and embeddings are among the cases', () => {
    expect(Object.keys(golden.cases)).toEqual([
      'gru-embedding',
      'gru-no-bias',
      'lstm',
      'rnn-relu-single',
      'rnn-tanh',
    ]);
  });

  test('the golden logits belong to the current module of the docs', () => {
    const docs = readFileSync(new URL('../../docs/weights.md', import.meta.url), 'utf8');
    const code =
      Array.from(docs.matchAll(/```python\n(.*?)```/gs), ([, block]) => block).find((block) =>
        block.includes('class CharModel'),
      ) ?? '';
    expect(
      createHash('sha256').update(code).digest('hex'),
      'The module in docs/weights.md has changed: run python3 test/golden/make_checkpoint_logits.py',
    ).toBe(golden.code);
  });

  test.each(Object.entries(golden.cases))('%s', async (name, { T, N, ids, logits, final }) => {
    const { model, parameters } = await readCheckpointFile(
      new URL(`checkpoints/${name}.safetensors`, folder).pathname,
    );
    const got = await runModel(model, parameters, { T, N, ids });
    expect(compareArrays(got.logits, logits, FLOOR.output).error).toBeLessThan(TOLERANCE.output);
    expect(Object.keys(got.final)).toEqual(Object.keys(final));
    for (const [kind, state] of Object.entries(final))
      expect(compareArrays(got.final[kind], state, FLOOR.output).error, kind).toBeLessThan(TOLERANCE.output);
    // A trained model prefers some symbols, so logits near zero would fail.
    expect(Math.max(...logits) - Math.min(...logits)).toBeGreaterThan(0.5);
  });
});

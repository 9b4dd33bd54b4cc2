import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('the modules of docs/weights.md are those whose logits PyTorch compared with the parity cases', () => {
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

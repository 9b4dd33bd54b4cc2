import { expect, it } from 'vitest';
import type { Model } from '../../src/graph.js';
import type { Trainer } from '../../src/index.js';
import { codeBlocks, codeOf, run } from '../support/library-docs.js';

it('the examples of "Models of tasks" run and learn', async () => {
  const code = codeOf('Models of tasks');
  const { values } = await run(code, ['label', 'probabilities', 'found', 'next']);
  const { label, probabilities, found, next } = values as {
    readonly label: string;
    readonly probabilities: Readonly<Record<string, number>>;
    readonly found: readonly string[];
    readonly next: number;
  };
  expect(label).toBe('good');
  expect(probabilities.good).toBeGreaterThan(0.8);
  expect(found).toEqual(['other', 'vowel', 'other']);
  expect(Math.abs(next - 6)).toBeLessThan(1);
});

it('the examples of "Sequences to sequences, and captions" run and learn', async () => {
  const code = `const { openDevice, adam, characters, dataset, records, Trainer } = unrolled;
    const device = await openDevice();\n${codeOf('Sequences to sequences, and captions')}`;
  const { logged, values } = await run(code, ['measures']);
  const { measures } = values as { readonly measures: Readonly<Record<string, number>> };
  expect(measures.accuracy).toBeGreaterThan(0.9);
  const losses = logged.map(([loss]) => Number(loss));
  expect(losses[119]).toBeLessThan(0.3 * losses[60]);
});

it('the example of "Models and sources of your own" trains two heads over a frozen embedding', async () => {
  const { logged, values } = await run(codeOf('Models and sources of your own'), ['trainer', 'model']);
  const { trainer, model } = values as { readonly trainer: Trainer; readonly model: Model };
  // Four batches of one row are one update.
  expect(logged.map(([step]) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  const losses = logged.map(([, loss]) => Number(loss));
  expect(losses[0]).toBeGreaterThan(1);
  expect(losses[59]).toBeLessThan(0.1 * losses[0]);
  const start = model.layout.unpack(model.initialParameters(0));
  const moved = Object.entries(await trainer.parameters()).map(
    ([name, { data }]) => [name, Array.from(data).some((value, i) => value !== start[name].data[i])] as const,
  );
  expect(moved.filter(([, has]) => !has).map(([name]) => name)).toEqual(['embed.weight']);
  expect(moved.length).toBe(1 + 8 + 4);
});

/** Lines of code up to the end of the training loop; imports and written-out records are none. */
function linesToTrain(block: string): number {
  const [, before, loop] = /^(.*?)(\nfor await .*?;)\n/s.exec(block) ?? ['', block, ''];
  const code = (before + loop).replace(/import \{[^}]*\} from '[^']*';/g, '');
  return code.split('\n').filter((line) => !/^\s*(?:\/\/.*|\{ .* \},)?$/.test(line)).length;
}

it('every model that the library has trains in 15 lines or fewer of docs/library.md', () => {
  const models = codeBlocks().filter((block) => block.includes('Trainer.create('));
  const counts = models
    .filter((block) => !block.includes('defineModel('))
    .map((block) => [linesToTrain(block), block] as const);
  for (const [lines, block] of counts) expect(lines, block).toBeLessThanOrEqual(15);
  expect(Math.min(...counts.map(([lines]) => lines))).toBeGreaterThan(3);
  const shown = counts.map(([, block]) => block).join('');
  for (const made of ['classifier', 'tagger', 'regressor', 'languageModel', 'encoderDecoder', 'captioner'])
    expect(shown, made).toContain(`${made}({`);
});

import { expect, it } from 'vitest';
import type { Model } from '../../src/graph.js';
import { adam, openDevice, Trainer, type Source } from '../../src/index.js';
import { codeOf, run } from '../support/library-docs.js';

it('the examples of docs/extending.md train: a model with a source, and a cell inside a model', async () => {
  const { logged, values } = await run(codeOf('A model', 'extending'), ['source']);
  const reported = logged.map(([, loss]) => loss as number);
  expect(reported).toHaveLength(3);
  expect(reported[2]).toBeLessThan(reported[0]);

  const { model } = (await run(codeOf('A cell', 'extending'), ['model'])).values as { readonly model: Model };
  const trainer = await Trainer.create(model, {
    device: await openDevice({ backend: 'reference' }),
    optimizer: adam({ rate: 0.02 }),
  });
  const losses: number[] = [];
  const given = values.source as Source;
  const source: Source = {
    ...given,
    fields: model.fields,
    loader: (options) => {
      const loader = given.loader(options);
      const next = async () => {
        const batch = await loader.next();
        return { ...batch, arrays: { ...batch.arrays, lengths: Uint32Array.of(5, 1, 4, 2) } };
      };
      return { ...loader, next };
    },
  };
  for await (const { loss } of trainer.run(source, { steps: 10 })) losses.push(loss);
  trainer.dispose();
  expect(losses[9]).toBeLessThan(losses[0]);
});

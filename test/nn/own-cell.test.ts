import { beforeAll, expect, it } from 'vitest';
import { ModelInspector, type Model, type Sym } from '../../src/graph.js';
import { adam, defineModel, losses, nn, openDevice, ShapeError, Trainer } from '../../src/index.js';
import { verifyModel } from '../../src/verify/index.js';
import { webgpuDevice } from '../support/devices.js';
import { codeOf, run } from '../support/library-docs.js';
import { parameterPairs, raggedBatch, runOnBatch, someParameters } from '../support/tasks.js';

const [T, N, C, H] = [5, 4, 2, 12];

/** The minimal gated unit of docs/extending.md. */
let model: Model;
beforeAll(async () => {
  ({ model } = (await run(codeOf('A cell', 'extending'), ['model'])).values as { readonly model: Model });
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

it('a cell of docs/extending.md computes its formulas, with the last step of each row', async () => {
  const batch = raggedBatch(model, { T, N }, {});
  const { x, lengths } = batch.arrays;
  const parameters = someParameters(model);
  const weight = (name: string, row: number, values: readonly number[]): number =>
    values.reduce((sum, value, k) => sum + parameters[name].data[row * values.length + k] * value, 0);
  const expected = Array.from({ length: N }, (_, n) => {
    let h = Array<number>(H).fill(0);
    for (let t = 0; t < lengths[n]; t++) {
      const step = [...x.subarray((t * N + n) * C, (t * N + n + 1) * C)];
      const read = (row: number): number =>
        weight('input.weight', row, step) + parameters['input.bias'].data[row];
      const f = h.map((_, j) => sigmoid(read(j) + weight('forget.weight', j, h)));
      const kept = h.map((value, j) => f[j] * value);
      h = h.map(
        (value, j) =>
          (1 - f[j]) * value + f[j] * Math.tanh(read(H + j) + weight('candidate.weight', j, kept)),
      );
    }
    return weight('head.weight', 0, h) + parameters['head.bias'].data[0];
  });
  const device = await openDevice({ backend: 'reference' });
  const { outputs } = await runOnBatch(model, device, parameters, batch, ['prediction']);
  for (const [n, value] of expected.entries()) expect(outputs.prediction[n]).toBeCloseTo(value, 5);
});

it('its gradients are central differences, and those of every device', async () => {
  const batch = raggedBatch(model, { T, N }, {});
  const pairs = await parameterPairs(model, batch);
  expect(pairs.length).toBeGreaterThan(15);
  for (const { name, backward, differences } of pairs) expect(backward, name).toBeCloseTo(differences, 6);
  for (const device of [await openDevice({ backend: 'cpu' }), await webgpuDevice()]) {
    const check = await verifyModel(model, batch, device);
    expect(check.maxError).toBeLessThan(check.tolerance);
    expect(check).toMatchObject({ model: 'own-cell', pass: true });
  }
});

it('verifyModel reports a model that a device computes otherwise', async () => {
  const device = await openDevice({ backend: 'cpu' });
  let built = 0;
  const changing = defineModel({
    kind: 'changing',
    fields: { x: { dtype: 'f32', shape: ['N', C] }, y: { dtype: 'f32', shape: ['N', 1] } },
    modules: { head: nn.linear(C, 1) },
    forward: ({ head }, { x }) => ({ prediction: head(x.mul(++built)) }),
    loss: ({ prediction }, { y }) => losses.mse(prediction, y),
  });
  const check = await verifyModel(changing, raggedBatch(changing, { N }, {}), device);
  expect(check.pass).toBe(false);
  expect(check.maxError).toBeGreaterThan(0.01);
  expect(check.worst).not.toBe('');
});

it('a trainer reports the norms of its gradients, and no layers', async () => {
  const trainer = await Trainer.create(model, {
    device: await openDevice({ backend: 'cpu' }),
    optimizer: adam({ rate: 0.01 }),
  });
  const { layers, parameters, norm } = await trainer.gradientFlow(raggedBatch(model, { T, N }, {}));
  expect(layers).toEqual([]);
  expect(parameters.map(({ name }) => name)).toEqual(Object.keys(someParameters(model)));
  expect(norm).toBeGreaterThan(0);
  trainer.dispose();
});

it('connectivity leaves out fields that the output does not depend on', async () => {
  const fields = {
    x: { dtype: 'f32', shape: ['T', 'N', C] },
    keep: { dtype: 'f32', shape: ['N'] },
    other: { dtype: 'f32', shape: ['N', 1] },
  } as const;
  const two = defineModel({
    kind: 'two',
    fields,
    modules: { head: nn.linear(C, 1) },
    forward: ({ head }, { x, other }) => ({ predictions: head(x.sum(0)), doubled: other.mul(2) }),
    loss: ({ predictions }, { other }) => losses.mse(predictions, other),
  });
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await Trainer.create(two, { device, optimizer: adam({ rate: 0.01 }) });
  const inspector = new ModelInspector(two, device, trainer.memory);
  const batch = raggedBatch(two, { T, N }, {});
  expect(Object.keys(await inspector.connectivity(batch, { output: 'predictions' }))).toEqual(['x']);
  const { other, ...rest } = await inspector.connectivity(batch, { output: 'doubled' });
  expect([other.norms[0], rest]).toEqual([2, {}]);
  inspector.dispose();
  trainer.dispose();
});

it('steps, stack and zeros take tensors apart and join them', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const joined = async (join: (x: Sym) => Sym): Promise<readonly number[]> => {
    const own = defineModel({
      kind: 'own',
      fields: { x: { dtype: 'f32', shape: ['T', 'N', 1] }, y: { dtype: 'f32', shape: ['N', 1] } },
      modules: { head: nn.linear(1, 1) },
      forward: ({ head }, { x }) => ({ prediction: head(x.sum(0)), joined: join(x) }),
      loss: ({ prediction }, { y }) => losses.mse(prediction, y),
    });
    const batch = raggedBatch(own, { T: 3, N: 2 }, {});
    const arrays = { ...batch.arrays, x: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const run = await runOnBatch(own, device, someParameters(own), { ...batch, arrays }, ['joined']);
    return [...run.outputs.joined];
  };
  expect(await joined((x) => x.steps()[2].stack(x.steps()[0], x.zeros(2, 1)))).toEqual([5, 6, 1, 2, 0, 0]);
  expect(await joined((x) => x.steps()[1].stack())).toEqual([3, 4]);
  expect(await joined((x) => x.zeros(2, 2).add(0.5))).toEqual([0.5, 0.5, 0.5, 0.5]);
  await expect(joined((x) => x.stack(x.zeros(2, 1)))).rejects.toThrow(
    new ShapeError('stack: both tensors must have one shape, but they are [3,2,1] and [2,1].'),
  );
});

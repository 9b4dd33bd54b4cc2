import { describe, expect, it } from 'vitest';
import { defineModel, losses, nn, openDevice, type Device } from '../../src/index.js';
import { CELLS, GATES, type Model } from '../../src/graph.js';
import { webgpuDevice } from '../support/devices.js';
import { largestDifference, raggedBatch, runOnBatch, someParameters } from '../support/tasks.js';

const [T, N, C, H] = [4, 3, 3, 4];
const fields = {
  x: { dtype: 'f32', shape: ['T', 'N', C] },
  lengths: { dtype: 'u32', shape: ['N'] },
  labels: { dtype: 'u32', shape: ['N'] },
} as const;

const devices: Readonly<Record<string, () => Promise<Device>>> = {
  reference: () => openDevice({ backend: 'reference' }),
  cpu: () => openDevice({ backend: 'cpu' }),
  webgpu: webgpuDevice,
};

/** The batch with another number as padding. */
function padded(model: Model, padding: number, width: number) {
  const batch = raggedBatch(model, { T, N }, { labels: 2 });
  const { lengths } = batch.arrays;
  const x = Float32Array.from(batch.arrays.x, (value, i) =>
    Math.floor(i / (N * width)) < lengths[Math.floor(i / width) % N] ? value : padding,
  );
  expect(x.filter((value) => Object.is(value, padding)).length).toBeGreaterThan(C);
  return { ...batch, arrays: { ...batch.arrays, x } };
}

/** Checks that NaN and infinity as padding give the outputs and gradients that zeros give. */
async function expectCleared(model: Model, device: Device, width = C): Promise<void> {
  const parameters = someParameters(model);
  const clean = await runOnBatch(model, device, parameters, padded(model, 0, width), ['logits']);
  for (const padding of [NaN, Infinity]) {
    const run = await runOnBatch(model, device, parameters, padded(model, padding, width), ['logits']);
    expect(run.loss).toBe(clean.loss);
    expect(run.outputs.logits).toEqual(clean.outputs.logits);
    for (const [name, { data }] of Object.entries(clean.gradients)) {
      expect(
        Array.from(data).some((value) => value !== 0),
        name,
      ).toBe(true);
      expect(largestDifference(data, run.gradients[name].data), `${name} with ${padding}`).toBe(0);
    }
  }
}

describe.each(Object.entries(devices))('NaN in padding reaches no gradient on %s', (name, open) => {
  // Compiling takes seconds for each cell on a software adapter.
  it.each(name === 'webgpu' ? (['rnn'] as const) : CELLS)('%s', async (cell) => {
    const model = defineModel({
      kind: 'own',
      fields,
      modules: {
        rnn: nn[cell]({ input: C, hidden: H, bidirectional: name !== 'webgpu' }),
        head: nn.linear(name === 'webgpu' ? H : 2 * H, 2),
      },
      forward: (m, { x, lengths }) => ({ logits: m.head(m.rnn(x, { lengths }).last) }),
      loss: ({ logits }, { labels }) => losses.crossEntropy(logits, labels),
    });
    await expectCleared(model, await open());
  });
});

it.each(['dot', 'general', 'additive'] as const)('attention over padded features: %s', async (kind) => {
  const model = defineModel({
    kind: 'own',
    fields,
    modules: {
      query: nn.linear(C, C),
      attention: nn.attention(kind, { query: C, key: C }),
      head: nn.linear(C, 2),
    },
    forward(m, { x, lengths }) {
      const first = m.query(x.slice(0, 0, 1));
      return { logits: m.head(m.attention(first, x, { lengths }).context.reshape(N, C)) };
    },
    loss: ({ logits }, { labels }) => losses.crossEntropy(logits, labels),
  });
  await expectCleared(model, await openDevice({ backend: 'cpu' }));
});

it('`within` clears the padding of a product before the layers', async () => {
  const model = defineModel({
    kind: 'own',
    fields,
    modules: { wide: nn.linear(C, 5), rnn: nn.gru({ input: 5, hidden: H }), head: nn.linear(H, 2) },
    forward: (m, { x, lengths }) => ({
      logits: m.head(m.rnn(m.wide(x.within(lengths)), { lengths }).last),
    }),
    loss: ({ logits }, { labels }) => losses.crossEntropy(logits, labels),
  });
  await expectCleared(model, await openDevice({ backend: 'cpu' }));
  const wrong = defineModel({
    kind: 'own',
    fields,
    modules: { head: nn.linear(C, 2) },
    forward: (m, { x, lengths }) => ({ logits: m.head(x.mean(0).within(lengths)) }),
    loss: ({ logits }, { labels }) => losses.crossEntropy(logits, labels),
  });
  const device = await openDevice({ backend: 'reference' });
  await expect(runOnBatch(wrong, device, someParameters(wrong), padded(wrong, 0, C), [])).rejects.toThrow(
    /within: expected \[T,N,\.\.\] and lengths \[N\], got \[3,3\] and \[3\]/,
  );
});

describe.each(Object.entries(devices))('the cells’ own ops pass padding by on %s', (name, open) => {
  it.each(name === 'webgpu' ? (['gru'] as const) : CELLS)('%s', async (cell) => {
    const model = defineModel({
      kind: 'own',
      // W_ih·x + b_ih of all steps, as a user's decoder may compute it.
      fields: { ...fields, x: { dtype: 'f32', shape: ['T', 'N', GATES[cell].length * H] } },
      modules: { rnn: nn[cell]({ input: C, hidden: H }), head: nn.linear(H, 2) },
      forward(m, { x, lengths }) {
        const whole = m.rnn(x.within(lengths).slice(2, 0, C), { lengths });
        return { logits: m.head(whole.last.add(m.rnn.fromProjected(x, { lengths }).last)) };
      },
      loss: ({ logits }, { labels }) => losses.crossEntropy(logits, labels),
    });
    await expectCleared(model, await open(), GATES[cell].length * H);
  });
});

import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/graph.js';
import {
  captioner,
  classifier,
  defineModel,
  encoderDecoder,
  losses,
  nn,
  openDevice,
  regressor,
  tagger,
} from '../../src/index.js';
import { largestDifference, raggedBatch, runOnBatch, someParameters } from '../support/tasks.js';

const names = { names: ['a', 'b', 'c'] };
const [V, E, H, F] = [7, 4, 5, 3];
const ids = { symbols: V, embedding: E };
const idField = { dtype: 'u32', shape: ['T', 'N'] } as const;
const rowField = { dtype: 'u32', shape: ['N'] } as const;
const xField = { dtype: 'f32', shape: ['T', 'N', F] } as const;
const sourceField = { dtype: 'u32', shape: ['S', 'N'] } as const;
const written = { previous: idField, targets: idField };
const read = { source: sourceField, sourceLengths: rowField };

/** Each model of a task, the same as a dozen lines of one's own, and the output that is compared. */
const pairs: Readonly<Record<string, readonly [Model, Model, string]>> = {
  classifier: [
    classifier({
      input: ids,
      labels: names,
      hidden: H,
      bidirectional: true,
      smoothing: 0.1,
      classWeights: [1, 2, 3],
    }),
    defineModel({
      kind: 'own',
      fields: { ids: idField, lengths: rowField, labels: rowField },
      modules: {
        embedding: nn.embedding(V, E),
        rnn: nn.lstm({ input: E, hidden: H, bidirectional: true }),
        head: nn.linear(2 * H, 3),
      },
      forward: (m, { ids: given, lengths }) => ({
        logits: m.head(m.rnn(m.embedding(given), { lengths }).last),
      }),
      loss: ({ logits }, { labels }) =>
        losses.crossEntropy(logits, labels, { smoothing: 0.1, classWeights: [1, 2, 3] }),
    }),
    'logits',
  ],
  tagger: [
    tagger({ input: { features: F }, labels: names, cell: 'gru', hidden: H, layers: 2 }),
    defineModel({
      kind: 'own',
      fields: { x: xField, lengths: rowField, tags: idField },
      modules: { rnn: nn.gru({ input: F, hidden: H, layers: 2 }), head: nn.linear(H, 3) },
      forward: (m, { x, lengths }) => ({ logits: m.head(m.rnn(x, { lengths }).y) }),
      loss: ({ logits }, { tags }) => losses.crossEntropy(logits, tags),
    }),
    'logits',
  ],
  regressor: [
    regressor({ input: { features: F }, outputs: 2, cell: 'rnn', hidden: H, pooling: 'mean', loss: 'mae' }),
    defineModel({
      kind: 'regressor',
      fields: { x: xField, lengths: rowField, y: { dtype: 'f32', shape: ['N', 2] } },
      modules: { rnn: nn.rnn({ input: F, hidden: H }), head: nn.linear(H, 2) },
      forward: (m, { x, lengths }) => ({ predictions: m.head(m.rnn(x, { lengths }).y.mean(0, { lengths })) }),
      loss: ({ predictions }, { y }) => losses.mae(predictions, y),
    }),
    'predictions',
  ],
  'encoder–decoder': [
    encoderDecoder({
      source: ids,
      target: ids,
      cell: 'gru',
      hidden: H,
      bidirectional: true,
      attention: 'general',
    }),
    defineModel({
      kind: 'own',
      fields: { ...read, ...written },
      modules: {
        source_embedding: nn.embedding(V, E),
        encoder: nn.gru({ input: E, hidden: H, bidirectional: true }),
        target_embedding: nn.embedding(V, E),
        'bridge.h': nn.linear(2 * H, H),
        decoder: nn.gru({ input: E, hidden: H }),
        attention: nn.attention('general', { query: H, key: 2 * H }),
        combine: nn.linear(3 * H, H),
        head: nn.linear(H, V),
      },
      forward(m, { source, sourceLengths: lengths, previous }) {
        const { y: memory, last } = m.encoder(m.source_embedding(source), { lengths });
        const initial = { h_l0: m['bridge.h'](last).tanh() };
        const { y } = m.decoder(m.target_embedding(previous), { initial });
        const { context } = m.attention(y, memory, { lengths });
        return { logits: m.head(m.combine(context.concat(y)).tanh()) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    'logits',
  ],
  captioner: [
    captioner({ features: { size: F }, target: ids, hidden: H, inject: 'prefix' }),
    defineModel({
      kind: 'own',
      fields: { features: { dtype: 'f32', shape: ['N', F] }, ...written },
      modules: {
        embedding: nn.embedding(V, E),
        image: nn.linear(F, E),
        rnn: nn.lstm({ input: E, hidden: H }),
        head: nn.linear(H, V),
      },
      forward(m, { features, previous }) {
        const [N] = features.shape;
        const { final } = m.rnn(m.image(features).reshape(1, N, E));
        return { logits: m.head(m.rnn(m.embedding(previous), { initial: final }).y) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    'logits',
  ],
};

describe('a model of a task equals a dozen lines of one’s own', () => {
  it.each(Object.entries(pairs))('%s', async (_, [made, own, output]) => {
    const device = await openDevice({ backend: 'cpu' });
    const symbols = { ids: V, labels: 3, tags: 3, source: V, previous: V, targets: V };
    const batch = raggedBatch(made, { T: 4, S: 5, N: 3 }, symbols);
    const parameters = someParameters(made);
    const a = await runOnBatch(made, device, parameters, batch, [output]);
    const b = await runOnBatch(own, device, parameters, batch, [output]);
    expect(b.loss).toBeCloseTo(a.loss, 6);
    // Behind a row's end the models of tasks give what a packed sequence gives; their own do not care.
    const { targets } = batch.arrays;
    const width = a.outputs[output].length / (targets ?? [1]).length;
    const counts = (i: number): boolean => !targets || targets[Math.floor(i / width)] < V;
    expect(
      largestDifference(
        a.outputs[output].filter((__, i) => counts(i)),
        b.outputs[output].filter((__, i) => counts(i)),
      ),
    ).toBeLessThan(1e-6);
    expect(Object.keys(b.gradients).sort()).toEqual(Object.keys(a.gradients).sort());
    for (const [name, { data }] of Object.entries(a.gradients))
      expect(largestDifference(data, b.gradients[name].data), name).toBeLessThan(1e-6);
  });
});

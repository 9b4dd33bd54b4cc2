import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/graph.js';
import {
  captioner,
  classifier,
  defineModel,
  encoderDecoder,
  languageModel,
  losses,
  nn,
  openDevice,
  readSafetensors,
  regressor,
  sgd,
  tagger,
  Trainer,
  type StateDict,
} from '../../src/index.js';
import type { Sym } from '../../src/nn/sym.js';
import { largestDifference, raggedBatch, runOnBatch, someParameters } from '../support/tasks.js';
import { TINY } from '../support/tiny-language-model.js';

const names = { names: ['a', 'b', 'c'] };
const [V, E, H, F, P, A] = [7, 4, 5, 3, 4, 6];
const ids = { symbols: V, embedding: E };
const idField = { dtype: 'u32', shape: ['T', 'N'] } as const;
const rowField = { dtype: 'u32', shape: ['N'] } as const;
const xField = { dtype: 'f32', shape: ['T', 'N', F] } as const;
const sourceField = { dtype: 'u32', shape: ['S', 'N'] } as const;
const written = { previous: idField, targets: idField };
const read = { source: sourceField, sourceLengths: rowField };

/** A model of a task, the same in a dozen lines of one's own, and the output that is compared. */
interface Pair {
  readonly made: Model;
  readonly own: Model;
  readonly output: 'logits' | 'predictions';
  /** Parameters (or gradients) of `made` by the names of `own`. Default: the same names. */
  readonly rename?: (given: StateDict) => StateDict;
}

/** x [N,C] at each of T steps: [T,N,C]. */
const atEveryStep = (x: Sym, T: number): Sym => {
  const [N, C] = x.shape;
  const row = x.reshape(N * C);
  return Array.from({ length: T }, () => row)
    .reduce((all, one) => all.concat(one))
    .reshape(T, N, C);
};

/** Steps [1,N,C] one behind the other: [T,N,C]. */
const joined = (steps: readonly Sym[]): Sym => {
  const [, N, C] = steps[0].shape;
  return steps
    .map((step) => step.reshape(N * C))
    .reduce((all, one) => all.concat(one))
    .reshape(steps.length, N, C);
};

/** The weights of the image are columns after those of the embedding, because x is [embedding; v]. */
const asInputs = ({ 'image.weight': image, 'rnn.weight_ih_l0': own, ...rest }: StateDict): StateDict => {
  const [rows] = own.shape;
  const data = new Float32Array(rows * (E + F));
  for (let row = 0; row < rows; row++) {
    for (let e = 0; e < E; e++) data[row * (E + F) + e] = own.data[row * E + e];
    for (let f = 0; f < F; f++) data[row * (E + F) + E + f] = image.data[row * F + f];
  }
  return { ...rest, 'rnn.weight_ih_l0': { shape: [rows, E + F], data } };
};

const pairs: Readonly<Record<string, Pair>> = {
  classifier: {
    made: classifier({
      input: ids,
      labels: names,
      hidden: H,
      bidirectional: true,
      smoothing: 0.1,
      classWeights: [1, 2, 3],
    }),
    own: defineModel({
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
    output: 'logits',
  },
  tagger: {
    made: tagger({ input: { features: F }, labels: names, cell: 'gru', hidden: H, layers: 2 }),
    own: defineModel({
      kind: 'own',
      fields: { x: xField, lengths: rowField, tags: idField },
      modules: { rnn: nn.gru({ input: F, hidden: H, layers: 2 }), head: nn.linear(H, 3) },
      forward: (m, { x, lengths }) => ({ logits: m.head(m.rnn(x, { lengths }).y) }),
      loss: ({ logits }, { tags }) => losses.crossEntropy(logits, tags),
    }),
    output: 'logits',
  },
  'tagger of images': {
    made: tagger({
      input: { image: { rows: 4, columns: 4, channels: 2, filters: [3] } },
      labels: names,
      hidden: H,
    }),
    own: defineModel({
      kind: 'own',
      fields: { image: { dtype: 'f32', shape: ['T', 'N', 4, 4, 2] }, lengths: rowField, tags: idField },
      modules: {
        'convolution.0': nn.convolution(2, 3),
        rnn: nn.lstm({ input: 4 * 3, hidden: H }),
        head: nn.linear(H, 3),
      },
      forward(m, { image, lengths }) {
        const [T, N] = image.shape;
        const seen = nn.maxPool(m['convolution.0'](image.reshape(T * N, 4, 4, 2)).relu());
        return { logits: m.head(m.rnn(seen.reshape(T, N, 4 * 3), { lengths }).y) };
      },
      loss: ({ logits }, { tags }) => losses.crossEntropy(logits, tags),
    }),
    output: 'logits',
  },
  regressor: {
    made: regressor({
      input: { features: F },
      outputs: 2,
      cell: 'rnn',
      hidden: H,
      pooling: 'mean',
      loss: 'mae',
    }),
    own: defineModel({
      kind: 'regressor',
      fields: { x: xField, lengths: rowField, y: { dtype: 'f32', shape: ['N', 2] } },
      modules: { rnn: nn.rnn({ input: F, hidden: H }), head: nn.linear(H, 2) },
      forward: (m, { x, lengths }) => ({ predictions: m.head(m.rnn(x, { lengths }).y.mean(0, { lengths })) }),
      loss: ({ predictions }, { y }) => losses.mae(predictions, y),
    }),
    output: 'predictions',
  },
  'language model, tied': {
    made: languageModel({ tokenizer: TINY, hidden: H, layers: 2, tied: true }),
    own: defineModel({
      kind: 'own',
      fields: { inputs: idField, targets: idField },
      modules: {
        embedding: nn.embedding(TINY.size, H),
        rnn: nn.lstm({ input: H, hidden: H, layers: 2 }),
        head: nn.linear(H, TINY.size),
      },
      ties: { 'head.weight': 'embedding.weight' },
      forward: (m, { inputs }) => ({ logits: m.head(m.rnn(m.embedding(inputs)).y) }),
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
  },
  'encoder–decoder, last, every-step': {
    made: encoderDecoder({
      source: ids,
      target: ids,
      hidden: H,
      bidirectional: true,
      summary: 'last',
      context: 'every-step',
    }),
    own: defineModel({
      kind: 'own',
      fields: { ...read, ...written },
      modules: {
        source_embedding: nn.embedding(V, E),
        encoder: nn.lstm({ input: E, hidden: H, bidirectional: true }),
        target_embedding: nn.embedding(V, E),
        decoder: nn.lstm({ input: E + 2 * H, hidden: H }),
        head: nn.linear(H, V),
      },
      forward(m, { source, sourceLengths: lengths, previous }) {
        const { last } = m.encoder(m.source_embedding(source), { lengths });
        const x = m.target_embedding(previous).concat(atEveryStep(last, previous.shape[0]));
        return { logits: m.head(m.decoder(x).y) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
  },
  'encoder–decoder, transformed-last, general': {
    made: encoderDecoder({
      source: ids,
      target: ids,
      cell: 'gru',
      hidden: H,
      bidirectional: true,
      attention: 'general',
    }),
    own: defineModel({
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
    output: 'logits',
  },
  'encoder–decoder, transformed-all, both, dot with input feeding': {
    made: encoderDecoder({
      source: ids,
      target: ids,
      cell: 'gru',
      hidden: H,
      summary: 'transformed-all',
      context: 'both',
      attention: 'dot',
      inputFeeding: true,
    }),
    own: defineModel({
      kind: 'own',
      fields: { ...read, ...written },
      modules: {
        source_embedding: nn.embedding(V, E),
        encoder: nn.gru({ input: E, hidden: H }),
        target_embedding: nn.embedding(V, E),
        'bridge.h': nn.linear(H, H),
        decoder: nn.gru({ input: E + 2 * H, hidden: H }),
        attention: nn.attention('dot', { query: H, key: H }),
        combine: nn.linear(2 * H, H),
        head: nn.linear(H, V),
      },
      forward(m, { source, sourceLengths: lengths, previous }) {
        const [T, N] = previous.shape;
        const { y: memory } = m.encoder(m.source_embedding(source), { lengths });
        const c = m['bridge.h'](memory.mean(0, { lengths })).tanh();
        const x = m.target_embedding(previous).concat(atEveryStep(c, T));
        let [initial, fed] = [{ h_l0: c }, c.mul(0).reshape(1, N, H)];
        const outputs = Array.from({ length: T }, (_, t) => {
          const { y, final } = m.decoder(x.slice(0, t, 1).concat(fed), { initial });
          const { context } = m.attention(y, memory, { lengths });
          [initial, fed] = [{ h_l0: final.h_l0 }, m.combine(context.concat(y)).tanh()];
          return fed;
        });
        return { logits: m.head(joined(outputs)) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
  },
  'encoder–decoder, additive over a pyramid of both directions': {
    made: encoderDecoder({
      source: ids,
      target: ids,
      cell: 'gru',
      hidden: H,
      layers: 2,
      bidirectional: true,
      pyramidal: true,
      attention: 'additive',
      attentionSize: A,
    }),
    own: defineModel({
      kind: 'own',
      fields: { ...read, ...written },
      modules: {
        source_embedding: nn.embedding(V, E),
        encoder: nn.gru({ input: E, hidden: H, layers: 2, bidirectional: true, pyramidal: true }),
        target_embedding: nn.embedding(V, E),
        'bridge.h': nn.linear(2 * H, H),
        decoder: nn.gru({ input: E + 2 * H, hidden: H, layers: 2 }),
        attention: nn.attention('additive', { query: H, key: 2 * H, hidden: A }),
        head: nn.linear(H, V),
      },
      forward(m, { source, sourceLengths, previous }) {
        const [T, N] = previous.shape;
        const encoded = m.encoder(m.source_embedding(source), { lengths: sourceLengths });
        const bridged = (l: number): Sym =>
          m['bridge.h'](encoded.final[`h_l${l}`].concat(encoded.final[`h_l${l}_reverse`])).tanh();
        const x = m.target_embedding(previous);
        let initial: Readonly<Record<string, Sym>> = { h_l0: bridged(0), h_l1: bridged(1) };
        const left = encoded.lengths ? { lengths: encoded.lengths } : {};
        const outputs = Array.from({ length: T }, (_, t) => {
          const { context } = m.attention(initial.h_l1.reshape(1, N, H), encoded.y, left);
          const { y, final } = m.decoder(x.slice(0, t, 1).concat(context), { initial });
          initial = final;
          return y;
        });
        return { logits: m.head(joined(outputs)) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
  },
  'encoder–decoder of frames: pyramidal, deep, both directions, additive': {
    made: encoderDecoder({
      source: { features: F },
      target: ids,
      hidden: H,
      layers: 2,
      pyramidal: true,
      bidirectional: true,
      attention: 'additive',
      summary: 'transformed-all',
    }),
    own: defineModel({
      kind: 'own',
      fields: { source: { dtype: 'f32', shape: ['S', 'N', F] }, sourceLengths: rowField, ...written },
      modules: {
        encoder: nn.lstm({ input: F, hidden: H, layers: 2, pyramidal: true, bidirectional: true }),
        target_embedding: nn.embedding(V, E),
        'bridge.h': nn.linear(2 * H, H),
        'bridge.c': nn.linear(2 * H, H),
        decoder: nn.lstm({ input: E + 2 * H, hidden: H, layers: 2 }),
        attention: nn.attention('additive', { query: H, key: 2 * H }),
        head: nn.linear(H, V),
      },
      forward(m, { source, sourceLengths, previous }) {
        const { y: memory, lengths } = m.encoder(source, { lengths: sourceLengths });
        const mean = memory.mean(0, lengths ? { lengths } : {});
        const [h, c] = [m['bridge.h'](mean).tanh(), m['bridge.c'](mean).tanh()];
        const [T, N] = previous.shape;
        const read = m.target_embedding(previous);
        let initial: Readonly<Record<string, Sym>> = { h_l0: h, h_l1: h, c_l0: c, c_l1: c };
        const outputs = Array.from({ length: T }, (_, t) => {
          const { context } = m.attention(initial.h_l1.reshape(1, N, H), memory, lengths ? { lengths } : {});
          const { y, final } = m.decoder(read.slice(0, t, 1).concat(context), { initial });
          initial = final;
          return m.head(y).reshape(1, N * V);
        });
        return { logits: outputs.reduce((all, one) => all.concat(one)).reshape(T, N, V) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
  },
  'encoder–decoder of the columns of an image': {
    made: encoderDecoder({
      source: { image: { rows: 4, columns: 6, channels: 2, filters: [3] }, steps: 'columns' },
      target: ids,
      cell: 'gru',
      hidden: H,
      attention: 'dot',
    }),
    own: defineModel({
      kind: 'own',
      fields: { image: { dtype: 'f32', shape: ['N', 4, 6, 2] }, ...written },
      modules: {
        'convolution.0': nn.convolution(2, 3),
        encoder: nn.gru({ input: 6, hidden: H }),
        target_embedding: nn.embedding(V, E),
        decoder: nn.gru({ input: E, hidden: H }),
        attention: nn.attention('dot', { query: H, key: H }),
        combine: nn.linear(2 * H, H),
        head: nn.linear(H, V),
      },
      forward(m, { image, previous }) {
        const seen = nn.maxPool(m['convolution.0'](image).relu()); // [N,2,3,3]
        const columns = seen.permute(2, 0, 1, 3).reshape(3, image.shape[0], 6);
        const { y: memory, final } = m.encoder(columns);
        const { y } = m.decoder(m.target_embedding(previous), { initial: final });
        const { context } = m.attention(y, memory);
        return { logits: m.head(m.combine(context.concat(y)).tanh()) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
  },
  'captioner, first': {
    made: captioner({ features: { size: F }, target: ids, cell: 'gru', hidden: H, inject: 'first' }),
    own: defineModel({
      kind: 'own',
      fields: { features: { dtype: 'f32', shape: ['N', F] }, ...written },
      modules: {
        embedding: nn.embedding(V, E),
        rnn: nn.gru({ input: E + F, hidden: H }),
        head: nn.linear(H, V),
      },
      forward(m, { features, previous }) {
        const [T, N] = previous.shape;
        const first = features.reshape(1, N, F);
        const images = joined([first, ...Array.from({ length: T - 1 }, () => first.mul(0))]);
        return { logits: m.head(m.rnn(m.embedding(previous).concat(images)).y) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
    rename: asInputs,
  },
  'captioner, every': {
    made: captioner({ features: { size: F }, target: ids, hidden: H, inject: 'every' }),
    own: defineModel({
      kind: 'own',
      fields: { features: { dtype: 'f32', shape: ['N', F] }, ...written },
      modules: {
        embedding: nn.embedding(V, E),
        rnn: nn.lstm({ input: E + F, hidden: H }),
        head: nn.linear(H, V),
      },
      forward(m, { features, previous }) {
        const x = m.embedding(previous).concat(atEveryStep(features, previous.shape[0]));
        return { logits: m.head(m.rnn(x).y) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
    rename: asInputs,
  },
  'captioner, prefix': {
    made: captioner({ features: { size: F }, target: ids, hidden: H, inject: 'prefix' }),
    own: defineModel({
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
    output: 'logits',
  },
  'captioner, attention': {
    made: captioner({ features: { size: F, cells: P }, target: ids, hidden: H, attentionSize: A }),
    own: defineModel({
      kind: 'own',
      fields: { grid: { dtype: 'f32', shape: [P, 'N', F] }, ...written },
      modules: {
        embedding: nn.embedding(V, E),
        'initial.h': nn.linear(F, H),
        'initial.c': nn.linear(F, H),
        rnn: nn.lstm({ input: E + F, hidden: H }),
        attention: nn.attention('additive', { query: H, key: F, hidden: A }),
        head: nn.linear(H, V),
      },
      forward(m, { grid, previous }) {
        const [T, N] = previous.shape;
        const [x, mean] = [m.embedding(previous), grid.mean(0)];
        let initial: Readonly<Record<string, Sym>> = {
          h_l0: m['initial.h'](mean).tanh(),
          c_l0: m['initial.c'](mean).tanh(),
        };
        const outputs = Array.from({ length: T }, (_, t) => {
          const { context } = m.attention(initial.h_l0.reshape(1, N, H), grid);
          const { y, final } = m.rnn(x.slice(0, t, 1).concat(context), { initial });
          initial = final;
          return y;
        });
        return { logits: m.head(joined(outputs)) };
      },
      loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
    }),
    output: 'logits',
  },
};

describe('a model of a task equals the same model written with defineModel', () => {
  it.each(Object.entries(pairs))('%s', async (_, { made, own, output, rename = (given) => given }) => {
    const device = await openDevice({ backend: 'cpu' });
    const inputs = made.kind === 'language-model' ? TINY.size : V;
    const symbols = { ids: V, labels: 3, tags: 3, source: V, previous: V, inputs, targets: inputs };
    const batch = raggedBatch(made, { T: 4, S: 5, N: 3 }, symbols);
    const parameters = someParameters(made);
    const a = await runOnBatch(made, device, parameters, batch, [output]);
    const b = await runOnBatch(own, device, rename(parameters), ofFields(batch, own), [output]);
    expect(b.loss).toBeCloseTo(a.loss, 6);
    // After the end of a row, models of tasks return zeros as for packed sequences; own models need not.
    const { targets } = batch.arrays;
    const width = a.outputs[output].length / (targets ?? [1]).length;
    const counts = (i: number): boolean => !targets || targets[Math.floor(i / width)] < inputs;
    expect(
      largestDifference(
        a.outputs[output].filter((__, i) => counts(i)),
        b.outputs[output].filter((__, i) => counts(i)),
      ),
    ).toBeLessThan(1e-6);
    const wanted = rename(a.gradients);
    expect(Object.keys(b.gradients).sort()).toEqual(Object.keys(wanted).sort());
    for (const [name, { data }] of Object.entries(wanted))
      expect(largestDifference(data, b.gradients[name].data), name).toBeLessThan(1e-6);
  });
});

/** The batch with the arrays that a model reads alone. */
function ofFields(batch: ReturnType<typeof raggedBatch>, { fields }: Model): typeof batch {
  const arrays = Object.keys(fields).map((name) => [name, batch.arrays[name]] as const);
  return { ...batch, arrays: Object.fromEntries(arrays) };
}

it('an encoder–decoder written with defineModel loads a state_dict of PyTorch and has its logits', async () => {
  const file = new URL('../golden/tasks/encoder-decoder-gru-dot.safetensors', import.meta.url);
  const { tensors } = readSafetensors(readFileSync(file));
  const stateDict = Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith('param.'))
      .map(([name, tensor]) => [name.slice('param.'.length), tensor] as const),
  );
  const [symbols, hidden] = stateDict['head.weight'].shape;
  const [, width] = stateDict['source_embedding.weight'].shape;
  const own = defineModel({
    kind: 'own',
    fields: { ...read, ...written },
    modules: {
      source_embedding: nn.embedding(symbols, width),
      encoder: nn.gru({ input: width, hidden }),
      target_embedding: nn.embedding(symbols, width),
      decoder: nn.gru({ input: width, hidden }),
      attention: nn.attention('dot', { query: hidden, key: hidden }),
      combine: nn.linear(2 * hidden, hidden),
      head: nn.linear(hidden, symbols),
    },
    forward(m, { source, sourceLengths: lengths, previous }) {
      const { y: memory, final } = m.encoder(m.source_embedding(source), { lengths });
      const { y } = m.decoder(m.target_embedding(previous), { initial: final });
      const { context, weights } = m.attention(y, memory, { lengths });
      return { logits: m.head(m.combine(context.concat(y)).tanh()), attention: weights };
    },
    loss: ({ logits }, { targets }) => losses.crossEntropy(logits, targets),
  });
  const idsOf = (name: string): Uint32Array<ArrayBuffer> => Uint32Array.from(tensors[`input.${name}`].data);
  const targets = idsOf('targets');
  const lengths = idsOf('source_lengths');
  const arrays = {
    source: idsOf('source_ids'),
    sourceLengths: lengths,
    previous: idsOf('decoder_ids'),
    targets,
  };
  const [[S, N], [T]] = [tensors['input.source_ids'].shape, tensors['input.decoder_ids'].shape];
  const count = targets.filter((id) => id < symbols).length;
  const device = await openDevice({ backend: 'cpu' });
  const trainer = await Trainer.create(own, { device, optimizer: sgd() });
  await trainer.loadParameters(stateDict);
  const batch = { arrays, sizes: { S, T, N }, count, epoch: 0, index: 0 };
  const parameters = await trainer.parameters();
  const { outputs, loss } = await runOnBatch(own, device, parameters, batch, ['logits', 'attention']);
  const counts = (_: number, i: number): boolean => targets[Math.floor(i / symbols)] < symbols;
  const wanted = Array.from(tensors['output.logits'].data).filter(counts);
  expect(wanted.length).toBe(count * symbols);
  expect(largestDifference(Array.from(outputs.logits).filter(counts), wanted)).toBeLessThan(1e-5);
  expect(Math.abs(loss - tensors['output.loss'].data[0])).toBeLessThan(1e-5);
  for (let r = 0; r < T * N; r++) {
    const row = outputs.attention.slice(r * S, (r + 1) * S);
    expect(row.slice(0, lengths[r % N]).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
    expect([...row.slice(lengths[r % N])].every((weight) => weight === 0)).toBe(true);
  }
  trainer.dispose();
});

import { describe, expect, it } from 'vitest';
import { adam, charModel, openDevice, Vocabulary, type Device } from '../../src/index.js';
import { differentiate, GraphBuilder, ops } from '../../src/graph.js';
import { initialParameters } from '../../src/layers/initializers.js';
import { appendUpdate } from '../../src/train/update.js';
import { webgpuDevice } from '../support/devices.js';

describe('differentiate', () => {
  it('adds the gradients of several readers', () => {
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [1, 64]);
    const first = g.apply(ops.softmax, 'a', { x }).y;
    const second = g.apply(ops.softmax, 'b', { x }).y;
    const third = g.apply(ops.tanh, 'c', { x: g.view(x, [64]) }).y;
    const sum = g.apply(ops.add, 'd', { a: g.view(first, [64]), b: g.view(second, [64]) }).y;
    const all = g.apply(ops.add, 'e', { a: sum, b: third }).y;
    differentiate(g, { ops, wanted: [x], upstream: { [all.name]: g.tensor('input', 'dall', [64]) } });
    // tanh writes first; the kernels of softmax cannot add, so each writes an intermediate, and
    // add_into adds it.
    expect(g.graph.calls.slice(5).map(({ op, phase }) => `${op} ${phase}`)).toEqual([
      'add backward',
      'add backward',
      'tanh backward',
      'softmax backward',
      'add_into forward',
      'softmax backward',
      'add_into forward',
    ]);
  });

  it('reports a wanted tensor that no gradient reaches', () => {
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [4]);
    g.apply(ops.tanh, 'a', { x });
    expect(() => differentiate(g, { ops, wanted: [x] })).toThrow('No gradient reaches "x"');
  });
});

describe('a loss that leaves no gradient', () => {
  /** Logits x·Wᵀ with one loss that is differentiated (scale 1) and one that is only reported. */
  async function gradientsOf(losses: readonly boolean[]): Promise<Record<string, Float32Array>> {
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [2, 3]);
    const weight = g.tensor('input', 'weight', [4, 3]);
    const targets = g.tensor('input', 'targets', [2], 'u32');
    const logits = g.apply(ops.linear, 'logits', { x, weight }).y;
    for (const [i, gradient] of losses.entries())
      g.apply(ops.softmax_cross_entropy, `loss${i}`, { logits, targets }, { gradient });
    const dweight = g.tensor('output', 'dweight', [4, 3]);
    differentiate(g, { ops, wanted: [weight], targets: { weight: dweight } });
    const device = await openDevice({ backend: 'cpu' });
    const program = await device.prepare(g.graph, await device.createMemory());
    await program.write('x', Float32Array.of(1, -2, 3, 0.5, 0, -1));
    await program.write(
      'weight',
      Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)),
    );
    await program.write('targets', Uint32Array.of(1, 3));
    await program.submit([{}]);
    return { dweight: (await program.read('dweight')) as Float32Array };
  }

  it('adds nothing to the gradient of another loss', async () => {
    const alone = await gradientsOf([true]);
    expect(await gradientsOf([false, true])).toEqual(alone);
    expect(alone.dweight.some((value) => value !== 0)).toBe(true);
  });

  it('alone gives no gradient, which is an error and not the logits', async () => {
    await expect(gradientsOf([false])).rejects.toThrow(
      'No gradient reaches "weight": nothing that depends on it has an upstream gradient, nor ends in a ' +
        'loss with the attribute gradient.',
    );
  });

  it('refuses an upstream gradient of a loss, which would be ignored', () => {
    const g = new GraphBuilder();
    const logits = g.tensor('input', 'logits', [2, 4]);
    const { loss } = g.apply(ops.softmax_cross_entropy, 'loss', {
      logits,
      targets: g.tensor('input', 'targets', [2], 'u32'),
    });
    const upstream = { [loss.name]: g.tensor('input', 'dloss', [2]) };
    expect(() => differentiate(g, { ops, wanted: [logits], upstream })).toThrow(
      'A gradient arrives at "loss.loss", but softmax_cross_entropy is a loss, which has no upstream',
    );
  });
});

describe('parts of an arena without a wanted gradient', () => {
  const model = charModel({
    vocabulary: Vocabulary.fromText('abcde'),
    cell: 'gru',
    hidden: 5,
    layers: 2,
    embedding: 3,
  });
  const { layout } = model;
  const names = layout.specs.map(({ name }) => name);

  /** One training step that wants the gradients of `trained` alone. */
  async function step(device: Device, trained: readonly string[]): Promise<Record<string, Float32Array>[]> {
    const [T, N] = [4, 2];
    const g = new GraphBuilder();
    const ids = g.tensor('input', 'ids', [T * N], 'u32');
    const targets = g.tensor('input', 'targets', [T * N], 'u32');
    const parameters = layout.declare(g);
    const arena = g.get('parameters');
    const keep = g.tensor('input', 'keep', [N]);
    const logits = model.apply(g, parameters, { T, N }, { ids, keep }, 'train');
    const { loss } = g.apply(ops.softmax_cross_entropy, 'loss', { logits, targets });
    const gradients = g.tensor('memory', 'gradients', arena.shape);
    differentiate(g, {
      ops,
      wanted: trained.map((name) => parameters[name]),
      targets: { [arena.name]: gradients },
    });
    appendUpdate(g, { ops, parameters: arena, gradients, loss, optimizers: [adam({ rate: 0.1 })] });
    const memory = await device.createMemory();
    const program = await device.prepare(g.graph, memory);
    const start = initialParameters(layout, { kind: 'normal', deviation: 0.5 }, 1);
    await memory.write('parameters', start);
    await program.write('ids', Uint32Array.of(0, 1, 2, 3, 4, 0, 2, 1));
    await program.write('targets', Uint32Array.of(2, 3, 4, 0, 2, 1, 0, 3));
    const hyper = adam({ rate: 0.1 }).hyper(1, 0.1);
    await program.submit([{ hyper }]);
    const read = async (name: string): Promise<Record<string, Float32Array>> =>
      Object.fromEntries(
        Object.entries(layout.unpack(await memory.read(name))).map(([key, { data }]) => [key, data]),
      );
    const results = [await read('gradients'), await read('parameters'), unpacked(start)];
    program.dispose();
    memory.dispose();
    return results;
  }

  function unpacked(arena: Float32Array): Record<string, Float32Array> {
    return Object.fromEntries(Object.entries(layout.unpack(arena)).map(([name, { data }]) => [name, data]));
  }

  const largest = (values: Float32Array): number => Math.max(...values.map(Math.abs));

  describe.each<[string, () => Promise<Device>]>([
    ['cpu', () => openDevice({ backend: 'cpu' })],
    ['webgpu', webgpuDevice],
  ])('on %s', (_, open) => {
    it.each([
      ['all but the recurrent layers', names.filter((name) => !name.startsWith('rnn.'))],
      ['the head', ['head.weight', 'head.bias']],
      ['biases', names.filter((name) => name.includes('bias'))],
      ['the lowest layer', names.filter((name) => name.endsWith('_l0'))],
      ['one recurrent weight', ['rnn.weight_hh_l1']],
    ])('get no gradient and do not move: %s are trained', async (_, trained) => {
      const device = await open();
      const [every] = await step(device, names);
      const [gradients, after, before] = await step(device, trained);
      for (const name of names) {
        if (trained.includes(name)) {
          expect(largest(gradients[name]), name).toBeGreaterThan(0);
          for (const [i, value] of gradients[name].entries())
            expect(Math.abs(value - every[name][i]), `${name} ${i}`).toBeLessThan(1e-5);
          expect(after[name], name).not.toEqual(before[name]);
        } else {
          expect(largest(gradients[name]), name).toBe(0);
          expect(after[name], name).toEqual(before[name]);
        }
      }
    });
  });

  it('refuses a value as target, since its parts without a gradient would not be zero', () => {
    const g = new GraphBuilder();
    const arena = g.tensor('memory', 'parameters', [128]);
    const x = g.view(arena, [64], 0, 'a');
    const { y } = g.apply(ops.tanh, 'y', { x });
    expect(() =>
      differentiate(g, {
        ops,
        wanted: [x],
        upstream: { [y.name]: g.tensor('input', 'dy', [64]) },
        targets: { parameters: g.tensor('value', 'gradients', [128]) },
      }),
    ).toThrow('The gradients of parts of "parameters" cannot go to "gradients", which is a value');
  });
});

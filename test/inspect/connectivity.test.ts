import { describe, expect, it } from 'vitest';
import { captioner, classifier, encoderDecoder, regressor, tagger } from '../../src/index.js';
import { ModelInspector, parametersOnDevice, type Model } from '../../src/graph.js';
import { predictionGraph } from '../../src/train/training-graph.js';
import { batchOf, Bench, C, device, E, H, labels, LENGTHS, N, normals, S, T } from './support.js';

describe('connectivity', () => {
  const x = normals(T * N * C);
  const lengths = Uint32Array.from(LENGTHS);

  it('of a regressor equals the gradient by central differences, for every row', async () => {
    const model = regressor({
      input: { features: C },
      outputs: 2,
      hidden: H,
      bidirectional: true,
      pooling: 'none',
    });
    const arrays = { x, lengths };
    const batch = batchOf(arrays, { T, N }, 0);
    const bench = await Bench.make(model, batchOf({ ...arrays, y: normals(T * N * 2) }, { T, N }, 6));
    const program = await device.prepare(
      predictionGraph(model, { sizes: { T, N }, kept: ['predictions'] }),
      bench.inspector.memory,
    );
    const [row, step, index] = [1, 0, 1];
    const outputAt = async (moved: Float32Array<ArrayBuffer>): Promise<number> => {
      await program.submit([{ x: moved, lengths }]);
      return (await program.read('predictions'))[(step * N + row) * 2 + index];
    };
    const found = await bench.inspector.connectivity(batch, { row, step, index });
    expect(Object.keys(found)).toEqual(['x']);
    for (let t = 0; t < T; t++) {
      const gradient: number[] = [];
      for (let c = 0; c < C; c++) {
        const at = async (by: number): Promise<number> => {
          const moved = x.slice();
          moved[(t * N + row) * C + c] += by;
          return outputAt(moved);
        };
        gradient.push(((await at(0.01)) - (await at(-0.01))) / 0.02);
        expect(Math.abs(found.x.gradients[t * C + c] - gradient[c])).toBeLessThan(2e-4);
      }
      expect(Math.abs(found.x.norms[t] - Math.hypot(...gradient))).toBeLessThan(2e-4);
      expect(found.x.norms[t] > 0).toBe(t < LENGTHS[row]);
    }
    await expect(bench.inspector.connectivity(batch, { row: N })).rejects.toThrow(
      'row: expected a whole number from 0 to 1, got 2.',
    );
    await expect(bench.inspector.connectivity(batch, { output: 'logits' })).rejects.toThrow(
      'output: expected one of predictions, got "logits".',
    );
    bench.inspector.dispose();
  });

  it.each([
    [
      'of each step',
      tagger({ input: { image: { rows: 2, columns: 4, channels: 2, filters: [3] } }, labels, hidden: H }),
      T,
    ],
    [
      'of a caption',
      captioner({
        image: { rows: 2, columns: 4, channels: 2, filters: [3] },
        inject: 'first',
        target: { symbols: 3, embedding: E },
        hidden: H,
      }),
      1,
    ],
  ])('of images is the gradient of every pixel: %s', async (_, model: Model, steps) => {
    const pixels = 2 * 4 * 2;
    const image = normals(steps * N * pixels);
    const previous = Uint32Array.from({ length: T * N }, (__, i) => i % 3);
    const arrays = { image, lengths, previous };
    const inputs = Object.fromEntries(
      (model.inputs ?? []).map((name) => [name, arrays[name as keyof typeof arrays]]),
    );
    const weights = model.layout.unpack(normals(model.layout.elements));
    const memory = await parametersOnDevice(model, weights, device);
    const inspector = new ModelInspector(model, device, memory);
    const [row, step, index] = [1, 1, 2];
    const found = await inspector.connectivity(batchOf(inputs, { T, N }, 0), { row, step, index });
    expect(found.image.gradients).toHaveLength(steps * pixels);
    expect(found.image.norms).toHaveLength(steps);
    const program = await device.prepare(
      predictionGraph(model, { sizes: { T, N }, kept: ['logits'] }),
      memory,
    );
    const logAt = async (at: number, by: number): Promise<number> => {
      const moved = image.slice();
      moved[at] += by;
      await program.submit([{ ...inputs, image: moved }]);
      const start = (step * N + row) * 3;
      const own = [...(await program.read('logits')).slice(start, start + 3)];
      return own[index] - Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0));
    };
    let largest = 0;
    for (let s = 0; s < steps; s++)
      for (let i = 0; i < pixels; i++) {
        const at = (s * N + row) * pixels + i;
        const wanted = ((await logAt(at, 2 ** -9)) - (await logAt(at, -(2 ** -9)))) / 2 ** -8;
        expect(Math.abs(found.image.gradients[s * pixels + i] - wanted), `step ${s}, ${i}`).toBeLessThan(
          5e-4,
        );
        largest = Math.max(largest, Math.abs(wanted));
      }
    expect(largest).toBeGreaterThan(2e-3);
    program.dispose();
    inspector.dispose();
  });

  it('of ids equals that of one-hot vectors, and uses log-probabilities of logits', async () => {
    const options = { hidden: H, bidirectional: true, labels };
    const V = 4;
    const ids = Uint32Array.from({ length: T * N }, (_, i) => (3 * i + 1) % V);
    const oneHot = Float32Array.from({ length: T * N * V }, (_, i) =>
      Number(ids[Math.floor(i / V)] === i % V),
    );
    const byIds = classifier({ ...options, input: { symbols: V } });
    const byFeatures = classifier({ ...options, input: { features: V } });
    const targets = { labels: Uint32Array.of(0, 1) };
    const bench = await Bench.make(byIds, batchOf({ ids, lengths, ...targets }, { T, N }, N));
    const memory = await parametersOnDevice(byFeatures, bench.weights, device);
    const other = new ModelInspector(byFeatures, device, memory);
    const chosen = { row: 1, index: 2 };
    const { ids: a } = await bench.inspector.connectivity(bench.batch, chosen);
    const { x: b } = await other.connectivity(batchOf({ x: oneHot, lengths }, { T, N }, 0), chosen);
    expect(a.norms).toHaveLength(T);
    a.gradients.forEach((value, i) => expect(value).toBeCloseTo(b.gradients[i], 6));
    const program = await device.prepare(
      predictionGraph(byFeatures, { sizes: { T, N }, kept: ['logits'] }),
      memory,
    );
    const logAt = async (by: number): Promise<number> => {
      const moved = oneHot.slice();
      moved[1 * V + 3] += by; // step 0 of row 1
      await program.submit([{ x: moved, lengths }]);
      const logits = [...(await program.read('logits')).slice(3, 6)];
      return logits[2] - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    };
    const wanted = ((await logAt(0.01)) - (await logAt(-0.01))) / 0.02;
    expect(Math.abs(a.gradients[3] - wanted)).toBeLessThan(2e-4);
    expect(Math.abs(wanted)).toBeGreaterThan(1e-3);
    bench.inspector.dispose();
    other.dispose();
  });

  it('of a writer reaches its whole source, but only earlier written symbols', async () => {
    const symbols = { symbols: 5, embedding: E };
    const model = encoderDecoder({ source: symbols, target: symbols, hidden: H, attention: 'additive' });
    const arrays = {
      source: Uint32Array.from({ length: S * N }, (_, i) => i % 5),
      sourceLengths: Uint32Array.of(2, 4),
      previous: Uint32Array.from({ length: T * N }, (_, i) => (2 * i) % 5),
    };
    const batch = batchOf(arrays, { T, S, N }, 0);
    const bench = await Bench.make(
      model,
      batchOf({ ...arrays, targets: new Uint32Array(T * N) }, { T, S, N }, 6),
    );
    const { source, previous } = await bench.inspector.connectivity(batch, { row: 0, step: 1, index: 3 });
    expect([...source.norms].map((norm) => norm > 0)).toEqual([true, true, false, false]);
    expect([...previous.norms].map((norm) => norm > 0)).toEqual([true, true, false]);
    bench.inspector.dispose();
  });
});

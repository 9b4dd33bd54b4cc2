import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceArray } from '../../src/core/arrays.js';
import type { OpCase } from '../../src/plan/op-case.js';
import { runOpGraph } from '../../src/verify/check-op.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { WasmDevice } from '../../src/wasm/device.js';
import { enableRelaxedSimd } from '../support/relaxed.js';
import { allOps, loadedOp } from '../support/ops.js';

describe.each([false, true])('relaxed SIMD: %s', (relaxed) => {
  let device: WasmDevice;
  beforeAll(async () => {
    enableRelaxedSimd();
    device = await WasmDevice.open(allOps, { threads: 1, relaxed });
  });
  afterAll(() => device.dispose());

  const run = async (op: string, opCase: OpCase): Promise<Record<string, DeviceArray>> => {
    const built = buildOpGraph(loadedOp(op), opCase, { backward: loadedOp(op).plan.backward !== undefined });
    return (await runOpGraph(device, built)).results;
  };

  /**
   * Arithmetic on denormal numbers takes a hundred times as long, and WebAssembly cannot turn it
   * off: tensors that are kept from step to step must contain none.
   */
  it.each<[string, OpCase, readonly string[]]>([
    ...['adam', 'rmsprop', 'adagrad', 'sgd'].map((op): [string, OpCase, readonly string[]] => [
      op,
      {
        dims: { E: 64 },
        fill: {
          report: { values: [1, 1, 1, 1] },
          hyper: { values: [0.1, 0.1, 0.001, 0] },
          // Adam's moments of a symbol that did not occur for 900 steps.
          ...Object.fromEntries(
            ['mean', 'square', 'sum', 'velocity'].map((name) => [name, { values: [1e-38, 1e-40, 0, 1] }]),
          ),
          gradients: { values: [1e-38, 0, 1e-22, 1] },
        },
      },
      ['mean', 'square', 'sum', 'velocity'],
    ]),
    ...['rnn', 'lstm', 'gru', 'mingru', 'minlstm'].map((op): [string, OpCase, readonly string[]] => [
      op,
      {
        dims: { T: 5, N: 3, H: 6 },
        without: ['keep', 'lengths', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh'],
        // Gradients that have vanished over a long window, and a state that has faded.
        fill: {
          dy: { values: [1e-34, 1e-39] },
          dhn: { values: [1e-33] },
          dcn: { values: [1e-33] },
          h0: { values: [1e-37] },
          c0: { values: [1e-37] },
        },
      },
      ['dprojected', 'dh0', 'dc0', 'states', 'h'],
    ]),
    ...['attention_rnn', 'attention_lstm', 'attention_gru'].map((op): [string, OpCase, readonly string[]] => [
      op,
      {
        dims: { T: 4, N: 3, S: 5, A: 6, H: 6 },
        without: ['lengths', 'source_lengths', 'key', 'masked', 'dh'],
        fill: {
          dy: { values: [1e-34, 1e-39] },
          dhn: { values: [1e-33] },
          dcn: { values: [1e-33] },
          dattention: { values: [1e-35, 0] },
          h0: { values: [1e-37] },
          c0: { values: [1e-37] },
        },
      },
      ['dprojected', 'dh0', 'dc0', 'states', 'h', 'dkeys'],
    ]),
    [
      'softmax_cross_entropy',
      {
        dims: { R: 2, V: 9 },
        without: ['count', 'class_weights'],
        attributes: { scale: 1e-4 },
        fill: { logits: { values: [0, -80, -86, -95] }, targets: { values: [0] } },
      },
      ['logits'],
    ],
  ])('%s keeps no denormal numbers', async (op, opCase, kept) => {
    const results = await run(op, opCase);
    const present = kept.filter((name) => name in results);
    expect(present).not.toEqual([]);
    for (const name of present)
      expect(
        results[name].filter((x) => x !== 0 && Math.abs(x) < 2 ** -126),
        name,
      ).toEqual(new Float32Array(0));
  });

  it.each<[string, (x: number) => number]>([
    ['tanh', Math.tanh],
    ['sigmoid', (x) => 1 / (1 + Math.exp(-x))],
  ])('%s is within 4e-7 of the exact value over all magnitudes, and never beyond 1', async (op, exact) => {
    const values = [0, Infinity, -Infinity, NaN];
    for (let power = -60; power <= 7; power += 0.01) values.push(2 ** power, -(2 ** power));
    const { y } = await run(op, { dims: { E: values.length }, fill: { x: { values } } });
    values.forEach((x, i) => {
      const expected = exact(Math.fround(x));
      if (Number.isNaN(expected)) expect(y[i]).toBeNaN();
      // A sigmoid below e⁻⁸⁷ is zero.
      else if (Math.abs(expected) > 1e-37)
        expect(Math.abs(y[i] - expected) / Math.abs(expected), String(x)).toBeLessThan(4e-7);
      expect(Math.abs(y[i]) > 1, String(x)).toBe(false);
    });
  });
});

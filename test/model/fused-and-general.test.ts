import { describe, expect, it } from 'vitest';
import { openDevice, RecurrentLayers, type RecurrentLayersOptions } from '../../src/index.js';
import { Random, STREAM } from '../../src/core/random.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';

const sizes: Omit<RecurrentLayersOptions, 'device' | 'form'>[] = [
  { input: 3, hidden: 5, layers: 1, batch: 1, time: 1 },
  { input: 4, hidden: 7, layers: 2, batch: 3, time: 6 },
  { input: 5, hidden: 8, layers: 3, batch: 2, time: 5, nonlinearity: 'relu' },
  { input: 6, hidden: 12, layers: 2, batch: 4, time: 7, biases: 'none' },
  { input: 2, hidden: 9, layers: 2, batch: 2, time: 4, biases: 'single' },
];

function normals(seed: number, length: number): Float32Array {
  const random = new Random(seed, STREAM.test);
  return Float32Array.from({ length }, () => random.normal());
}

describe.each(['cpu', 'webgpu'] as const)('the fused RNN equals the one from general ops on %s', (backend) => {
  it.each(sizes)('%o', async (size) => {
    const device = backend === 'cpu' ? await openDevice({ backend: 'cpu', precision: 'double' }) : await webgpuDevice();
    const { input: C, hidden: H, batch: N, time: T, layers: L = 1 } = size;
    const results = [];
    for (const form of ['fused', 'general'] as const) {
      const layers = await RecurrentLayers.create({ ...size, device, form, seed: 3 });
      results.push(await layers.forwardBackward(normals(1, T * N * C), { h: normals(2, L * N * H) }, { y: normals(3, T * N * H), final: { h: normals(4, L * N * H) } }));
      layers.dispose();
    }
    const [fused, general] = results;
    expect(compareArrays(fused.output.y, general.output.y, FLOOR.output).error).toBeLessThan(TOLERANCE.output);
    expect(compareArrays(fused.output.final.h, general.output.final.h, FLOOR.output).error).toBeLessThan(TOLERANCE.output);
    expect(compareArrays(fused.gradients.x, general.gradients.x, FLOOR.gradient).error).toBeLessThan(TOLERANCE.gradient);
    expect(compareArrays(fused.gradients.initial.h, general.gradients.initial.h, FLOOR.gradient).error).toBeLessThan(TOLERANCE.gradient);
    for (const [name, { data }] of Object.entries(general.gradients.parameters)) {
      expect(compareArrays(fused.gradients.parameters[name].data, data, FLOOR.gradient).error, name).toBeLessThan(TOLERANCE.gradient);
    }
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openDevice, RecurrentLayers, type RecurrentLayersOptions } from '../../src/index.js';
import { compareArrays, FLOOR, TOLERANCE } from '../../src/verify/compare.js';
import { webgpuDevice } from '../support/devices.js';

type Named = Readonly<Record<string, readonly number[]>>;

/** One case of test/golden/layers.json, which make_layers.py wrote with torch. */
interface GoldenLayers {
  readonly name: string;
  readonly options: Omit<RecurrentLayersOptions, 'device'>;
  readonly lengths: readonly number[];
  readonly parameters: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  readonly x: readonly number[];
  readonly initial: Named;
  readonly upstream: { readonly y: readonly number[]; readonly final: Named };
  readonly y: readonly number[];
  readonly final: Named;
  readonly gradients: { readonly x: readonly number[]; readonly initial: Named; readonly parameters: Named };
}

const golden = JSON.parse(readFileSync(new URL('../golden/layers.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly cases: readonly GoldenLayers[];
};

describe.each(['cpu', 'webgpu'] as const)(`layers on %s against torch ${golden.torch}`, (backend) => {
  it.each(golden.cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const device = backend === 'cpu' ? await openDevice({ backend: 'cpu' }) : await webgpuDevice();
    const layers = await RecurrentLayers.create({ ...one.options, device });
    await layers.load(one.parameters);
    const { output, gradients } = await layers.forwardBackward(one.x, one.initial, one.upstream, {
      lengths: one.lengths,
    });
    layers.dispose();
    const near = (
      what: string,
      got: ArrayLike<number>,
      expected: readonly number[],
      kind: 'output' | 'gradient',
    ): void => expect(compareArrays(got, expected, FLOOR[kind]).error, what).toBeLessThan(TOLERANCE[kind]);
    near('y', output.y, one.y, 'output');
    near('dx', gradients.x, one.gradients.x, 'gradient');
    for (const [kind, values] of Object.entries(one.final))
      near(`${kind}n`, output.final[kind], values, 'output');
    for (const [kind, values] of Object.entries(one.gradients.initial))
      near(`d${kind}0`, gradients.initial[kind], values, 'gradient');
    expect(Object.keys(gradients.parameters).sort()).toEqual(Object.keys(one.parameters).sort());
    for (const [name, values] of Object.entries(one.gradients.parameters))
      near(`d${name}`, gradients.parameters[name].data, values, 'gradient');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { chooseDevice } from '../../src/graph.js';
import type { Device } from '../../src/index.js';
import { cpuVariants, verifyModels } from '../../src/verify/index.js';
import { command } from '../cli/support.js';
import { webgpuDevice } from '../support/devices.js';
import { enableRelaxedSimd } from '../support/relaxed.js';

beforeAll(enableRelaxedSimd);

/** Returns the faults in words. */
const wrong = async (device: Device): Promise<readonly string[]> =>
  (await verifyModels(device))
    .filter(({ pass }) => !pass)
    .map(({ model, worst, maxError }) => `${model}: ${worst} is off by ${maxError}`);

describe('every kind of model agrees with the reference in double precision', () => {
  it('on WebGPU', async () => {
    expect(await wrong(await webgpuDevice())).toEqual([]);
  });

  it('on the CPU, with and without relaxed SIMD, on one, two and three threads', async () => {
    const variants = await cpuVariants();
    expect(variants.map(({ name }) => name)).toEqual([
      ...['SIMD, 1 thread', 'SIMD, 2 threads', 'SIMD, 3 threads'],
      ...['relaxed SIMD, 1 thread', 'relaxed SIMD, 2 threads', 'relaxed SIMD, 3 threads'],
    ]);
    for (const variant of variants) {
      const device = await variant.open();
      expect(await wrong(device), variant.name).toEqual([]);
      device.dispose();
    }
  });

  it('and a device that is wrong is found', async () => {
    const { device } = await chooseDevice({ backend: 'reference' });
    const prepare = device.prepare.bind(device);
    device.prepare = async (...args) => {
      const program = await prepare(...args);
      const read = program.read.bind(program);
      program.read = async (name) => {
        const values = (await read(name)).slice();
        values[0] += 0.01;
        return values;
      };
      return program;
    };
    const checks = await verifyModels(device, { only: ['tied', 'tagger'] });
    expect(checks.map(({ model, pass }) => [model, pass])).toEqual([
      ['language model, tied', false],
      ['tagger of images', false],
    ]);
    device.dispose();
  });
});

/** The fields of a line of `--json` that the checks below read. */
interface Line {
  readonly adapter: string;
  readonly runtime: string;
}

describe('unrolled verify --backend cpu', () => {
  const verify = async (...args: string[]): Promise<Line[]> => {
    const { status, out } = await command(['verify', '--backend', 'cpu', '--json', ...args]);
    expect(status).toBe(0);
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  };

  it('checks ops and models in each way of computing', async () => {
    const lines = await verify('--only', 'tanh', '--only', 'captioner, first');
    const waysOf = (key: 'op' | 'model'): Set<string> =>
      new Set(lines.filter((line) => key in line).map((line) => `${line.adapter}, ${line.runtime}`));
    expect(waysOf('op').size).toBe(6);
    expect(waysOf('model')).toEqual(waysOf('op'));
  });

  it('only in the way that options name', async () => {
    const lines = await verify('--only', 'tanh', '--threads', '2', '--no-relaxed');
    expect(new Set(lines.map(({ adapter, runtime }) => `${adapter}, ${runtime}`))).toEqual(
      new Set(['CPU, SIMD, WebAssembly, 2 threads']),
    );
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../src/index.js';
import { runParityCase } from '../../src/verify/index.js';
import { openChromeDevice } from '../../src/chrome/remote-device.js';
import { webgpuDevice } from '../support/devices.js';

const folder = new URL('../golden/', import.meta.url);
const cases = readdirSync(folder).filter((file) => file.endsWith('.safetensors'));

let chrome: Promise<Device> | undefined;
const devices: Readonly<Record<string, () => Promise<Device>>> = {
  reference: () => openDevice({ backend: 'reference' }),
  cpu: () => openDevice({ backend: 'cpu' }),
  'cpu, no relaxed': () => openDevice({ backend: 'cpu', relaxed: false, threads: 1 }),
  webgpu: webgpuDevice,
  chrome: () => (chrome ??= openChromeDevice()),
};
afterAll(async () => (await chrome)?.dispose());

describe.each(Object.keys(devices))('parity with PyTorch and numpy on %s', (backend) => {
  it.each(cases)('%s', async (file) => {
    const result = await runParityCase(readFileSync(new URL(file, folder)), file, await devices[backend]());
    expect(result.pass, JSON.stringify(result)).toBe(true);
  });
});

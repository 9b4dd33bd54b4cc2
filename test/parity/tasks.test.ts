import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { openChromeDevice } from '../../src/chrome/remote-device.js';
import { openDevice, type Device } from '../../src/index.js';
import { runParityCase } from '../../src/verify/index.js';
import { webgpuDevice } from '../support/devices.js';

const folder = new URL('../golden/tasks/', import.meta.url);
const cases = readdirSync(folder);

let chrome: Promise<Device> | undefined;
const devices: Readonly<Record<string, readonly [() => Promise<Device>, RegExp]>> = {
  reference: [() => openDevice({ backend: 'reference' }), /./],
  cpu: [() => openDevice({ backend: 'cpu' }), /./],
  // Compiling takes seconds for each case, so one case of each kind of loop runs here.
  webgpu: [
    webgpuDevice,
    /^(?:tagger|encoder-decoder-lstm-bi-additive|encoder-decoder-gru-dot|captioner-rnn)/,
  ],
  chrome: [() => (chrome ??= openChromeDevice()), /^(?:classifier-rnn|encoder-decoder-lstm-bi-additive)/],
};
afterAll(async () => (await chrome)?.dispose());

describe.each(Object.entries(devices))('parity of tasks with PyTorch on %s', (_, [open, chosen]) => {
  it.each(cases.filter((file) => chosen.test(file)))('%s', async (file) => {
    const result = await runParityCase(readFileSync(new URL(file, folder)), file, await open());
    expect(result.pass, JSON.stringify(result)).toBe(true);
  });
});

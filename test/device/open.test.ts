import { describe, expect, it, vi } from 'vitest';
import { fasterDevice, smallProbe } from '../../src/device/faster.js';
import { DeviceError, openDevice, type Device } from '../../src/index.js';
import { openGpu } from '../../src/gpu/adapter.js';

describe('wrong options of openDevice are named', () => {
  it.each([
    [{ backend: 'gpu' }, 'backend: expected one of auto, webgpu, cpu, reference, got "gpu".'],
    [{ backend: 'cpu', precision: 'half' }, 'precision: expected one of single, double, got "half".'],
    [
      { backEnd: 'cpu' },
      'device.backEnd: expected one of the options backend, precision, threads, relaxed, probe, tune, tuningStore, onTuning, onChoice, got "cpu".',
    ],
  ])('%o', async (options, message) => {
    await expect(openDevice(options as object)).rejects.toThrow(message);
  });
});

it('the runtime has no adapter: a DeviceError that says what to check', async () => {
  const gpu = { requestAdapter: () => Promise.resolve(null) } as unknown as GPU;
  await expect(openGpu(gpu, 'test')).rejects.toThrow(
    /offers no adapter\. Check the GPU driver.*\(while asking for an adapter\)$/,
  );
});

it('the adapter refuses: a DeviceError with its name and reason', async () => {
  const adapter = {
    info: { vendor: 'acme', architecture: '', device: '', description: 'Model T' },
    limits: {},
    features: new Set(),
    requestDevice: () => Promise.reject(new TypeError('limit too high')),
  };
  const opening = openGpu({ requestAdapter: () => Promise.resolve(adapter) } as unknown as GPU, 'test');
  await expect(opening).rejects.toThrow(
    'The adapter Model T, acme gives no device: limit too high (while opening a device)',
  );
  await expect(opening).rejects.toThrow(DeviceError);
});

it('memories and programs of the CPU are forgotten once disposed of', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const memory = await device.createMemory();
  await memory.ensure({ name: 'x', shape: [100], dtype: 'f32', kind: 'memory' });
  expect(device.counts).toMatchObject({ buffers: 1, bytes: 512 });
  memory.dispose();
  expect(device.counts).toMatchObject({ buffers: 0, bytes: 0 });
});

describe('the faster of two devices', () => {
  const fake = (): { readonly device: Device; readonly disposed: () => number } => {
    let times = 0;
    return { device: { dispose: () => times++ } as unknown as Device, disposed: () => times };
  };

  it('is kept, and the other is disposed of', async () => {
    const [slow, fast] = [fake(), fake()];
    const probe = (device: Device): Promise<number> => Promise.resolve(device === fast.device ? 2 : 3);
    expect(await fasterDevice([slow.device, fast.device], probe)).toEqual({
      device: fast.device,
      milliseconds: [3, 2],
    });
    expect([slow.disposed(), fast.disposed()]).toEqual([1, 0]);
  });

  it('is none where the work does not fit: both are disposed of', async () => {
    const [first, second] = [fake(), fake()];
    const probe = (): Promise<number> => Promise.reject(new Error('too large'));
    await expect(fasterDevice([first.device, second.device], probe)).rejects.toThrow('too large');
    expect([first.disposed(), second.disposed()]).toEqual([1, 1]);
  });

  it('is found by a small layer where the work is not known; a device that fails is not it', async () => {
    const device = await openDevice({ backend: 'cpu', threads: 1 });
    expect(await smallProbe(device)).toBeLessThan(Infinity);
    expect(device.counts.buffers).toBe(0);
    vi.spyOn(device, 'prepare').mockRejectedValue(new Error('broken'));
    expect(await smallProbe(device)).toBe(Infinity);
  });
});

import { openDevice } from '../../src/index.js';
import type { GpuDevice } from '../../src/device/gpu-device.js';

let opened: Promise<GpuDevice> | undefined;

/**
 * Returns the WebGPU device of this test process, Dawn in Node. Without an adapter the test that
 * asks for it fails.
 */
export function webgpuDevice(): Promise<GpuDevice> {
  opened ??= openDevice({ backend: 'webgpu' }).then((device) => {
    process.stderr.write(`WebGPU tests run on: ${device.info.adapter}, ${device.info.runtime}\n`);
    return device as GpuDevice;
  });
  return opened;
}

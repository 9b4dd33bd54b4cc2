import { openDawn } from '../../src/device/dawn.js';
import { GpuDevice } from '../../src/device/gpu-device.js';
import { ops } from '../../src/ops/index.js';
import type { OpRegistry } from '../../src/plan/op.js';

let opened: Promise<GpuDevice> | undefined;

/**
 * Returns the WebGPU device of this test process, Dawn in Node. Without an adapter the test that
 * asks for it fails.
 */
export function webgpuDevice(): Promise<GpuDevice> {
  opened ??= openTestDevice(ops).then((device) => {
    process.stderr.write(`WebGPU tests run on: ${device.info.adapter}, ${device.info.runtime}\n`);
    return device;
  });
  return opened;
}

/**
 * A device that leaves workgroup memory as it is: SwiftShader compiles the zeroing of 32 KiB for five
 * seconds, and a kernel that counts on it is found.
 */
export async function openTestDevice(registry: OpRegistry): Promise<GpuDevice> {
  const dawn = await openDawn(['disable_workgroup_init']);
  if (!dawn.gpu) throw new Error(`There is no WebGPU adapter: ${dawn.why}`);
  return GpuDevice.open(dawn.gpu, dawn.note, registry);
}

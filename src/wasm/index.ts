/** What opens the CPU device. It is imported only where that is asked for. */
export { WasmDevice, type WasmDeviceOptions } from './device.js';
export { canShareMemory, hasRelaxed, hasSimd } from './kernels.js';

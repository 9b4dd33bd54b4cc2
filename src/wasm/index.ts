/** The entry of the CPU device. It is imported dynamically, where that backend is asked for. */
export { WasmDevice, type WasmDeviceOptions } from './device.js';
export { canShareMemory, hasRelaxed, hasSimd } from './kernels.js';

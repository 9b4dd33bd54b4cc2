/**
 * The entry of the CPU device, which is imported dynamically. Read `device.ts` first. A program
 * (`program.ts`) writes its calls as a table (`call-table.ts`), which the threads (`thread-team.ts`,
 * `thread.js`) run with the kernels of `kernels/`.
 */
export { WasmDevice, type WasmDeviceOptions } from './device.js';
export { canShareMemory, hasRelaxed, hasSimd } from './kernels.js';

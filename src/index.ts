export { openDevice, type OpenDeviceOptions } from './device/open.js';
export { ops } from './ops/index.js';
export * from './core/errors.js';
export { LEGEND } from './core/notation.js';
export type { Device, DeviceInfo, Memory, Program } from './plan/device.js';
export { GraphBuilder } from './plan/graph.js';
export { differentiate } from './plan/differentiate.js';
export { compile } from './plan/compile.js';
export { printPlan, summarize } from './plan/print.js';

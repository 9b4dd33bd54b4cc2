/** The door of the checks: every op on a device against its reference, and PyTorch's cases. */
export type { OpCheck } from './check-op.js';
export { verifyModels, type ModelCheck, type VerifyModelsOptions } from './check-model.js';
export { cpuVariants, type CpuVariant } from './cpu-variants.js';
export { runParityCase, type ParityResult } from './parity.js';
export { countChecks, verifyOps, type VerifyOptions } from './suite.js';

// Types that the signatures above name
export type { Difference } from '../verify/compare.js';

/**
 * The entry of the checks: ops and small models on a device against their references
 * (`check-op.ts`, `check-model.ts`), and cases of PyTorch and numpy (`parity.ts`). Read `suite.ts`
 * first.
 */
export type { OpCheck } from './check-op.js';
export { verifyModel, verifyModels, type ModelCheck, type VerifyModelsOptions } from './check-model.js';
export { cpuVariants, type CpuVariant } from './cpu-variants.js';
export { runParityCase, type ParityResult } from './parity.js';
export { countChecks, verifyOps, type CheckedDevice, type VerifyOptions } from './suite.js';

// Types that the signatures above name
export type { Difference } from '../verify/compare.js';

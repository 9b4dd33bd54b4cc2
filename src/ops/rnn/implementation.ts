import type { OpChains } from '../../plan/chaining.js';
import type { Halves, Planners } from '../../plan/op.js';
import type { OpCase } from '../../plan/op-case.js';
import { recurrentCases } from '../recurrent/cases.js';
import { backwardSources, forwardSources } from './kernels.js';
import { planAfterBackward, planBackward, planForward, stepConstants } from './plan.js';

export * as native from './native.js';
export * as reference from './reference.js';

/**
 * Loads how layers of a stack are planned together. Plans of one layer do not need that code. It gets
 * what it shares with this file as arguments: with imports, a bundler would divide this file.
 */
export const chains = async (): Promise<OpChains> =>
  (await import('./chains.js')).chainsOf({
    backwardSources,
    forwardSources,
    planAfterBackward,
    stepConstants,
  });

export const halves: Halves = 'inside';

export const plan: Planners = { forward: planForward, backward: planBackward };

export const cases: readonly OpCase[] = recurrentCases([{}, { nonlinearity: 'relu' }], ['c0_learned']);

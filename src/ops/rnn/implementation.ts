import type { OpCase, OpChains, Planners } from '../../plan/op.js';
import { recurrentCases } from '../recurrent/cases.js';
import { planBackward, planForward } from './plan.js';

export * as native from './native.js';
export * as reference from './reference.js';

/** Loads how layers of a stack are planned together. */
export const chains = async (): Promise<OpChains> => (await import('./chains.js')).chains;

export const plan: Planners = { forward: planForward, backward: planBackward };

export const cases: readonly OpCase[] = recurrentCases([{}, { nonlinearity: 'relu' }], ['c0_learned']);

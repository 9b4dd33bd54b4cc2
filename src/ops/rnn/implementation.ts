import type { OpCase, Planners } from '../../plan/op.js';
import { recurrentCases } from '../recurrent/cases.js';
import { planBackward, planForward } from './plan.js';

export { chains } from './plan.js';
export * as native from './native.js';
export * as reference from './reference.js';

export const plan: Planners = { forward: planForward, backward: planBackward };

export const cases: readonly OpCase[] = recurrentCases([{}, { nonlinearity: 'relu' }], ['c0_learned']);

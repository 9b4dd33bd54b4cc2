/** The part of sweeps that needs no files. `node/index.ts` has the rest. */
export { Coordinator, openingOperations, type SweepEnding, type SweepEvent } from './coordinator.js';
export { trialColumns, trialEvents, trialName, trialRow } from './exports.js';
export { History, SPEC_ATTRIBUTE, type TrialRecord } from './history.js';
export { historyOfText, triedIn } from './journal-text.js';
export { importances, type Importance } from './importance.js';
export { isBetter, TIME, type Objective, type Reported } from './objective.js';
export { Operations, type NotedReport, type Operation } from './operations.js';
export { ORDERS } from './order.js';
export { gridValues, type Parameter } from './parameters.js';
export { pointsIn, readSpec, trialsIn, type GivenSpec, type SweepSpec } from './spec.js';
export type {
  Measures,
  Point,
  Report,
  TrialEvent,
  TrialOutcome,
  TrialRequest,
  TrialRunner,
  Value,
} from './trial.js';

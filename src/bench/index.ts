/**
 * The entry of the benchmark. Read `suite.ts` first: it runs all parts and reports events. A part
 * has a file each (`training-steps.ts`, for example), `contestants.ts` says what takes part, and
 * `report.ts` makes tables and files of the results.
 */
export type { Ceilings } from './ceilings.js';
export type { BenchRow } from './step-entrant.js';
export type { StepLimit } from './step-limit.js';
export { WorkloadData, type BenchWriter, type Contestant, type Strategy } from './contestants.js';
export type { GenerationRow } from './generation.js';
export type { KernelRow } from './kernels.js';
export { ownStrategy, type OwnStrategyOptions } from './own-strategies.js';
export {
  BENCH_METHOD,
  benchCsv,
  benchMarkdown,
  benchTables,
  machineLine,
  milliseconds,
  type BenchMachine,
  type BenchReport,
  type BenchTable,
} from './report.js';
export { runBench, seconds, type BenchOptions, type LeftOut, type RoundOptions } from './training-steps.js';
export type { Judge, Judgement, NoJudgement } from './judge.js';
export { BENCH_PARTS, HALF_PARTS, type BenchPart } from './parts.js';
export {
  NO_RESULTS,
  runSuite,
  withEvent,
  type BenchEvent,
  type BenchResults,
  type SuiteOptions,
} from './suite.js';
export { CURVES, WORKLOADS, WRITERS, type Workload } from './workloads.js';

// Types that the signatures above name
export type { ClipOptions } from '../train/update.js';

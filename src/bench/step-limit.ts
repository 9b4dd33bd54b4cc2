import { operationsOf, type Workload } from './workloads.js';

/** The ceilings of a device that can limit a training step. */
interface StepCeilings {
  readonly gflops: number;
  readonly launchMicroseconds: number;
}

/** How close a training step comes to the limit of its device. */
export interface StepLimit {
  /** Milliseconds that its multiply-adds take at the device's rate. */
  readonly arithmeticMs: number;
  readonly launchesMs: number;
  /** The larger of the two times. */
  readonly binds: 'arithmetic' | 'launches';
  /** The larger time, as a share of the measured time of the step. */
  readonly share: number;
}

/** The shortest possible time of a step: its multiply-adds or its launches, whichever takes longer. */
export function limitOf(
  workload: Workload,
  medianMs: number,
  dispatches: number,
  { gflops, launchMicroseconds }: StepCeilings,
): StepLimit {
  const arithmeticMs = operationsOf(workload) / gflops / 1e6;
  const launchesMs = (dispatches * launchMicroseconds) / 1000;
  return {
    arithmeticMs,
    launchesMs,
    binds: arithmeticMs >= launchesMs ? 'arithmetic' : 'launches',
    share: Math.max(arithmeticMs, launchesMs) / medianMs,
  };
}

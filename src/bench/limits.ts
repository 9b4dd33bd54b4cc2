import { operationsOf, type Workload } from './workloads.js';

/** What limits a training step, of a device's `Ceilings`. */
interface StepCeilings {
  readonly gflops: number;
  readonly launchMicroseconds: number;
}

/** How near a training step comes to what its device can do. */
export interface StepLimit {
  /** Milliseconds of its multiply-adds at the device's rate, and of its launches. */
  readonly arithmeticMs: number;
  readonly launchesMs: number;
  /** Which of the two is higher. */
  readonly binds: 'arithmetic' | 'launches';
  /** The higher of the two, as a share of the time that the step takes. */
  readonly share: number;
}

/** What a step needs at least: its multiply-adds, or its launches, whichever takes longer. */
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

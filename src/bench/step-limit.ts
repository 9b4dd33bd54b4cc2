/** The ceilings of a device that can limit a step, see `Ceilings`. */
interface StepCeilings {
  readonly gflops: number;
  readonly launchMicroseconds: number;
}

/** How close a training step, or a step of writing, comes to the limit of its device. */
export interface StepLimit {
  /** Milliseconds that its multiply-adds take at the device's rate. */
  readonly arithmeticMs: number;
  readonly launchesMs: number;
  /** The larger of the two times. */
  readonly binds: 'arithmetic' | 'launches';
  /** The larger time, as a share of the measured time of the step. */
  readonly share: number;
}

/**
 * The shortest possible time of a step: its multiply-adds or its launches, whichever takes longer.
 * @param operations of the step; a multiply-add counts as two
 */
export function limitOf(
  operations: number,
  medianMs: number,
  dispatches: number,
  { gflops, launchMicroseconds }: StepCeilings,
): StepLimit {
  const arithmeticMs = operations / gflops / 1e6;
  const launchesMs = (dispatches * launchMicroseconds) / 1000;
  return {
    arithmeticMs,
    launchesMs,
    binds: arithmeticMs >= launchesMs ? 'arithmetic' : 'launches',
    share: Math.max(arithmeticMs, launchesMs) / medianMs,
  };
}

/** What the limit of a row depends on. */
interface Limited {
  readonly workload: string;
  readonly adapter: string;
  readonly runtime: string;
  readonly medianMs: number;
}

/** The ceilings of all devices, and the operations of a step of each workload. */
interface Limits<W> {
  readonly workloads: readonly W[];
  readonly operationsOf: (workload: W) => number;
  readonly ceilings: readonly (StepCeilings & Pick<Limited, 'adapter' | 'runtime'>)[];
}

/**
 * Adds the limit of its device to a row, if the ceilings were measured.
 * @param dispatches of a step; undefined where a system does not report them
 */
export function withLimit<R extends Limited, W extends { readonly name: string }>(
  row: R,
  dispatches: number | undefined,
  { workloads, operationsOf, ceilings }: Limits<W>,
): R {
  const of = ceilings.find(({ adapter, runtime }) => adapter === row.adapter && runtime === row.runtime);
  const workload = workloads.find(({ name }) => name === row.workload);
  return of && workload && dispatches !== undefined
    ? { ...row, limit: limitOf(operationsOf(workload), row.medianMs, dispatches, of) }
    : row;
}

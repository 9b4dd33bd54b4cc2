import {
  Coordinator,
  History,
  openingOperations,
  Operations,
  readSpec,
  type GivenSpec,
  type Operation,
  type Point,
  type Reported,
  type SweepEnding,
  type SweepEvent,
  type SweepSpec,
  type TrialEvent,
  type TrialOutcome,
  type TrialRequest,
  type TrialRunner,
} from '../../src/sweep/index.js';

export const REPORTED: Reported = { train: ['loss', 'smoothLoss'], validation: ['loss', 'accuracy'] };

/** A loss that falls over the steps, to a value that depends on the options. */
export function stubLoss(point: Point, seed: number, step: number): number {
  const { rate, hidden } = point as { readonly rate: number; readonly hidden: number };
  return Math.abs(Math.log10(rate) + 2) + 10 / hidden + seed / 1000 + 1 / step;
}

/** The behaviour of a stub besides its reports. */
export interface StubOptions {
  readonly steps?: number;
  readonly every?: number;
  readonly lossOf?: typeof stubLoss;
  /** Called before each report; an outcome ends the attempt. */
  readonly before?: (request: TrialRequest, step: number) => TrialOutcome | undefined;
}

/** Trains nothing: it takes the requested number of steps, and keeps checkpoints in memory. */
export class StubRunner implements TrialRunner {
  readonly checkpoints = new Map<number, number>();
  /** First steps of all attempts, by trial. */
  readonly attempts: { readonly number: number; readonly from: number }[] = [];

  constructor(readonly options: StubOptions = {}) {}

  async run(
    request: TrialRequest,
    tell: (event: TrialEvent) => void,
    pause: AbortSignal,
  ): Promise<TrialOutcome> {
    const { steps = 40, every = 10, lossOf = stubLoss, before } = this.options;
    const { number, point, seed } = request;
    const from = this.checkpoints.get(number) ?? 0;
    this.attempts.push({ number, from });
    for (let step = every; step <= steps; step += every) {
      if (step > from) await Promise.resolve();
      if (pause.aborted) return { ended: 'paused' };
      const ended = step > from ? before?.(request, step) : undefined;
      if (ended) return ended;
      const loss = lossOf(point, seed, step);
      const measures = { loss, accuracy: 1 / (1 + loss) };
      tell({ kind: 'report', report: { part: 'validation', step, seconds: step / 100, measures } });
      this.checkpoints.set(number, Math.max(from, step));
      tell({ kind: 'checkpoint', checkpoint: { step, seconds: step / 100, path: `${number}` } });
    }
    return { ended: 'complete' };
  }
}

/** A sweep over stubs, with a record in memory. */
export interface StubSweep {
  readonly spec: SweepSpec;
  readonly history: History;
  readonly lines: string[];
  readonly events: SweepEvent[];
  run(runner: TrialRunner, options?: StubRun): Promise<SweepEnding>;
}

export interface StubRun {
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly append?: (operations: readonly Operation[]) => void;
}

export const GRID: GivenSpec = { parameters: { rate: [0.1, 0.01, 0.001], hidden: [10, 20] } };

/** @param lines of an earlier sweep to continue */
export function stubSweep(given: GivenSpec, lines: string[] = []): StubSweep {
  const spec = readSpec(given, REPORTED);
  const history = new History({ values: true });
  const operations = new Operations('test');
  const events: SweepEvent[] = [];
  const write = (each: readonly Operation[]): void =>
    void lines.push(...each.map((operation) => JSON.stringify(operation)));
  if (lines.length === 0) write(openingOperations('test', spec, operations));
  for (const line of lines) history.apply(JSON.parse(line) as Operation);
  return {
    ...{ spec, history, lines, events },
    run: (runner, { jobs = 2, signal = new AbortController().signal, append = write } = {}) =>
      new Coordinator({
        ...{ spec, history, operations, runner, jobs, signal, append },
        facts: { machine: 'here' },
        tell: (event) => void events.push({ ...event, trial: { ...event.trial } }),
      }).run(),
  };
}

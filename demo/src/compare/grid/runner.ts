import type {
  Report,
  TrialEvent,
  TrialOutcome,
  TrialRequest,
  TrialRunner,
} from '../../../../src/sweep/index.js';
import type { Answer, Fault } from '../../host/messages.js';
import { Curves } from '../curves.js';
import type { ComparisonEntries, ComparisonFacts, ComparisonListener, Round } from '../protocol.js';
import { entriesOf, type GridPlan } from './plan.js';

/** A worker of comparisons, or a stand-in in tests. */
export interface GridWorker {
  readonly service: {
    start(entries: ComparisonEntries): Promise<Answer<ComparisonFacts>>;
    play(until?: number): void | Promise<void>;
    pause(): Promise<Answer<null>>;
  };
  dispose(): void;
}

/**
 * Makes a worker that reports to the listener. @param onCrash called when the worker itself breaks
 */
export type OpenWorker = (listener: ComparisonListener, onCrash: (fault: Fault) => void) => GridWorker;

/** Runs trials of a grid as comparisons of one network, each in a worker. Workers are reused. */
export class GridRunner implements TrialRunner {
  readonly #idle: Seat[] = [];
  readonly #all = new Set<Seat>();

  constructor(
    readonly plan: Pick<GridPlan, 'entries' | 'steps'>,
    readonly open: OpenWorker,
  ) {}

  async run(
    { point }: TrialRequest,
    tell: (event: TrialEvent) => void,
    pause: AbortSignal,
  ): Promise<TrialOutcome> {
    const seat = this.#idle.pop() ?? new Seat(this.open);
    this.#all.add(seat);
    const { entries, steps } = this.plan;
    const outcome = await seat.run(entriesOf(entries, point), steps, tell, pause);
    this.#idle.push(seat);
    return outcome;
  }

  dispose(): void {
    for (const seat of this.#all) seat.worker.dispose();
  }
}

/** One worker with the trial that it runs. */
class Seat implements ComparisonListener {
  readonly worker: GridWorker;
  /** Number of the comparison of this trial. */
  #number: number | undefined;
  #curves = new Curves(1);
  #steps = 0;
  #tell: (event: TrialEvent) => void = () => undefined;
  #end: (outcome: TrialOutcome) => void = () => undefined;

  constructor(open: OpenWorker) {
    this.worker = open(this, ({ message }) => this.#end({ ended: 'lost', why: message }));
  }

  async run(
    entries: ComparisonEntries,
    steps: number,
    tell: (event: TrialEvent) => void,
    pause: AbortSignal,
  ): Promise<TrialOutcome> {
    this.#number = undefined;
    this.#curves = new Curves(1);
    this.#steps = steps;
    this.#tell = tell;
    const ended = new Promise<TrialOutcome>((resolve) => (this.#end = resolve));
    const stop = (): void => this.#end({ ended: 'paused' });
    pause.addEventListener('abort', stop);
    try {
      // A worker that breaks never answers.
      const outcome = await Promise.race([ended, this.#begin(entries, pause).then((one) => one ?? ended)]);
      this.#number = undefined; // later reports belong to a trial that has ended
      if (outcome.ended === 'paused') void this.worker.service.pause();
      return outcome;
    } finally {
      pause.removeEventListener('abort', stop);
    }
  }

  /** @returns the outcome if the trial could not begin */
  async #begin(entries: ComparisonEntries, pause: AbortSignal): Promise<TrialOutcome | undefined> {
    const { service } = this.worker;
    const answer = await service.start(entries);
    if (pause.aborted) return { ended: 'paused' };
    if (!answer.ok) return { ended: 'failed', why: answer.fault.message };
    const { number, adapter, backend, runs } = answer.value;
    this.#number = number;
    this.#tell({ kind: 'facts', facts: { adapter, backend, parameters: runs[0].parameters } });
    await service.play(this.#steps);
    return undefined;
  }

  round(number: number, round: Round): void {
    if (number !== this.#number) return;
    this.#curves.add(round);
    this.#tell({ kind: 'report', report: reportOf(round, this.#curves) });
    if (round.step >= this.#steps) this.#end({ ended: 'complete' });
  }

  measured(): void {
    // A trial is judged by its loss.
  }

  ended(number: number, { message }: Fault): void {
    if (number === this.#number) this.#end({ ended: 'failed', why: message });
  }

  heard(): void {
    // Calls arrive in order, so all earlier reports have been handled.
  }
}

/** Returns the smoothed loss of a comparison's curve in nats, the unit of a record. */
function reportOf({ step, runs: [{ bits, seconds }] }: Round, { runs: [{ smooth }] }: Curves): Report {
  const loss = Number.isFinite(bits) ? (smooth.at(-1) ?? NaN) * Math.LN2 : NaN;
  return { part: 'train', step, seconds, measures: { loss, perplexity: Math.exp(loss) } };
}

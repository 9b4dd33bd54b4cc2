import {
  Coordinator,
  History,
  openingOperations,
  Operations,
  trialsIn,
  type Operation,
  type SweepEnding,
  type TrialRecord,
} from '../../../../src/sweep/index.js';
import type { GridPlan } from './plan.js';
import { GridRunner, type OpenWorker } from './runner.js';

/** The writer named in the record. */
const WRITER = 'page';

/** A sweep over a grid with its record in memory: the same lines that `unrolled sweep` writes. */
export class Grid {
  readonly history = new History({ values: true });
  readonly total: number;
  readonly #lines: string[] = [];
  readonly #operations = new Operations(WRITER);
  readonly #stop = new AbortController();

  constructor(
    readonly plan: GridPlan,
    readonly name: string,
  ) {
    this.total = trialsIn(plan.spec);
    const opening = openingOperations(name, plan.spec, this.#operations);
    this.#append(opening);
    for (const operation of opening) this.history.apply(operation);
  }

  /** The record so far, as a file of Optuna's journal. */
  get record(): string {
    return this.#lines.join('');
  }

  /** Trials that have ended. */
  get done(): readonly TrialRecord[] {
    return this.history.trials.filter(({ state }) => state !== 'running');
  }

  /**
   * Runs all trials, or until `stop`.
   * @param open makes a worker
   * @param jobs trials at a time
   * @param changed called after every change of the record
   */
  async run(open: OpenWorker, jobs: number, changed: () => void): Promise<SweepEnding> {
    const runner = new GridRunner(this.plan, open);
    try {
      return await new Coordinator({
        spec: this.plan.spec,
        history: this.history,
        append: (operations) => this.#append(operations),
        operations: this.#operations,
        runner,
        jobs,
        facts: {},
        signal: this.#stop.signal,
        tell: changed,
      }).run();
    } finally {
      runner.dispose();
    }
  }

  /** Begins no further trial, and ends those under way. */
  stop(): void {
    this.#stop.abort();
  }

  #append(operations: readonly Operation[]): void {
    this.#lines.push(...operations.map((operation) => `${JSON.stringify(operation)}\n`));
  }
}

import { messageOf, UnrolledError } from '../core/errors.js';
import { SPEC_ATTRIBUTE, type History, type TrialRecord } from './history.js';
import { nextValue, valueOf } from './objective.js';
import type { Operation, Operations, TrialState } from './operations.js';
import type { Points } from './order.js';
import { Halving, ToTheEnd, valueFrom, type Schedule, type Task } from './schedule.js';
import { pointsIn, trialsIn, type SweepSpec } from './spec.js';
import { Medians } from './stop-rules.js';
import type { Report, TrialEvent, TrialOutcome, TrialRunner, Value } from './trial.js';

/** What a sweep is run with. */
export interface SweepServices {
  readonly spec: SweepSpec;
  /** The state of the record. */
  readonly history: History;
  /** Appends to the record, all operations or none. */
  readonly append: (operations: readonly Operation[]) => void;
  readonly operations: Operations;
  readonly runner: TrialRunner;
  /** Number of trials that run at once. */
  readonly jobs: number;
  /** Stored with every trial: machine, version. */
  readonly facts: Readonly<Record<string, Value>>;
  /** Pauses all trials. */
  readonly signal: AbortSignal;
  readonly tell: (event: SweepEvent) => void;
}

/** Progress of a sweep. */
export interface SweepEvent {
  readonly kind: 'started' | 'report' | 'paused' | 'lost' | 'finished';
  readonly trial: TrialRecord;
}

/** Why a sweep ended. */
export type SweepEnding = 'complete' | 'interrupted' | 'steps' | 'hours';

/** A trial that is lost so often without a new checkpoint counts as failed. */
const LOSSES = 3;

/** The longest delay of setTimeout: 24 days. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** What will be done with a running trial. */
type Verdict =
  | { readonly state: 'pruned' | 'complete' }
  | { readonly state: 'failed'; readonly why: string }
  | { readonly state: 'running' };

interface Job {
  readonly task: Task;
  readonly trial: TrialRecord;
  readonly pause: AbortController;
  /** The step of its checkpoint when it began. */
  readonly since: number;
  verdict: Verdict | undefined;
}

/**
 * Runs the trials of a sweep. Only this class writes to the record, so each trial counts once,
 * however processes end.
 */
export class Coordinator {
  readonly #services: SweepServices;
  readonly #points: Points;
  readonly #schedule: Schedule;
  readonly #medians: Medians | undefined;
  readonly #jobs = new Map<number, Job>();
  readonly #losses = new Map<number, number>();
  #ending: SweepEnding | undefined;
  #fault: Error | undefined;
  /** Resolves the wait for the next trial that ends. */
  #wake: () => void = () => undefined;

  constructor(services: SweepServices) {
    const { spec, history } = services;
    this.#services = services;
    this.#points = pointsIn(spec);
    const total = trialsIn(spec);
    this.#schedule =
      spec.stop?.rule === 'halving'
        ? new Halving(history, total, spec.stop, spec.objective)
        : new ToTheEnd(history, total);
    if (spec.stop?.rule === 'median') {
      this.#medians = new Medians(spec.stop, spec.objective);
      for (const { state, values } of history.trials) if (state === 'complete') this.#medians.add(values);
    }
  }

  /**
   * @throws the error that made the record or the machine unusable, after all trials have paused
   */
  async run(): Promise<SweepEnding> {
    const { signal, spec } = this.#services;
    const interrupt = (): void => this.#stop('interrupted');
    if (signal.aborted) interrupt();
    signal.addEventListener('abort', interrupt);
    const { hours } = spec.budget;
    const timer =
      hours === undefined
        ? undefined
        : setTimeout(() => this.#stop('hours'), Math.min(hours * 3.6e6, LONGEST_TIMEOUT_MS));
    try {
      while (this.#fill() || this.#jobs.size > 0)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (this.#jobs.size === 0) resolve();
        });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
    }
    if (this.#fault !== undefined) throw this.#fault;
    return this.#ending ?? 'complete';
  }

  /** Starts as many trials as may run. @returns whether there may be more to start */
  #fill(): boolean {
    while (!this.#isStopping && this.#jobs.size < this.#services.jobs) {
      if (this.#stepsAreSpent()) {
        this.#stop('steps');
        return false;
      }
      const next = this.#schedule.next(this.#jobs.size);
      if (next.kind === 'wait') return true;
      if (next.kind === 'done') return false;
      if (next.kind === 'run') this.#start(next.task);
      else for (const trial of next.trials) this.#finish(trial, 'pruned', trial.objective);
    }
    return !this.#isStopping;
  }

  get #isStopping(): boolean {
    return this.#ending !== undefined || this.#fault !== undefined;
  }

  #stepsAreSpent(): boolean {
    const { spec, history } = this.#services;
    const { steps } = spec.budget;
    return steps !== undefined && history.trials.reduce((sum, { step }) => sum + step, 0) >= steps;
  }

  #stop(ending: SweepEnding): void {
    this.#ending ??= ending;
    for (const { pause } of this.#jobs.values()) pause.abort();
    this.#wake();
  }

  #start(task: Task): void {
    const { history, spec, operations, facts, runner } = this.#services;
    const { number, until } = task;
    const { part, measure } = spec.objective;
    const point = this.#points.at(Math.floor(number / spec.seeds));
    const seed = Number(spec.train.seed ?? 0) + (number % spec.seeds);
    if (number >= history.trials.length)
      this.#append([operations.createTrial(spec.parameters, point, { seed, ...facts }, new Date())]);
    if (this.#fault !== undefined) return;
    const trial = history.trials[number];
    const since = trial.checkpoint?.step ?? 0;
    const job: Job = { task, trial, pause: new AbortController(), since, verdict: undefined };
    this.#jobs.set(number, job);
    this.#services.tell({ kind: 'started', trial });
    const pauseAt = until === undefined ? {} : { pauseAt: { part, measure, step: until } };
    void runner
      .run({ number, point, seed, ...pauseAt }, (event) => this.#take(job, event), job.pause.signal)
      .catch((error: unknown): TrialOutcome => {
        this.#fail(error);
        return { ended: 'paused' };
      })
      .then((outcome) => {
        this.#jobs.delete(number);
        if (this.#fault === undefined) this.#ended(job, outcome);
        this.#wake();
      });
  }

  #take(job: Job, event: TrialEvent): void {
    const { trial } = job;
    const { operations } = this.#services;
    if (this.#fault !== undefined) return;
    if (event.kind === 'report') this.#report(job, event.report);
    else if (event.kind === 'checkpoint') {
      if (event.checkpoint.step >= (trial.checkpoint?.step ?? 0))
        this.#append([operations.trialAttribute(trial.number, 'checkpoint', event.checkpoint)]);
    } else
      this.#append(
        Object.entries(event.facts)
          .filter(([name, value]) => trial.attributes[name] !== value)
          .map(([name, value]) => operations.trialAttribute(trial.number, name, value)),
      );
  }

  #report(job: Job, report: Report): void {
    const { trial, task } = job;
    const { spec, operations, tell } = this.#services;
    const { objective } = spec;
    if (report.step <= trial.reported[report.part]) return;
    const value = valueOf(objective, report);
    const after = nextValue(objective, trial.objective, report);
    this.#append(operations.report(trial.number, { ...report, value, objective: after }));
    tell({ kind: 'report', trial });
    if (value === undefined) return;
    if (!Number.isFinite(value)) {
      const why = `its ${objective.measure} is not finite at step ${report.step}`;
      this.#end(job, { state: 'failed', why });
    } else if (objective.toLoss !== undefined && after !== undefined) this.#end(job, { state: 'complete' });
    else if (this.#medians?.stops(report.step, trial.values) === true) this.#end(job, { state: 'pruned' });
    else if (task.until !== undefined && report.step >= task.until) this.#end(job, { state: 'running' });
    if (this.#stepsAreSpent()) this.#stop('steps');
  }

  #end(job: Job, verdict: Verdict): void {
    job.verdict ??= verdict;
    job.pause.abort();
  }

  #ended(job: Job, outcome: TrialOutcome): void {
    const { trial, verdict } = job;
    if (outcome.ended === 'blocked') this.#fail(new UnrolledError(outcome.why));
    else if (verdict?.state === 'failed') this.#finish(trial, 'failed', undefined, verdict.why);
    else if (verdict?.state === 'pruned') this.#finish(trial, 'pruned', trial.objective);
    else if (verdict?.state === 'complete' || outcome.ended === 'complete') this.#complete(trial);
    else if (outcome.ended === 'failed') this.#finish(trial, 'failed', undefined, outcome.why);
    else if (outcome.ended === 'lost') this.#lost(job, outcome.why);
    else if (verdict !== undefined || this.#isStopping) this.#services.tell({ kind: 'paused', trial });
    else this.#lost(job, 'it stopped without a reason');
  }

  #complete(trial: TrialRecord): void {
    const { objective } = this.#services.spec;
    if (trial.objective !== undefined) this.#finish(trial, 'complete', trial.objective);
    else if (objective.toLoss !== undefined)
      this.#finish(trial, 'pruned', undefined, `it never reached a loss of ${objective.toLoss}`);
    else this.#finish(trial, 'failed', undefined, `it reported no ${objective.name}`);
  }

  #lost({ task, trial, since }: Job, why: string): void {
    const progressed = (trial.checkpoint?.step ?? 0) > since;
    const losses = progressed ? 1 : (this.#losses.get(trial.number) ?? 0) + 1;
    this.#losses.set(trial.number, losses);
    if (losses > LOSSES) this.#finish(trial, 'failed', undefined, `${why}, ${losses} times in a row`);
    else {
      // A verdict from before the loss is still valid: the trial has reported everything that it
      // depends on.
      if (task.until === undefined || valueFrom(trial, task.until) === undefined) this.#schedule.again(task);
      this.#services.tell({ kind: 'lost', trial });
    }
  }

  #finish(trial: TrialRecord, state: TrialState, value: number | undefined, why?: string): void {
    const { operations, tell } = this.#services;
    this.#append([
      operations.trialAttribute(trial.number, 'steps', trial.step),
      operations.trialAttribute(trial.number, 'seconds', trial.seconds),
      ...(why === undefined ? [] : [operations.trialAttribute(trial.number, 'why', why)]),
      operations.finish(trial.number, state, value, new Date()),
    ]);
    if (this.#fault !== undefined) return;
    if (state === 'complete') this.#medians?.add(trial.values);
    tell({ kind: 'finished', trial });
  }

  #append(operations: readonly Operation[]): void {
    if (operations.length === 0 || this.#fault !== undefined) return;
    try {
      this.#services.append(operations);
    } catch (error) {
      this.#fail(error);
      return;
    }
    for (const operation of operations) this.#services.history.apply(operation);
  }

  /** Pauses all trials, after which the sweep ends with this error. */
  #fail(error: unknown): void {
    this.#fault ??= error instanceof Error ? error : new Error(messageOf(error));
    for (const { pause } of this.#jobs.values()) pause.abort();
    this.#wake();
  }
}

/** Returns the operations that begin a record. */
export function openingOperations(name: string, spec: SweepSpec, operations: Operations): Operation[] {
  return [operations.createStudy(name, spec.objective), operations.studyAttribute(SPEC_ATTRIBUTE, spec)];
}

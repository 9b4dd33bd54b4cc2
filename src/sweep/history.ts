import { FileFormatError } from '../core/errors.js';
import { OPERATION, STATE, type NotedReport, type Operation, type TrialState } from './operations.js';
import type { ReportPart, TrialCheckpoint, Value } from './trial.js';

/** The state of one trial according to a record. */
export interface TrialRecord {
  readonly number: number;
  readonly point: Readonly<Record<string, Value>>;
  state: TrialState;
  /** Of a finished trial, if it has one. */
  value: number | undefined;
  /** The value that the trial would have if it ended now. */
  objective: number | undefined;
  /** Of the last report or checkpoint. */
  step: number;
  seconds: number;
  checkpoint: TrialCheckpoint | undefined;
  /** The step of the last report of each part. */
  readonly reported: Record<ReportPart, number>;
  /** Values of the objective by step. */
  readonly values: Map<number, number>;
  /** Seed, machine, adapter, version and other facts. */
  readonly attributes: Record<string, unknown>;
}

/** What is held in memory while a record is read. */
export interface Keeping {
  /** Whether values of the objective are kept by step, for stop rules and curves. */
  readonly values: boolean;
  /** Called with every report as it is read. */
  readonly onReport?: (trial: TrialRecord, report: NotedReport) => void;
}

/** The attribute of a study that holds the sweep. */
export const SPEC_ATTRIBUTE = 'unrolled:sweep';

/**
 * The state of a sweep according to its record. A running sweep applies the same operations that it
 * appends, so its memory equals what a resumed sweep would read.
 */
export class History {
  readonly trials: TrialRecord[] = [];
  readonly attributes: Record<string, unknown> = {};
  name: string | undefined;

  constructor(readonly keeping: Keeping) {}

  /**
   * Applies one line by Optuna's rules: only the first study of a file counts, and a finished trial
   * does not change any more.
   * @throws FileFormatError for an invalid operation
   */
  apply(operation: Operation): void {
    switch (operation.op_code) {
      case OPERATION.createStudy:
        this.name ??= String(operation.study_name);
        return;
      case OPERATION.setStudyUserAttr:
        Object.assign(this.attributes, operation.user_attr);
        return;
      case OPERATION.createTrial:
        this.trials.push(createdTrial(operation, this.trials.length));
        return;
      default:
        this.#change(operation);
    }
  }

  #change(operation: Operation): void {
    const trial = this.trials[Number(operation.trial_id)];
    if (trial === undefined) {
      if (Number.isInteger(operation.op_code)) return;
      throw new FileFormatError('A line of the record is not an operation of a journal.');
    }
    if (trial.state !== 'running') return;
    if (operation.op_code === OPERATION.setTrialUserAttr) this.#note(trial, operation.user_attr);
    else if (operation.op_code === OPERATION.setTrialStateValues) finishTrial(trial, operation);
  }

  #note(trial: TrialRecord, attributes: unknown): void {
    const { report, checkpoint, ...others } = attributes as Readonly<Record<string, unknown>>;
    Object.assign(trial.attributes, others);
    if (checkpoint !== undefined) {
      trial.checkpoint = checkpoint as TrialCheckpoint;
      trial.step = Math.max(trial.step, trial.checkpoint.step);
      trial.seconds = Math.max(trial.seconds, trial.checkpoint.seconds);
    }
    if (report !== undefined) {
      const { part, step, seconds, value, objective } = report as NotedReport;
      trial.objective = objective;
      // JSON has null for a value that is not finite.
      if (this.keeping.values && value !== undefined) trial.values.set(step, value ?? NaN);
      trial.reported[part] = Math.max(trial.reported[part], step);
      trial.step = Math.max(trial.step, step);
      trial.seconds = Math.max(trial.seconds, seconds);
      this.keeping.onReport?.(trial, report as NotedReport);
    }
  }
}

function createdTrial(operation: Operation, number: number): TrialRecord {
  const {
    params = {},
    distributions = {},
    user_attrs = {},
  } = operation as {
    readonly params?: Readonly<Record<string, number>>;
    readonly distributions?: Readonly<Record<string, string>>;
    readonly user_attrs?: Readonly<Record<string, unknown>>;
  };
  return {
    number,
    point: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, externalOf(distributions[name], value)]),
    ),
    state: 'running',
    ...{ value: undefined, objective: undefined, step: 0, seconds: 0, checkpoint: undefined },
    reported: { train: 0, validation: 0 },
    values: new Map(),
    attributes: { ...user_attrs },
  };
}

function externalOf(distribution: string, value: number): Value {
  const { attributes } = JSON.parse(distribution) as { readonly attributes: { readonly choices?: Value[] } };
  return attributes.choices?.[value] ?? value;
}

const STATES = Object.fromEntries(Object.entries(STATE).map(([name, code]) => [code, name])) as Readonly<
  Record<number, TrialState | undefined>
>;

function finishTrial(trial: TrialRecord, operation: Operation): void {
  trial.state = STATES[operation.state as number] ?? trial.state;
  trial.value = (operation.values as readonly number[] | null)?.[0];
}

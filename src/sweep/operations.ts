import { describe, FileFormatError } from '../core/errors.js';
import type { Objective } from './objective.js';
import type { Parameter } from './parameters.js';
import type { Point, Report, Value } from './trial.js';

/**
 * The operations of a record in Optuna's journal format: one line of JSON each, appended and never
 * changed. Source: optuna/storages/journal/_storage.py (JournalOperation and `apply_logs`),
 * optuna/distributions.py, optuna/trial/_state.py. Optuna ignores fields that it does not know.
 */
export const OPERATION = {
  createStudy: 0,
  setStudyUserAttr: 2,
  createTrial: 4,
  setTrialStateValues: 6,
  setTrialIntermediateValue: 7,
  setTrialUserAttr: 8,
} as const;

/** States of trials. For Optuna a paused trial is running. */
export const STATE = { running: 0, complete: 1, pruned: 2, failed: 3 } as const;
export type TrialState = keyof typeof STATE;

const DIRECTION = { minimize: 1, maximize: 2 } as const;

/** One line of a record. */
export interface Operation {
  readonly op_code: number;
  readonly worker_id: string;
  readonly [field: string]: unknown;
}

/** The only study of a record. */
const STUDY = 0;

/** A report as stored in the record. */
export interface NotedReport extends Report {
  /** Of the objective, if this report has one. */
  readonly value: number | undefined;
  /** The current value of the trial. */
  readonly objective: number | undefined;
}

/** Makes the operations of one coordinator. */
export class Operations {
  /** @param worker identifies the writer, by machine and process */
  constructor(readonly worker: string) {}

  createStudy(name: string, { direction }: Objective): Operation {
    return this.#of(OPERATION.createStudy, { study_name: name, directions: [DIRECTION[direction]] });
  }

  studyAttribute(key: string, value: unknown): Operation {
    return this.#of(OPERATION.setStudyUserAttr, { study_id: STUDY, user_attr: { [key]: value } });
  }

  /**
   * Begins a trial, with the time in seconds since 1970. Trials are created in the order of their
   * numbers.
   */
  createTrial(
    parameters: Readonly<Record<string, Parameter>>,
    point: Point,
    attributes: Readonly<Record<string, unknown>>,
    now: Date,
  ): Operation {
    const entries = Object.entries(parameters);
    return this.#of(OPERATION.createTrial, {
      study_id: STUDY,
      datetime_start: dateText(now),
      state: STATE.running,
      value: null,
      values: null,
      distributions: Object.fromEntries(
        entries.map(([name, parameter]) => [name, JSON.stringify(distributionOf(parameter))]),
      ),
      params: Object.fromEntries(
        entries.map(([name, parameter]) => [name, internalOf(parameter, point[name])]),
      ),
      user_attrs: { began: now.getTime() / 1000, ...attributes },
      system_attrs: {},
      intermediate_values: {},
    });
  }

  trialAttribute(trial: number, key: string, value: unknown): Operation {
    return this.#of(OPERATION.setTrialUserAttr, { trial_id: trial, user_attr: { [key]: value } });
  }

  /**
   * Returns the lines of a report. The last line contains everything: if a process was killed
   * before it, the report counts as not written. JSON has no NaN, so Optuna gets only finite
   * values.
   */
  report(trial: number, report: NotedReport): Operation[] {
    const { step, value } = report;
    const intermediate = { trial_id: trial, step, intermediate_value: value };
    return [
      ...(value === undefined || !Number.isFinite(value)
        ? []
        : [this.#of(OPERATION.setTrialIntermediateValue, intermediate)]),
      this.trialAttribute(trial, 'report', report),
    ];
  }

  finish(trial: number, state: TrialState, value: number | undefined, now: Date): Operation {
    return this.#of(OPERATION.setTrialStateValues, {
      trial_id: trial,
      state: STATE[state],
      values: value === undefined ? null : [value],
      datetime_complete: dateText(now),
    });
  }

  #of(op_code: number, fields: Readonly<Record<string, unknown>>): Operation {
    return { op_code, worker_id: this.worker, ...fields };
  }
}

/** Returns the local time with microseconds and without a zone, like Python's `isoformat`. */
function dateText(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return `${local.toISOString().slice(0, -1)}000`;
}

interface Distribution {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function distributionOf(parameter: Parameter): Distribution {
  if (parameter.kind === 'values')
    return { name: 'CategoricalDistribution', attributes: { choices: parameter.values } };
  const { from: low, to: high, scale, whole } = parameter;
  const attributes = { low, high, log: scale === 'log', step: whole ? 1 : null };
  return { name: whole ? 'IntDistribution' : 'FloatDistribution', attributes };
}

/** A categorical value is stored as its index. */
function internalOf(parameter: Parameter, value: Value): number {
  return parameter.kind === 'values' ? parameter.values.indexOf(value) : Number(value);
}

/**
 * Parses a line of a record.
 * @param number of the line, counted from 1
 * @param name of the record, for messages
 * @throws FileFormatError
 */
export function operationOf(line: string, number: number, name: string): Operation {
  try {
    const operation: unknown = JSON.parse(line);
    if (typeof operation === 'object' && operation !== null && 'op_code' in operation)
      return operation as Operation;
  } catch {
    // reported by the message below
  }
  throw new FileFormatError(
    `${describe(name)} is not a record of a sweep: line ${number} is not an operation of Optuna's journal.`,
  );
}

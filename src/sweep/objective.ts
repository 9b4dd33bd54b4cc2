import { OptionError } from '../core/errors.js';
import type { Report, ReportPart } from './trial.js';

/**
 * What trials are compared by. `loss` is of the validation, `train.loss` of the training, and
 * `time` is the seconds until the loss has reached a target.
 */
export interface Objective {
  readonly name: string;
  readonly part: ReportPart;
  readonly measure: string;
  readonly direction: 'minimize' | 'maximize';
  /** For `time`: the target loss. */
  readonly toLoss: number | undefined;
}

/** Measures that are better if larger; all others are better if smaller. */
const MORE_IS_BETTER = ['accuracy', 'f1', 'exactMatch', 'bleu'];

export const TIME = 'time';

/** The measures that a run reports, by part; empty if nothing is held out. */
export type Reported = Readonly<Record<ReportPart, readonly string[]>>;

/**
 * Reads the name of an objective.
 * @param toLoss the target loss of `time`
 * @param reported what trials report
 * @throws OptionError for a measure that no trial reports
 */
export function readObjective(name: string, toLoss: number | undefined, reported: Reported): Objective {
  const { train, validation } = reported;
  if (toLoss !== undefined && !name.startsWith(TIME))
    throw new OptionError(
      'to-loss',
      toLoss,
      `no value with objective ${name}, because it applies only to objective time`,
    );
  if (name === TIME) {
    if (toLoss === undefined)
      throw new OptionError('to-loss', toLoss, 'the loss to reach, for the objective time');
    const part = validation.length > 0 ? 'validation' : 'train';
    return { name, part, measure: part === 'train' ? 'smoothLoss' : 'loss', direction: 'minimize', toLoss };
  }
  const part = name.startsWith('train.') ? 'train' : 'validation';
  const measure = name.replace(/^train\./, '');
  if (!reported[part].includes(measure)) {
    const names = [...validation, ...train.map((each) => `train.${each}`), TIME];
    const why = validation.length === 0 ? ' (the others need --validation, a part that is held back)' : '';
    throw new OptionError('objective', name, `one of ${names.join(', ')}${why}`);
  }
  const direction = MORE_IS_BETTER.includes(measure) ? 'maximize' : 'minimize';
  return { name, part, measure, direction, toLoss: undefined };
}

/** Whether one value is better than another. NaN is worse than every number. */
export function isBetter({ direction }: Pick<Objective, 'direction'>, a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return !Number.isNaN(a);
  return direction === 'minimize' ? a < b : a > b;
}

/** Returns the objective's value in a report of a running trial; for `time` the loss. */
export function valueOf({ part, measure }: Objective, report: Report): number | undefined {
  return report.part === part ? report.measures[measure] : undefined;
}

/**
 * Returns the value of a trial after one more report. For a validation it is the best value,
 * because that checkpoint is kept; for the training the last one; for `time` the seconds at the
 * first loss that reaches the target.
 */
export function nextValue(
  objective: Objective,
  before: number | undefined,
  report: Report,
): number | undefined {
  const value = valueOf(objective, report);
  if (value === undefined) return before;
  if (objective.toLoss !== undefined)
    return before ?? (value <= objective.toLoss ? report.seconds : undefined);
  if (objective.part === 'train' || before === undefined) return value;
  return isBetter(objective, value, before) ? value : before;
}

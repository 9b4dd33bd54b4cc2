import { OptionError } from '../core/errors.js';
import { numberAbove, oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';
import { readObjective, type Objective, type Reported } from './objective.js';
import { ORDERS, pointsOf, type Order, type Points } from './order.js';
import { readParameter, type Parameter } from './parameters.js';
import { readStopRule, type StopRule } from './stop-rules.js';
import type { Value } from './trial.js';

/** Limits after which no further trial begins and running trials are paused. */
export interface Budget {
  readonly trials: number | undefined;
  /** Training steps of all trials together. */
  readonly steps: number | undefined;
  /** Hours of one call of the command. */
  readonly hours: number | undefined;
}

/** A sweep as plain data: the content of a file, stored in the record. */
export interface SweepSpec {
  /** Options that all trials share; several values for an option that may be repeated. */
  readonly train: Readonly<Record<string, Value | readonly Value[]>>;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly order: Order;
  /** Seed of the order. */
  readonly orderSeed: number;
  /** For the orders `random` and `sobol`. */
  readonly points: number | undefined;
  /** Trials per point, with consecutive seeds. */
  readonly seeds: number;
  readonly objective: Objective;
  readonly stop: StopRule | undefined;
  readonly budget: Budget;
}

/** A sweep as given by a file or a command line. */
export type GivenSpec = Readonly<Record<string, unknown>>;

export const SPEC_KEYS = [
  ...['train', 'parameters', 'order', 'order-seed', 'points', 'seeds', 'objective', 'to-loss'],
  ...['stop', 'budget'],
];

/** Options that the sweep sets for its trials. */
const OWN = ['seed', 'out', 'overwrite', 'json', 'tensorboard', 'csv', 'help'];

/**
 * Reads a sweep and checks all of it except the options of `train`, which the command checks.
 * @param reported what trials report, for the objective
 * @throws OptionError
 */
export function readSpec(given: GivenSpec, reported: Reported): SweepSpec {
  onlyKnown('sweep', given, SPEC_KEYS);
  const { seeds, objective, stop, budget } = given;
  const parameters = readParameters(given.parameters);
  const needsGrid = Object.values(parameters).every(
    (parameter) => parameter.kind === 'values' || parameter.points !== undefined,
  );
  const toLoss = given['to-loss'];
  const spec: SweepSpec = {
    train: readTrain(given.train, Object.keys(parameters)),
    parameters,
    order: oneOf(
      'order',
      given.order ?? (needsGrid && given.points === undefined ? 'grid' : 'sobol'),
      ORDERS,
    ),
    orderSeed: seedNumber(given['order-seed'], 'order-seed'),
    points: given.points === undefined ? undefined : wholeNumber('points', given.points),
    seeds: wholeNumber('seeds', seeds ?? 1),
    objective: readObjective(
      textOf('objective', objective ?? (reported.validation.length > 0 ? 'loss' : 'train.smoothLoss')),
      toLoss === undefined ? undefined : numberAbove('to-loss', toLoss),
      reported,
    ),
    stop: readStopRule(stop),
    budget: readBudget(budget),
  };
  pointsIn(spec);
  if (spec.stop?.rule === 'halving' && spec.objective.toLoss !== undefined)
    throw new OptionError(
      'stop.rule',
      'halving',
      'an objective other than time: trials are compared at rungs',
    );
  return spec;
}

/** Returns the points of a sweep. @throws OptionError */
export function pointsIn({ parameters, order, orderSeed, points }: SweepSpec): Points {
  return pointsOf(parameters, order, orderSeed, points);
}

/** Returns the number of all trials of a sweep, including those that will be stopped. */
export function trialsIn(spec: SweepSpec): number {
  return Math.min(pointsIn(spec).count * spec.seeds, spec.budget.trials ?? Infinity);
}

function readParameters(given: unknown): Record<string, Parameter> {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0)
    throw new OptionError('parameters', given, 'at least one option of train with its values');
  return Object.fromEntries(
    Object.entries(given).map(([name, values]) => {
      refuseOwn(name);
      return [name, readParameter(`parameters.${name}`, values)];
    }),
  );
}

function readTrain(given: unknown, parameters: readonly string[]): SweepSpec['train'] {
  if (given === undefined) return {};
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new OptionError('train', given, 'an object with options of train');
  for (const [name, value] of Object.entries(given)) {
    if (name !== 'seed') refuseOwn(name);
    if (parameters.includes(name))
      throw new OptionError(`train.${name}`, value, 'no value, because it is one of the parameters');
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
      if (!['string', 'number', 'boolean'].includes(typeof each))
        throw new OptionError(`train.${name}`, value, 'a text, a number, true or false');
  }
  return given as SweepSpec['train'];
}

function refuseOwn(name: string): void {
  if (OWN.includes(name))
    throw new OptionError(
      `option ${name}`,
      name,
      name === 'seed'
        ? '"seeds", the number of seeds of each point'
        : 'an option that the sweep does not set itself',
    );
}

function readBudget(given: unknown): Budget {
  const none = { trials: undefined, steps: undefined, hours: undefined };
  if (given === undefined) return none;
  onlyKnown('budget', given, Object.keys(none));
  const { trials, steps, hours } = given as Readonly<Record<string, unknown>>;
  return {
    trials: trials === undefined ? undefined : wholeNumber('budget.trials', trials),
    steps: steps === undefined ? undefined : wholeNumber('budget.steps', steps),
    hours: hours === undefined ? undefined : numberAbove('budget.hours', hours),
  };
}

function textOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new OptionError(name, value, 'a text');
  return value;
}

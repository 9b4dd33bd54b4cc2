import { OptionError } from '../../node.js';
import {
  pointsIn,
  type Parameter,
  type Point,
  type Reported,
  type SweepSpec,
  type Value,
} from '../../sweep/index.js';
import { UsageError } from '../failure.js';
import type { TrainFlags } from '../options.js';
import { checkTrainFlags } from '../train.js';
import { argumentsOf, parseWith, trainCommand } from './typed-options.js';

type Options = SweepSpec['train'];

/** Most points that are checked before the first trial. Checking more could take longer than a trial. */
const CHECKED_POINTS = 500;

/** Returns the options that `resume` needs again, because checkpoints do not store them. */
export function machineArgumentsOf({ train }: SweepSpec): string[] {
  return train.threads === undefined ? [] : [`--threads=${String(train.threads)}`];
}

/** Parses options of `train`. @throws UsageError with the message of `train` */
export function flagsOf(options: Options): TrainFlags {
  return parsed(argumentsOf(options), 'train');
}

/**
 * Checks every value of every parameter, and combinations, before a trial runs.
 * @throws UsageError or OptionError with the message of `train`, and the trial's options
 */
export function checkTrials(spec: SweepSpec): void {
  const points = pointsIn(spec);
  for (const point of eachValue(spec, points.at(0))) check(spec.train, point);
  for (let i = 0; i < Math.min(points.count, CHECKED_POINTS); i++) check(spec.train, points.at(i));
}

/** Returns the measures that trials report. @throws UsageError or OptionError */
export function reportedBy(train: Options, parameters: Readonly<Record<string, Parameter>>): Reported {
  const first = Object.entries(parameters).map(([name, parameter]) => [name, extremes(parameter)[0]]);
  return check(train, Object.fromEntries(first) as Point);
}

function check(train: Options, point: Point): Reported {
  const where = Object.entries(point)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
  const flags = parsed(argumentsOf({ ...train, ...point }), where);
  try {
    // Every trial has a checkpoint.
    return checkTrainFlags({ ...flags, out: 'trial.safetensors' });
  } catch (error) {
    if (error instanceof UsageError || error instanceof OptionError)
      throw new UsageError(`A trial (${where}) cannot run: ${error.message}`);
    throw error;
  }
}

/** Yields the first point with each value of each parameter; of a range both ends. */
function* eachValue({ parameters }: SweepSpec, first: Point): Generator<Point> {
  for (const [name, parameter] of Object.entries(parameters))
    for (const value of extremes(parameter)) yield { ...first, [name]: value };
}

function extremes(parameter: Parameter): readonly Value[] {
  return parameter.kind === 'values' ? parameter.values : [parameter.from, parameter.to];
}

function parsed(args: readonly string[], where: string): TrainFlags {
  const command = trainCommand();
  try {
    parseWith(command, args);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`A trial (${where}) cannot run: ${error.message}`);
    throw error;
  }
  return command.opts();
}

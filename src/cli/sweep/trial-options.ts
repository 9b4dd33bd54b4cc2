import { Command, CommanderError } from 'commander';
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
import { addTrainOptions } from '../train-options.js';
import { checkTrainFlags } from '../train.js';

type Options = SweepSpec['train'];

/** Points that are checked before the first trial: more would take longer than a trial does. */
const CHECKED_POINTS = 500;

/** Options as they are typed. True is an option without a value; false leaves it out, or is its `--no-` form. */
export function argumentsOf(options: Options): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly Value[]) : [value as Value]).flatMap((each) => {
      if (each === true) return [`--${name}`];
      if (each === false) return hasOpposite(name) ? [`--no-${name}`] : [];
      return [`--${name}=${String(each)}`];
    }),
  );
}

/** Options that `resume` does not take from a checkpoint. */
export function machineArgumentsOf({ train }: SweepSpec): string[] {
  return train.threads === undefined ? [] : [`--threads=${String(train.threads)}`];
}

/** Options of `train` as `train` reads them. @throws UsageError with what `train` would say */
export function flagsOf(options: Options): TrainFlags {
  return parsed(argumentsOf(options), 'train');
}

/** The options behind `--`, as a file has them. @throws UsageError */
export function optionsOf(args: readonly string[]): Record<string, Value | readonly Value[]> {
  const command = trainCommand();
  parseWith(command, args);
  const options: Record<string, Value | readonly Value[]> = {};
  for (let i = 0; i < args.length; i++) {
    const [typed, ...rest] = args[i].split('=');
    const option = command.options.find(({ long }) => long === typed);
    if (option === undefined)
      throw new UsageError(`${JSON.stringify(args[i])}: expected an option of train.`);
    const name = option.negate ? option.name().replace(/^no-/, '') : option.name();
    const value: Value =
      option.negate || option.isBoolean() ? !option.negate : rest.length > 0 ? rest.join('=') : args[++i];
    const before = options[name];
    if (before === undefined) options[name] = value;
    else options[name] = [...(typeof before === 'object' ? before : [before]), value];
  }
  return options;
}

/**
 * Checks what can be checked before a trial runs: every value of every parameter, and combinations.
 * @throws UsageError or OptionError with what `train` would say, and the option
 */
export function checkTrials(spec: SweepSpec): void {
  const points = pointsIn(spec);
  for (const point of eachValue(spec, points.at(0))) check(spec.train, point);
  for (let i = 0; i < Math.min(points.count, CHECKED_POINTS); i++) check(spec.train, points.at(i));
}

/** The measures that trials report. @throws UsageError or OptionError */
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

/** The first point with every value of every parameter in its place; of ranges the ends. */
function* eachValue({ parameters }: SweepSpec, first: Point): Generator<Point> {
  for (const [name, parameter] of Object.entries(parameters))
    for (const value of extremes(parameter)) yield { ...first, [name]: value };
}

function extremes(parameter: Parameter): readonly Value[] {
  return parameter.kind === 'values' ? parameter.values : [parameter.from, parameter.to];
}

function trainCommand(): Command {
  return addTrainOptions(new Command('train'))
    .exitOverride()
    .configureOutput({
      writeOut: () => undefined,
      writeErr: () => undefined,
    });
}

/** Options that are read often are looked up in one command. */
const NAMES = trainCommand().options.map(({ long }) => long);

function hasOpposite(name: string): boolean {
  return NAMES.includes(`--no-${name}`);
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

function parseWith(command: Command, args: readonly string[]): void {
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(error.message.replace(/^error: /, '').replace(/\n/g, ' '));
  }
}

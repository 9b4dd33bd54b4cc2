import { Command, CommanderError } from 'commander';
import type { SweepSpec, Value } from '../../sweep/index.js';
import { UsageError } from '../failure.js';
import { addTrainOptions } from '../train-options.js';

/**
 * Returns options as they are typed on a command line. `true` becomes an option without a value;
 * `false` becomes its `--no-` form, or nothing if there is none.
 */
export function argumentsOf(options: SweepSpec['train']): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly Value[]) : [value as Value]).flatMap((each) => {
      if (each === true) return [`--${name}`];
      if (each === false) return hasOpposite(name) ? [`--no-${name}`] : [];
      return [`--${name}=${String(each)}`];
    }),
  );
}

/** Parses the options after `--` to the form that they have in a file. @throws UsageError */
export function optionsOf(args: readonly string[]): Record<string, Value | readonly Value[]> {
  const command = trainCommand();
  parseWith(command, args);
  const options: Record<string, Value | readonly Value[]> = {};
  for (let i = 0; i < args.length; i++) {
    const [typed, ...rest] = args[i].split('=');
    const option = command.options.find(({ long }) => long === typed);
    if (option === undefined)
      throw new UsageError(
        `${JSON.stringify(args[i])} is not an option: expected options of train after "--".`,
      );
    const name = option.negate ? option.name().replace(/^no-/, '') : option.name();
    const value: Value =
      option.negate || option.isBoolean() ? !option.negate : rest.length > 0 ? rest.join('=') : args[++i];
    const before = options[name];
    if (before === undefined) options[name] = value;
    else options[name] = [...(typeof before === 'object' ? before : [before]), value];
  }
  return options;
}

/** Returns the command `train` with its options, but without an action. */
export function trainCommand(): Command {
  return addTrainOptions(new Command('train'))
    .exitOverride()
    .configureOutput({
      writeOut: () => undefined,
      writeErr: () => undefined,
    });
}

/** The names of all options. They are needed often, and building the command takes time. */
const NAMES = trainCommand().options.map(({ long }) => long);

function hasOpposite(name: string): boolean {
  return NAMES.includes(`--no-${name}`);
}

/** Parses arguments. @throws UsageError with the message of `train` */
export function parseWith(command: Command, args: readonly string[]): void {
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(error.message.replace(/^error: /, '').replace(/\n/g, ' '));
  }
}

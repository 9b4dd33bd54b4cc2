import { UsageError } from './failure.js';

/** Options that are true unless `--no-…` is given. */
const NEGATED: Readonly<Record<string, string>> = {
  ...{ header: '--no-header', relaxed: '--no-relaxed', cpu: '--no-cpu', reference: '--no-reference' },
};

/** The name of an option as it is typed. */
export function optionName(name: string): string {
  return NEGATED[name] ?? `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Whether the user has given the option. */
function isGiven(flags: Readonly<Record<string, unknown>>, name: string): boolean {
  return Object.hasOwn(NEGATED, name) ? flags[name] === false : flags[name] !== undefined;
}

/**
 * Refuses options that a command does not use, because ignoring them would hide a mistake.
 * @param why the reason, after the names of the options and a colon
 * @throws UsageError that names them
 */
export function refuseUnused<F extends object>(
  flags: F,
  names: readonly (keyof F & string)[],
  why: string,
): void {
  const found = names.filter((name) => isGiven(flags as Readonly<Record<string, unknown>>, name));
  if (found.length > 0) throw new UsageError(`${found.map(optionName).join(', ')}: ${why}. Leave it out.`);
}

/** Refuses options of the machine that the backend does not use. @param backend absent: any */
export function refuseForeignMachine(
  flags: { readonly threads?: unknown; readonly relaxed?: unknown; readonly tune?: unknown },
  backend: string | undefined,
): void {
  if (backend === undefined || backend === 'auto') return;
  if (backend !== 'cpu')
    refuseUnused(flags, ['threads', 'relaxed'], `only used by the CPU, not with --backend ${backend}`);
  if (flags.tune !== 'off' && (backend === 'cpu' || backend === 'reference'))
    refuseUnused(flags, ['tune'], `only used with --backend webgpu, not with --backend ${backend}`);
}

/** Options of the initial weights. */
const OF_START = ['init', 'initStd', 'forgetBias', 'embeddingStd'] as const;

/** Refuses options of initial weights where weights are given. */
export function refuseStart(flags: Readonly<Partial<Record<(typeof OF_START)[number], unknown>>>): void {
  refuseUnused(flags, OF_START, 'not used with --init-from, which sets the weights');
}

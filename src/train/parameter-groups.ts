import { OptionError } from '../core/errors.js';
import { onlyKnown } from '../core/options.js';
import type { ParameterLayout } from '../layers/parameters.js';
import { optimizerFromJSON, type OptimizerSpec } from './optimizers.js';

/** Selects parameters by their names. */
export type ParameterSelector = RegExp | ((parameter: string) => boolean);

/** Parameters with an optimizer, and so a learning rate, of their own. */
export interface ParameterGroup {
  readonly match: ParameterSelector;
  readonly optimizer: OptimizerSpec;
}

/** A group with the names of its parameters. */
export interface NamedGroup {
  readonly parameters: readonly string[];
  readonly optimizer: OptimizerSpec;
}

/** All parameters of a model, sorted into groups. */
export interface Grouping {
  readonly groups: readonly NamedGroup[];
  /** Parameters that training does not change. */
  readonly frozen: readonly string[];
}

/** A part of the parameter arena that one optimizer updates in one launch. */
export interface GroupRange {
  /** Index of the group. */
  readonly group: number;
  /** First element, and number of elements including the gap after the last parameter. */
  readonly start: number;
  readonly length: number;
}

/**
 * Sorts a model's parameters into groups.
 * @param optimizer an optimizer for all parameters, or groups
 * @param freeze selects parameters that training does not change. Default: none
 * @throws OptionError for a group that matches no parameter, for a parameter in two groups or in
 *   none, and where all parameters are frozen
 */
export function groupParameters(
  { specs }: ParameterLayout,
  optimizer: OptimizerSpec | readonly ParameterGroup[],
  freeze?: ParameterSelector,
): Grouping {
  const names = specs.map(({ name }) => name);
  const frozen = freeze === undefined ? [] : names.filter(matcher('freeze', freeze));
  if (freeze !== undefined && frozen.length === 0)
    throw new OptionError('freeze', String(freeze), `a pattern that matches one of ${names.join(', ')}`);
  const left = names.filter((name) => !frozen.includes(name));
  if (left.length === 0)
    throw new OptionError('freeze', String(freeze), 'a pattern that leaves a parameter to train');
  if (!isGroups(optimizer)) return { groups: [{ parameters: left, optimizer }], frozen };
  if (optimizer.length === 0)
    throw new OptionError('optimizer', optimizer, 'an optimizer, or at least one group { match, optimizer }');

  const owner = new Map<string, number>();
  const groups = optimizer.map((group, i): NamedGroup => {
    onlyKnown(`optimizer[${i}]`, group, ['match', 'optimizer']);
    checkOptimizer(`optimizer[${i}].optimizer`, group.optimizer);
    const parameters = left.filter(matcher(`optimizer[${i}].match`, group.match));
    if (parameters.length === 0)
      throw new OptionError(
        `optimizer[${i}].match`,
        String(group.match),
        `a pattern that matches one of ${left.join(', ')}`,
      );
    for (const name of parameters) {
      const other = owner.get(name);
      if (other !== undefined)
        throw new OptionError(
          `optimizer[${i}].match`,
          String(group.match),
          `a pattern without "${name}", which is in optimizer[${other}] already`,
        );
      owner.set(name, i);
    }
    return { parameters, optimizer: group.optimizer };
  });
  const rest = left.filter((name) => !owner.has(name));
  if (rest.length > 0)
    throw new OptionError(
      'optimizer',
      optimizer.map(({ match }) => String(match)),
      `groups for all parameters: ${rest.join(', ')} ${rest.length > 1 ? 'are' : 'is'} in none; add a ` +
        'group, or freeze them',
    );
  return { groups, frozen };
}

/** Checks that a value is an optimizer. @throws OptionError */
export function checkOptimizer(option: string, optimizer: unknown): void {
  const { op, stateTensors, hyper } = (
    typeof optimizer === 'object' && optimizer !== null ? optimizer : {}
  ) as Partial<OptimizerSpec>;
  if (typeof op !== 'string' || !Array.isArray(stateTensors) || typeof hyper !== 'function')
    throw new OptionError(option, optimizer, 'an optimizer such as adam({ rate: 0.002 })');
}

/** Names of the optimizers' state tensors, each once. */
export function optimizerTensors({ groups }: Pick<Grouping, 'groups'>): string[] {
  return [...new Set(groups.flatMap(({ optimizer }) => optimizer.stateTensors))];
}

/** The parts of the arena by group. Neighbouring parameters of one group share a range. */
export function groupRanges(layout: ParameterLayout, { groups }: Grouping): GroupRange[] {
  const groupOf = new Map(
    groups.flatMap(({ parameters }, i) => parameters.map((name) => [name, i] as const)),
  );
  const ranges: { group: number; start: number; length: number }[] = [];
  let open = false;
  for (const { name } of layout.specs) {
    const { start, end } = layout.place(name);
    const group = groupOf.get(name);
    const last = ranges.at(-1);
    if (group === undefined) open = false;
    else if (open && last?.group === group) last.length = end - last.start;
    else {
      ranges.push({ group, start, length: end - start });
      open = true;
    }
  }
  return ranges;
}

/** The optimizer with another base rate. Its kernels and its state stay the same. */
export function withRate({ kind, options }: OptimizerSpec, rate: number): OptimizerSpec {
  return optimizerFromJSON({ kind, options: { ...options, rate } });
}

function isGroups(
  optimizer: OptimizerSpec | readonly ParameterGroup[],
): optimizer is readonly ParameterGroup[] {
  return Array.isArray(optimizer);
}

/**
 * Tests names. With the flags g and y a pattern would start at its last match, so they are removed.
 */
function matcher(option: string, which: ParameterSelector): (name: string) => boolean {
  if (typeof which === 'function') return which;
  if (!(which instanceof RegExp))
    throw new OptionError(option, which, 'a regular expression or a function of the name');
  const pattern = new RegExp(which.source, which.flags.replace(/[gy]/g, ''));
  return (name) => pattern.test(name);
}

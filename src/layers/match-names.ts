import { OptionError, ShapeError } from '../core/errors.js';
import { onlyKnown } from '../core/options.js';
import type { ModuleNames } from './module-names.js';
import type { ParameterLayout } from './parameters.js';
import type { StateDict } from './named-arrays.js';

/**
 * The model's names for weights or modules of a file. A module is the part of a name before a dot:
 * `{ decoder: 'head', 'lstm2.weight_ih_l0': 'rnn.weight_ih_l1' }`. A weight with the new name '' is
 * left out.
 */
export type NameMap = Readonly<Record<string, string>>;

/** Weights under the names of a model, and how their names changed. */
export interface MatchedNames {
  readonly values: StateDict;
  /** Modules or weights that were renamed, with the old and the new name. */
  readonly renamed: readonly (readonly [from: string, to: string])[];
  /** Old names of arrays that were left out: no weights, or mapped to ''. */
  readonly leftOut: readonly string[];
}

/** Name of a recurrent weight within its module. PyTorch's cell classes have no layer number. */
const RECURRENT = /(?:^|\.)((?:weight|bias)_(?:ih|hh)(?:_l\d+(?:_reverse)?)?|[hc]0_l\d+(?:_reverse)?)$/;
const LINEAR = /(?:^|\.)(weight|bias)$/;
/** Usual names of modules that are embeddings, and of those that give logits. */
const EMBEDDING = /emb|wte|lookup/i;
const HEAD = /head|fc|lin|decoder|out|proj|classif|logit|dense/i;

/** Weights of one module, by their names within it. */
interface Module {
  /** Everything before the weights' names, such as `module.lstm.` */
  readonly prefix: string;
  readonly weights: ReadonlyMap<string, string>;
}

/**
 * Renames the arrays of a state_dict to a model's names where that is unambiguous: one module with
 * recurrent weights, one linear layer and one embedding, under any names and any prefix. Names that
 * the model has, and names that could be several modules, stay. Integer arrays that the model does
 * not have, such as `num_batches_tracked`, are left out.
 * @throws OptionError for an entry of `map` that matches no name, or two arrays with one new name
 */
export function matchNames(given: StateDict, modules: ModuleNames, map: NameMap = {}): MatchedNames {
  if (!isNamed(given)) return { values: given, renamed: [], leftOut: [] };
  const { names, ...mapped } = applyMap(Object.keys(given), map);
  const counters = [...names].filter(([name, from]) => !isOwn(name, modules) && isCounter(given[from]));
  for (const [name] of counters) names.delete(name);
  const moved: (readonly [from: string, to: string])[] = [];
  for (const [{ prefix, weights }, role] of rolesOf(names, given, modules)) {
    if (prefix !== role) moved.push([prefix, role]);
    for (const [leaf, name] of weights) {
      const to = role + (/_(?:ih|hh)$/.test(leaf) ? `${leaf}_l0` : leaf);
      if (to === name) continue;
      names.set(to, names.get(name) as string);
      names.delete(name);
    }
  }
  return {
    values: Object.fromEntries([...names].map(([name, from]) => [name, given[from]])),
    renamed: [...mapped.renamed, ...moved],
    leftOut: [...mapped.leftOut, ...counters.map(([, from]) => from)],
  };
}

/** Options of loading weights. */
export interface LoadOptions {
  /** Renames arrays of the state_dict, where their names are ambiguous. Default: none. */
  readonly map?: NameMap;
}

/**
 * Renames the arrays of a state_dict as `matchNames` does, and copies them to an arena.
 * @param modules module names of the model; undefined: only `map` renames
 * @param hint the sentence that tells the caller how to rename arrays, for messages
 * @throws ShapeError that lists everything that does not fit, OptionError for a wrong `map`
 */
export function packMatched(
  layout: ParameterLayout,
  given: StateDict,
  modules: ModuleNames | undefined,
  options: LoadOptions,
  hint = optionHint,
): { readonly arena: Float32Array; readonly match: Omit<MatchedNames, 'values'> } {
  onlyKnown('load', options, ['map']);
  const { values, ...match } = modules
    ? matchNames(given, modules, options.map)
    : mappedNames(given, options.map);
  try {
    return { arena: layout.pack(values), match };
  } catch (error) {
    const own = new Set(layout.specs.map(({ name }) => name));
    const [foreign] = modules
      ? foreignNames(values, modules)
      : Object.keys(isNamed(values) ? values : {}).filter((name) => !own.has(name));
    if (!(error instanceof ShapeError) || foreign === undefined) throw error;
    const missing = layout.specs.find(({ name }) => !Object.hasOwn(values, name))?.name;
    if (missing === undefined) throw error;
    throw new ShapeError(`${error.message} ${hint(moduleOf(foreign), moduleOf(missing))}`, { cause: error });
  }
}

function optionHint(from: string, to: string): string {
  return `Rename weights with the option map, such as { map: ${JSON.stringify({ [from]: to })} }.`;
}

/** A state_dict after renaming by `map` alone. */
function mappedNames(given: StateDict, map: NameMap = {}): MatchedNames {
  if (!isNamed(given)) return { values: given, renamed: [], leftOut: [] };
  const { names, ...mapped } = applyMap(Object.keys(given), map);
  return { ...mapped, values: Object.fromEntries([...names].map(([name, from]) => [name, given[from]])) };
}

/** Whether `given` is a record of arrays. `ParameterLayout.pack` refuses anything else. */
function isNamed(given: StateDict): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
}

/** Names of the arrays that are no weights of a model with these modules. */
export function foreignNames(values: StateDict, modules: ModuleNames): string[] {
  return isNamed(values) ? Object.keys(values).filter((name) => !isOwn(name, modules)) : [];
}

/** The part of a name before the last dot; a name without a dot is returned unchanged. */
function moduleOf(name: string): string {
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
}

/** A sentence that lists what was renamed and left out; undefined if nothing was. */
export function describeMatch({ renamed, leftOut }: Omit<MatchedNames, 'values'>): string | undefined {
  const written = (name: string): string => (name === '' || name.endsWith('.') ? `${name}*` : name);
  const parts = [
    ...renamed.map(([from, to]) => `${written(from)} is read as ${written(to)}`),
    ...(leftOut.length > 0 ? [`left out: ${listOf(leftOut)}`] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : undefined;
}

/** The first `most` names of a list, and the number of the others, for messages. */
export function listOf(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).join(', ') || 'nothing';
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** Applies `map`. @returns `names`: old name by new name; what was renamed and left out */
function applyMap(
  given: readonly string[],
  map: NameMap,
): Omit<MatchedNames, 'values'> & { readonly names: Map<string, string> } {
  const names = new Map<string, string>();
  const leftOut: string[] = [];
  const used = new Set<string>();
  // Of several entries that match a name, the longest is the most specific.
  const entries = Object.keys(map).sort((a, b) => b.length - a.length);
  const module = (name: string): string => (name === '' || name.endsWith('.') ? name : `${name}.`);
  for (const name of given) {
    const entry = entries.find((from) => name === from || name.startsWith(module(from)));
    if (entry !== undefined) used.add(entry);
    const to = entry === undefined ? name : map[entry];
    if (to === '') {
      leftOut.push(name);
      continue;
    }
    const renamed =
      entry === undefined || name === entry ? to : module(to) + name.slice(module(entry).length);
    const other = names.get(renamed);
    if (other !== undefined)
      throw new OptionError(
        'map',
        map,
        `another name for ${name} than for ${other}: both would be ${renamed}`,
      );
    names.set(renamed, name);
  }
  const unused = entries.find((from) => !used.has(from));
  if (unused !== undefined)
    throw new OptionError('map', unused, `a name, or the part of one before a dot, among ${listOf(given)}`);
  return { names, leftOut, renamed: Object.entries(map).filter(([, to]) => to !== '') };
}

/** The modules that are unambiguous, each with its prefix in the model. */
function rolesOf(
  names: ReadonlyMap<string, string>,
  given: StateDict,
  { layers, whole }: ModuleNames,
): [Module, string][] {
  const shapeOf = (name: string | undefined): readonly number[] =>
    (name === undefined ? undefined : given[names.get(name) ?? '']?.shape) ?? [];
  const roles: [Module, string][] = [];
  const recurrent = modulesOf(names, RECURRENT).filter(({ weights }) =>
    [...weights.keys()].some((leaf) => leaf.startsWith('weight_ih')),
  );
  const [stack] = recurrent;
  if (recurrent.length !== 1) return roles;
  roles.push([stack, layers]);
  if (!whole) return roles;
  const weightOf = (leaf: string): readonly number[] =>
    shapeOf(stack.weights.get(`${leaf}_l0`) ?? stack.weights.get(leaf));
  const linear = modulesOf(names, LINEAR).filter(
    ({ weights }) => shapeOf(weights.get('weight')).length === 2,
  );
  const free = linear.filter(({ prefix }) => prefix !== 'head.' && prefix !== 'embedding.');
  const take = (role: string, candidates: readonly Module[]): void => {
    if (linear.some(({ prefix }) => prefix === role) || candidates.length !== 1) return;
    roles.push([candidates[0], role]);
    free.splice(free.indexOf(candidates[0]), 1);
  };
  const columns = ({ weights }: Module): number | undefined => shapeOf(weights.get('weight'))[1];
  const biased = free.filter(({ weights }) => weights.has('bias'));
  const named = free.filter(({ prefix }) => HEAD.test(prefix) && !EMBEDDING.test(prefix));
  const bare = free.filter(({ prefix }) => !EMBEDDING.test(prefix));
  take('head.', biased.length > 0 ? biased : named.length > 0 ? named : bare);
  const C = weightOf('weight_ih')[1];
  take(
    'embedding.',
    free.filter((module) => !module.weights.has('bias') && columns(module) === C),
  );
  return roles;
}

/** Modules with weights whose names match `leaves`. */
function modulesOf(names: ReadonlyMap<string, string>, leaves: RegExp): Module[] {
  const modules = new Map<string, Map<string, string>>();
  for (const name of names.keys()) {
    const leaf = leaves.exec(name)?.[1];
    if (leaf === undefined) continue;
    const prefix = name.slice(0, name.length - leaf.length);
    const weights = modules.get(prefix) ?? new Map<string, string>();
    modules.set(prefix, weights.set(leaf, name));
  }
  return [...modules].map(([prefix, weights]) => ({ prefix, weights }));
}

/** Whether a model with these modules can have a weight of this name. */
function isOwn(name: string, { layers, whole }: ModuleNames): boolean {
  if (whole && /^(?:head\.(?:weight|bias)|embedding\.weight)$/.test(name)) return true;
  const leaf = RECURRENT.exec(name)?.[1];
  return leaf !== undefined && name === layers + leaf;
}

/** Whether the type of an array is an integer type. Such arrays are no weights. */
function isCounter(array: StateDict[string] | undefined): boolean {
  if (typeof array !== 'object' || array === null) return false;
  if (typeof array.dtype === 'string') return /^(?:[IU]\d+|BOOL)$/i.test(array.dtype);
  return (
    ArrayBuffer.isView(array.data) &&
    !(array.data instanceof Float32Array || array.data instanceof Float64Array)
  );
}

import { OptionError, ShapeError } from '../core/errors.js';
import { onlyKnown } from '../core/options.js';
import type { ModuleNames } from './module-names.js';
import type { ParameterLayout } from './parameters.js';
import type { StateDict } from './named-arrays.js';

/**
 * Names of weights, or of modules (what stands before a dot), and what they are called here:
 * `{ decoder: 'head', 'lstm2.weight_ih_l0': 'rnn.weight_ih_l1' }`. An empty name leaves the weight
 * out.
 */
export type NameMap = Readonly<Record<string, string>>;

/** Weights under the names of a model. */
export interface MatchedNames {
  readonly values: StateDict;
  /** Modules or weights with another name than here: from, to. */
  readonly renamed: readonly (readonly [from: string, to: string])[];
  /** Names of what is no weight, such as counters, or was mapped to nothing. */
  readonly leftOut: readonly string[];
}

/** Names of one recurrent weight within its module; PyTorch's cells have no layer number. */
const RECURRENT = /(?:^|\.)((?:weight|bias)_(?:ih|hh)(?:_l\d+(?:_reverse)?)?|[hc]0_l\d+(?:_reverse)?)$/;
const LINEAR = /(?:^|\.)(weight|bias)$/;
/** How a module is called that makes vectors of symbols, or logits of outputs. */
const EMBEDDING = /emb|wte|lookup/i;
const HEAD = /head|fc|lin|decoder|out|proj|classif|logit|dense/i;

/** Weights of one module, by their names within it. */
interface Module {
  /** Everything before the weights' names, such as `module.lstm.` */
  readonly prefix: string;
  readonly weights: ReadonlyMap<string, string>;
}

/**
 * Brings a state_dict's names to a model's, as far as they are unambiguous: one module with
 * recurrent weights, one linear layer, one embedding, however they are called and whatever prefix
 * they share. Names that are the model's already stay, and so do those that could be several
 * things. Integer arrays that the model does not know, such as `num_batches_tracked`, are left out.
 * @throws OptionError for an entry of `map` that names nothing
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

/** How weights are loaded. */
export interface LoadOptions {
  /** What names of the state_dict are called here, where that is ambiguous. */
  readonly map?: NameMap;
}

/**
 * Puts a state_dict into an arena, under the model's names as far as they are unambiguous.
 * @param modules of the model; undefined where its names must be used, or those that `map` gives
 * @param hint how a caller says which name is which
 * @throws ShapeError naming everything that does not fit, OptionError for a wrong `map`
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
  return `Say which name is which with the option map, such as { map: ${JSON.stringify({ [from]: to })} }.`;
}

/** A state_dict with the names that `map` says, and no others changed. */
function mappedNames(given: StateDict, map: NameMap = {}): MatchedNames {
  if (!isNamed(given)) return { values: given, renamed: [], leftOut: [] };
  const { names, ...mapped } = applyMap(Object.keys(given), map);
  return { ...mapped, values: Object.fromEntries([...names].map(([name, from]) => [name, given[from]])) };
}

/** Whether arrays have names; whatever is no record is refused where its shapes are. */
function isNamed(given: StateDict): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given) && !ArrayBuffer.isView(given);
}

/** Names that are none of a model's. */
export function foreignNames(values: StateDict, modules: ModuleNames): string[] {
  return isNamed(values) ? Object.keys(values).filter((name) => !isOwn(name, modules)) : [];
}

/** The part of a name before the last dot; all of one without. */
function moduleOf(name: string): string {
  return name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
}

/** What was renamed and left out, as a sentence; undefined where nothing was. */
export function describeMatch({ renamed, leftOut }: Omit<MatchedNames, 'values'>): string | undefined {
  const written = (name: string): string => (name === '' || name.endsWith('.') ? `${name}*` : name);
  const parts = [
    ...renamed.map(([from, to]) => `${written(from)} is read as ${written(to)}`),
    ...(leftOut.length > 0 ? [`left out: ${listOf(leftOut)}`] : []),
  ];
  return parts.length > 0 ? `${parts.join(', ')}.` : undefined;
}

/** The first names of a list, and how many more there are. */
export function listOf(names: readonly string[], most = 12): string {
  const shown = names.slice(0, most).join(', ') || 'nothing';
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** New names and the given ones behind them, with what `map` did. */
function applyMap(
  given: readonly string[],
  map: NameMap,
): Omit<MatchedNames, 'values'> & { readonly names: Map<string, string> } {
  const names = new Map<string, string>();
  const leftOut: string[] = [];
  const used = new Set<string>();
  // The longest name that fits is the most particular one.
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

/** The modules that are unambiguously the model's, with their prefixes in it. */
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

/** Modules with weights of this kind. */
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

/** Whether a name is one of the model's. */
function isOwn(name: string, { layers, whole }: ModuleNames): boolean {
  if (whole && /^(?:head\.(?:weight|bias)|embedding\.weight)$/.test(name)) return true;
  const leaf = RECURRENT.exec(name)?.[1];
  return leaf !== undefined && name === layers + leaf;
}

/** Whether an array holds integers by its type, and so no weights. */
function isCounter(array: StateDict[string] | undefined): boolean {
  if (typeof array !== 'object' || array === null) return false;
  if (typeof array.dtype === 'string') return /^(?:[IU]\d+|BOOL)$/i.test(array.dtype);
  return (
    ArrayBuffer.isView(array.data) &&
    !(array.data instanceof Float32Array || array.data instanceof Float64Array)
  );
}

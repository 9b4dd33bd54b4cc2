import { DataError, OptionError } from '../core/errors.js';
import { checkText, onlyKnown, trueOrFalse, wholeNumber } from '../core/options.js';
import { checkMethod, greedy, type Method } from './methods.js';
import type { SearchSteps } from './results.js';
import type { GenerationDefaults, GenerativeModel, WrittenSymbols } from './model.js';

/** How sequences are generated. */
export interface GenerateOptions {
  /** `greedy`, `sample({ … })` or `beam(width)`. Default: the model's, else `greedy`. */
  readonly method?: Method;
  /** Symbols at most, the end symbol and the prefix among them. Default: the model's, else 200. */
  readonly longest?: number;
  /** Text that the result begins with. It adds nothing to the log-probability. Default: none. */
  readonly prefix?: string;
  /** Whether results have attention weights; refused by a model that has no attention. Default false. */
  readonly attention?: boolean;
  /** Whether results of a beam have the steps of the search; refused with other methods. Default false. */
  readonly search?: boolean;
  /** Results: the n best of a beam, or n samples. Default 1. */
  readonly count?: number;
  /** Symbols that are never chosen. Default: the model's, else none. */
  readonly ban?: readonly string[];
  /** Ends the call with the signal's reason, after the steps that are under way. */
  readonly signal?: AbortSignal;
  /**
   * Called with each piece of the first result's text: as it comes from the device; of a beam, whose
   * best is known at the end alone, with the whole.
   */
  readonly onPiece?: (piece: string) => void;
}

/** One result. */
export interface Generated {
  readonly text: string;
  /** With the prefix, and with the end symbol where the model wrote it. */
  readonly ids: readonly number[];
  /** Sum of the model's log-probabilities of the ids that no prefix forced, in nats. */
  readonly logProbability: number;
  /** Weights [steps,S] of each id's step over the condition's own S positions, row by row. */
  readonly attention?: Float32Array;
  /** All steps of the beam search that found it, where they were asked for. */
  readonly search?: SearchSteps;
}

/** Names of all options. */
const OPTIONS = ['method', 'longest', 'prefix', 'attention', 'search', 'count', 'ban', 'signal', 'onPiece'];

/** Symbols at most where nobody says otherwise. */
export const DEFAULT_LONGEST = 200;

/** `longest` at most: each group of conditions has so many random numbers for itself. */
export const LARGEST_LONGEST = 2 ** 20;

/** Options with the defaults, and texts as ids. */
export interface GenerationPlan {
  readonly method: Method;
  readonly longest: number;
  readonly prefix: readonly number[];
  readonly attention: boolean;
  readonly search: boolean;
  readonly count: number;
  /** Hypotheses of each sequence, B. */
  readonly width: number;
  /** Ids that are never chosen. */
  readonly ban: readonly number[];
  readonly signal: AbortSignal | undefined;
  readonly onPiece: ((piece: string) => void) | undefined;
}

/** Checks the defaults of a model, all but the symbols of `ban`, and returns them. @throws OptionError */
export function checkDefaults(defaults: GenerationDefaults): GenerationDefaults {
  onlyKnown('generation', defaults, ['method', 'longest', 'ban']);
  if (defaults.method !== undefined) checkMethod(defaults.method);
  if (defaults.longest !== undefined) wholeNumber('generation.longest', defaults.longest);
  return defaults;
}

/** Checks options and fills in the defaults. @throws OptionError or DataError */
export function planGeneration(model: GenerativeModel, options: GenerateOptions): GenerationPlan {
  onlyKnown('generate', options, OPTIONS);
  const defaults = checkDefaults(model.generation ?? {});
  const method = checkMethod(options.method ?? defaults.method ?? greedy);
  const longest = wholeNumber(
    'longest',
    options.longest ?? defaults.longest ?? DEFAULT_LONGEST,
    1,
    LARGEST_LONGEST,
  );
  const count = wholeNumber('count', options.count ?? 1);
  if (method.kind === 'greedy' && count > 1)
    throw new OptionError('count', count, '1 with the method greedy, which has one result: sample or beam');
  if (method.kind === 'beam' && count > method.width)
    throw new OptionError('count', count, `at most the width of the beam, ${method.width}`);
  const { attention = false, search = false, onPiece } = options;
  trueOrFalse('attention', attention);
  trueOrFalse('search', search);
  if (search && method.kind !== 'beam')
    throw new OptionError('search', search, `false with the method ${method.kind}, which does not search`);
  if (onPiece !== undefined && typeof onPiece !== 'function')
    throw new OptionError('onPiece', onPiece, 'a function of a piece of text');
  const { written } = model;
  const ban = bannedIds(written, options.ban ?? defaults.ban ?? []);
  const width = method.kind === 'beam' ? method.width : count;
  const left = written.size - ban.length;
  if (method.kind === 'beam' && width > left)
    throw new OptionError(
      'width',
      width,
      `at most ${left}, since a beam cannot be wider than the symbols that may be chosen: the model has ` +
        `${written.size}${ban.length === 0 ? '' : `, of which ${ban.length} are banned`}`,
    );
  return {
    method,
    longest,
    prefix: prefixIds(written, options.prefix ?? '', longest),
    attention,
    search,
    count,
    width,
    ban,
    signal: options.signal,
    onPiece,
  };
}

function prefixIds(written: WrittenSymbols, prefix: string, longest: number): number[] {
  checkText('prefix', prefix);
  const ids = Array.from(written.encode(prefix));
  const unknown = ids.findIndex((id) => id >= written.size);
  if (unknown >= 0)
    throw new DataError(
      `The prefix "${prefix}" has a symbol, number ${unknown + 1} of ${ids.length}, that the model does not ` +
        'know. Give a prefix of known symbols.',
    );
  if (ids.length >= longest)
    throw new OptionError(
      'prefix',
      prefix,
      `fewer symbols than longest, ${longest}; it has ${ids.length}, and would leave nothing to write`,
    );
  return ids;
}

function bannedIds(written: WrittenSymbols, ban: readonly string[]): number[] {
  if (!Array.isArray(ban)) throw new OptionError('ban', ban, "an array of symbols, such as ['x', 'y']");
  const ids = ban.map((symbol: unknown) => {
    checkText('ban', symbol);
    const own = written.idOf ? [written.idOf(symbol)] : Array.from(written.encode(symbol));
    if (own.length !== 1 || own[0] >= written.size)
      throw new OptionError(
        'ban',
        symbol,
        own.length === 1
          ? 'a symbol that the model knows'
          : `one symbol of the model; this text has ${own.length}`,
      );
    return own[0];
  });
  const all = [...new Set(ids)];
  if (all.length >= written.size)
    throw new OptionError('ban', ban, `fewer symbols than the ${written.size} that the model has`);
  return all;
}

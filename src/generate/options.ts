import { DataError, OptionError } from '../core/errors.js';
import { checkText, onlyKnown, trueOrFalse, wholeNumber } from '../core/options.js';
import { checkMethod, greedy, type Method } from './methods.js';
import type { SearchSteps } from './results.js';
import type { GenerationDefaults, GenerativeModel, WrittenSymbols } from './model.js';

/** Options of `generate`. */
export interface GenerateOptions {
  /** `greedy`, `sample({ … })` or `beam(width)`. Default: the model's default, else `greedy`. */
  readonly method?: Method;
  /**
   * Largest number of symbols, including prefix and end symbol. Default: the model's default, else
   * 200.
   */
  readonly longest?: number;
  /** Text that the result begins with. It does not change the log-probability. Default: none. */
  readonly prefix?: string;
  /**
   * Whether results have attention weights. A model without attention refuses it. Default false.
   */
  readonly attention?: boolean;
  /** Whether results have the steps of the beam search. Other methods refuse it. Default false. */
  readonly search?: boolean;
  /** Number of results: the best of a beam search, or samples. Default 1. */
  readonly count?: number;
  /** Symbols that are never chosen. Default: the model's default, else none. */
  readonly ban?: readonly string[];
  /** Aborts the call with the signal's reason, after the steps that are under way. */
  readonly signal?: AbortSignal;
  /**
   * Called with each piece of the first result's text as the device returns it. A beam search calls
   * it once with the whole text, since the best result is known only at the end.
   */
  readonly onPiece?: (piece: string) => void;
}

/** One generated sequence. */
export interface Generated {
  readonly text: string;
  /** Ids of the text, including the prefix, and the end symbol if the model wrote it. */
  readonly ids: readonly number[];
  /** Sum of the model's log-probabilities of the ids after the prefix, in nats. */
  readonly logProbability: number;
  /**
   * With the option `attention`: weights of each id's step over the condition's S positions,
   * [steps,S].
   */
  readonly attention?: Float32Array;
  /** With the option `search`: all steps of the beam search. */
  readonly search?: SearchSteps;
}

/** Names of all options. */
const OPTIONS = ['method', 'longest', 'prefix', 'attention', 'search', 'count', 'ban', 'signal', 'onPiece'];

/** Default of `longest`. */
export const DEFAULT_LONGEST = 200;

/** Largest value of `longest`: the number of random numbers that each group of conditions has. */
export const LARGEST_LONGEST = 2 ** 20;

/** Checked options with defaults, and with ids instead of texts. */
export interface GenerationPlan {
  readonly method: Method;
  readonly longest: number;
  readonly prefix: readonly number[];
  readonly attention: boolean;
  readonly search: boolean;
  readonly count: number;
  /** B: hypotheses of each sequence. */
  readonly width: number;
  /** Ids that are never chosen. */
  readonly ban: readonly number[];
  readonly signal: AbortSignal | undefined;
  readonly onPiece: ((piece: string) => void) | undefined;
}

/**
 * Checks a model's defaults, except the symbols of `ban`.
 * @returns the defaults
 * @throws OptionError
 */
export function checkDefaults(defaults: GenerationDefaults): GenerationDefaults {
  onlyKnown('generation', defaults, ['method', 'longest', 'ban']);
  if (defaults.method !== undefined) checkMethod(defaults.method);
  if (defaults.longest !== undefined) wholeNumber('generation.longest', defaults.longest);
  return defaults;
}

/** Checks options and adds the defaults. @throws OptionError or DataError */
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
      `Symbol ${unknown + 1} of ${ids.length} in the prefix "${prefix}" is not in the model's vocabulary. ` +
        'Pass a prefix of known symbols.',
    );
  if (ids.length >= longest)
    throw new OptionError(
      'prefix',
      prefix,
      `a text of fewer symbols than longest, ${longest} (it has ${ids.length})`,
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
    throw new OptionError('ban', ban, `fewer symbols than the model's ${written.size}`);
  return all;
}

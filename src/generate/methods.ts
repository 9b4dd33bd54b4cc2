import { OptionError } from '../core/errors.js';
import { numberAbove, numberWithin, oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';

/** How sampling chooses. */
export interface SampleMethod {
  readonly kind: 'sample';
  /** Divides the logits: below 1 bolder, above 1 wilder, 0 always the likeliest. Default 1. */
  readonly temperature?: number;
  /** Draws among the k likeliest; 0, the default, among all. */
  readonly topK?: number;
  /** Draws among the likeliest that together have this share of the probability. Default 1: all. */
  readonly topP?: number;
  /** Decides the random numbers. Default 0. */
  readonly seed?: number;
}

/** How a beam search ranks. */
export interface BeamMethod {
  readonly kind: 'beam';
  /** Hypotheses that go on at once, B. */
  readonly width: number;
  /**
   * a: finished hypotheses are ranked by log-probability / ((5 + length) / 6)^a (Wu and others,
   * 2016). Default 0: by log-probability.
   */
  readonly lengthPenalty?: number;
}

/** How symbols are chosen, as plain data. */
export type Method = { readonly kind: 'greedy' } | SampleMethod | BeamMethod;

/** Always the likeliest symbol. */
export const greedy: Method = { kind: 'greedy' };

/** Draws symbols at random: see `SampleMethod`. @throws OptionError */
export function sample(options: Omit<SampleMethod, 'kind'> = {}): Method {
  return checkMethod({ ...options, kind: 'sample' });
}

/**
 * Searches for the likeliest sequence with `width` hypotheses at once: see `BeamMethod`.
 * @throws OptionError
 */
export function beam(width: number, options: Omit<BeamMethod, 'kind' | 'width'> = {}): Method {
  return checkMethod({ ...options, kind: 'beam', width });
}

const OPTIONS = {
  greedy: ['kind'],
  sample: ['kind', 'temperature', 'topK', 'topP', 'seed'],
  beam: ['kind', 'width', 'lengthPenalty'],
} as const;

/** Checks a method and returns it. @throws OptionError */
export function checkMethod(method: Method): Method {
  if (typeof method !== 'object' || method === null)
    throw new OptionError('method', method, 'greedy, sample({ … }) or beam(width)');
  const { kind } = method;
  oneOf('method.kind', kind, ['greedy', 'sample', 'beam'] as const);
  onlyKnown('method', method, OPTIONS[kind]);
  switch (kind) {
    case 'sample':
      numberAbove('temperature', method.temperature ?? 1, 0, true);
      wholeNumber('topK', method.topK ?? 0, 0);
      if (method.topP === 0) throw new OptionError('topP', 0, 'a share above 0 and up to 1');
      numberWithin('topP', method.topP ?? 1, 0, 1);
      seedNumber(method.seed);
      break;
    case 'beam':
      wholeNumber('width', method.width);
      numberAbove('lengthPenalty', method.lengthPenalty ?? 0, 0, true);
      break;
    case 'greedy':
  }
  return method;
}

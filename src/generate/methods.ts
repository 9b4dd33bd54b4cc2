import { OptionError } from '../core/errors.js';
import { numberAbove, numberWithin, oneOf, onlyKnown, seedNumber, wholeNumber } from '../core/options.js';

/** Sampling, and its options. */
export interface SampleMethod {
  readonly kind: 'sample';
  /**
   * Divides the logits. Below 1, likely symbols become likelier; above 1, less likely; 0 always
   * chooses the likeliest. Default 1.
   */
  readonly temperature?: number;
  /** Draws among the k likeliest symbols; 0: among all. Default 0. */
  readonly topK?: number;
  /**
   * Draws among the likeliest symbols whose probabilities add up to this share (nucleus sampling,
   * Holtzman and others, 2019), above 0 and up to 1. Default 1: among all.
   */
  readonly topP?: number;
  /** Seed of the random numbers. Default 0. */
  readonly seed?: number;
}

/** Beam search, and its options. */
export interface BeamMethod {
  readonly kind: 'beam';
  /** B: number of hypotheses that continue after each step. */
  readonly width: number;
  /**
   * Exponent a of the length penalty: ended hypotheses are ranked by log-probability /
   * ((5 + length) / 6)^a (Wu and others, 2016). Default 0: by log-probability.
   */
  readonly lengthPenalty?: number;
}

/** How symbols are chosen, as plain data. */
export type Method = { readonly kind: 'greedy' } | SampleMethod | BeamMethod;

/** Chooses the likeliest symbol in every step. */
export const greedy: Method = { kind: 'greedy' };

/** Draws symbols at random; see `SampleMethod`. @throws OptionError */
export function sample(options: Omit<SampleMethod, 'kind'> = {}): Method {
  return checkMethod({ ...options, kind: 'sample' });
}

/**
 * Searches for the likeliest sequence with `width` hypotheses; see `BeamMethod`.
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

/** Checks a method. @returns the method @throws OptionError */
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

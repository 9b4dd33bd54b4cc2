import { OptionError } from '../core/errors.js';
import { numberWithin, oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import type { Attributes } from '../plan/planner.js';

export const OPTIMIZER_KINDS = ['sgd', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const;
export type OptimizerKind = (typeof OPTIMIZER_KINDS)[number];

/**
 * An optimizer with all its options. `optimizerFromJSON` makes an equal one from `kind` and
 * `options`, which are plain data.
 */
export interface OptimizerSpec {
  readonly kind: OptimizerKind;
  /** All options, including defaults. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** Name of the op that updates parameters. */
  readonly op: string;
  /**
   * Names of the optimizer's state tensors [E] in memory and in checkpoints: name of the op, a dot,
   * name of the op's tensor (`adam.mean`).
   */
  readonly stateTensors: readonly string[];
  /** Attributes of the op. */
  readonly attributes: Attributes;
  /**
   * The four numbers of the op's tensor `hyper` in one step.
   * @param step number of the step, from 1, including skipped steps
   * @param rate learning rate of this step
   */
  hyper(step: number, rate: number): Float32Array;
}

/** Options of `sgd`. */
export interface SgdOptions {
  /** Learning rate, from 0. Default 1e-3. */
  readonly rate?: number;
  /** Share of the old velocity that is kept, from 0 to below 1. Default 0: no velocity. */
  readonly momentum?: number;
  /**
   * Share of the gradient that is not added to the velocity, from 0 to 1; step 1 adds all of it, as
   * in PyTorch. Default 0.
   */
  readonly dampening?: number;
  /** Nesterov's momentum; it needs momentum above 0 and dampening 0. Default false. */
  readonly nesterov?: boolean;
  /** Adds weightDecay·w to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Options of `adagrad`. */
export interface AdagradOptions {
  /** Learning rate, from 0. Default 1e-2. */
  readonly rate?: number;
  /** Added to the denominator, so that it is not 0. Default 1e-10; with epsilonInside 1e-8. */
  readonly epsilon?: number;
  /** √(m + epsilon) as in min-char-rnn, instead of √m + epsilon as in PyTorch. Default false. */
  readonly epsilonInside?: boolean;
  /** Adds weightDecay·w to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Options of `rmsprop`. */
export interface RmspropOptions {
  /** Learning rate, from 0. Default 1e-2. */
  readonly rate?: number;
  /**
   * Share of the old mean square that is kept (alpha in PyTorch), from 0 to below 1. Default 0.99;
   * char-rnn uses 0.95.
   */
  readonly decay?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
  /** Adds weightDecay·w to the gradient. Default 0. */
  readonly weightDecay?: number;
}

/** Options of `adam` and `adamw`. */
export interface AdamOptions {
  /** Learning rate, from 0. Default 1e-3. */
  readonly rate?: number;
  /** Share of the old mean that is kept, from 0 to below 1. Default 0.9. */
  readonly beta1?: number;
  /** Share of the old mean square that is kept, from 0 to below 1. Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the mean square. Default 1e-8. */
  readonly epsilon?: number;
  /**
   * adam: adds weightDecay·w to the gradient, default 0. adamw: subtracts rate·weightDecay·w from
   * w, default 0.01.
   */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent, like torch.optim.SGD. @throws OptionError that names the option */
export function sgd(options: SgdOptions = {}): OptimizerSpec {
  const read = new OptionReader('sgd', options, ['rate', 'momentum', 'dampening', 'nesterov', 'weightDecay']);
  const rate = read.number('rate', 1e-3, 0, LARGEST);
  const momentum = read.share('momentum', 0);
  const dampening = read.number('dampening', 0, 0, 1);
  const nesterov = read.flag('nesterov', false);
  const weightDecay = read.number('weightDecay', 0, 0, LARGEST);
  if (nesterov && (momentum === 0 || dampening > 0))
    throw new OptionError('sgd.nesterov', nesterov, 'false, or a momentum above 0 and dampening 0');
  return {
    kind: 'sgd',
    options: { rate, momentum, dampening, nesterov, weightDecay },
    op: 'sgd',
    stateTensors: momentum > 0 ? ['sgd.velocity'] : [],
    attributes: { momentum, nesterov, weightDecay },
    hyper: (step, now) => hyperOf(step, now, step === 1 ? 1 : 1 - dampening),
  };
}

/**
 * Adagrad, like torch.optim.Adagrad. min-char-rnn uses `{ rate: 0.1, epsilonInside: true }`.
 * @throws OptionError that names the option
 */
export function adagrad(options: AdagradOptions = {}): OptimizerSpec {
  const read = new OptionReader('adagrad', options, ['rate', 'epsilon', 'epsilonInside', 'weightDecay']);
  const rate = read.number('rate', 1e-2, 0, LARGEST);
  const epsilonInside = read.flag('epsilonInside', false);
  const epsilon = read.number('epsilon', epsilonInside ? 1e-8 : 1e-10, SMALLEST, LARGEST);
  const weightDecay = read.number('weightDecay', 0, 0, LARGEST);
  return {
    kind: 'adagrad',
    options: { rate, epsilon, epsilonInside, weightDecay },
    op: 'adagrad',
    stateTensors: ['adagrad.sum'],
    attributes: { epsilon, epsilonInside, weightDecay },
    hyper: (step, now) => hyperOf(step, now),
  };
}

/**
 * RMSprop, like torch.optim.RMSprop. char-rnn uses `{ rate: 2e-3, decay: 0.95 }`.
 * @throws OptionError that names the option
 */
export function rmsprop(options: RmspropOptions = {}): OptimizerSpec {
  const read = new OptionReader('rmsprop', options, ['rate', 'decay', 'epsilon', 'weightDecay']);
  const rate = read.number('rate', 1e-2, 0, LARGEST);
  const decay = read.share('decay', 0.99);
  const epsilon = read.number('epsilon', 1e-8, SMALLEST, LARGEST);
  const weightDecay = read.number('weightDecay', 0, 0, LARGEST);
  return {
    kind: 'rmsprop',
    options: { rate, decay, epsilon, weightDecay },
    op: 'rmsprop',
    stateTensors: ['rmsprop.square'],
    attributes: { decay, epsilon, weightDecay },
    hyper: (step, now) => hyperOf(step, now),
  };
}

/** Adam, like torch.optim.Adam. @throws OptionError that names the option */
export function adam(options: AdamOptions = {}): OptimizerSpec {
  return adamOf('adam', options, 0);
}

/**
 * AdamW, like torch.optim.AdamW: Adam with weight decay that is not part of the gradient.
 * @throws OptionError that names the option
 */
export function adamw(options: AdamOptions = {}): OptimizerSpec {
  return adamOf('adamw', options, 1e-2);
}

function adamOf(kind: 'adam' | 'adamw', options: AdamOptions, defaultDecay: number): OptimizerSpec {
  const read = new OptionReader(kind, options, ['rate', 'beta1', 'beta2', 'epsilon', 'weightDecay']);
  const rate = read.number('rate', 1e-3, 0, LARGEST);
  const beta1 = read.share('beta1', 0.9);
  const beta2 = read.share('beta2', 0.999);
  const epsilon = read.number('epsilon', 1e-8, SMALLEST, LARGEST);
  const weightDecay = read.number('weightDecay', defaultDecay, 0, LARGEST);
  return {
    kind,
    options: { rate, beta1, beta2, epsilon, weightDecay },
    op: 'adam',
    stateTensors: ['adam.mean', 'adam.square'],
    attributes: { beta1, beta2, epsilon, weightDecay, decoupled: kind === 'adamw' },
    hyper: (step, now) => hyperOf(step, now, 1 - beta1 ** step, 1 - beta2 ** step),
  };
}

/**
 * Makes an optimizer from plain data `{ kind, options }`, such as in a checkpoint.
 * @throws OptionError that names the wrong value
 */
export function optimizerFromJSON(value: unknown): OptimizerSpec {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OptionError('optimizer', value, 'an object { kind, options }');
  onlyKnown('optimizer', value, ['kind', 'options']);
  const { kind, options = {} } = value as { kind?: unknown; options?: unknown };
  const make = { sgd, adagrad, rmsprop, adam, adamw }[oneOf('optimizer.kind', kind, OPTIMIZER_KINDS)];
  return make(options as object);
}

/** Range of options: far from the limits of single precision. */
const SMALLEST = 1e-30;
const LARGEST = 1e6;

function hyperOf(step: number, rate: number, second = 0, third = 0): Float32Array {
  wholeNumber('step', step);
  return Float32Array.of(numberWithin('rate', rate, 0, LARGEST), second, third, 0);
}

/** Reads and checks options one by one. Messages name them like `adam.beta1`. */
class OptionReader {
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(
    readonly kind: OptimizerKind,
    options: object,
    known: readonly string[],
  ) {
    if (typeof options !== 'object' || options === null || Array.isArray(options))
      throw new OptionError(kind, options, 'an object of options');
    onlyKnown(kind, options, known);
    this.#options = options as Readonly<Record<string, unknown>>;
  }

  number(name: string, fallback: number, low: number, high: number): number {
    const value = this.#options[name];
    return value === undefined ? fallback : numberWithin(`${this.kind}.${name}`, value, low, high);
  }

  /** A number from 0 to below 1. */
  share(name: string, fallback: number): number {
    const value = this.#options[name];
    return value === undefined ? fallback : numberWithin(`${this.kind}.${name}`, value, 0, 1, true);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#options[name];
    if (value === undefined) return fallback;
    if (typeof value !== 'boolean') throw new OptionError(`${this.kind}.${name}`, value, 'true or false');
    return value;
  }
}

import { OptionError, ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import type { Random } from '../core/random.js';
import type { ParameterSpec } from '../layers/parameters.js';
import type { Tensor } from '../plan/tensor.js';
import { Sym } from './sym.js';

/** A parameter of a module. Its name does not include the module's name. */
export interface ModuleParameter extends ParameterSpec {
  /** Makes the initial elements, row-major. */
  readonly start: (random: Random) => Float32Array;
}

/** A function of tensors that has parameters. */
export type Module<A extends readonly unknown[] = never[], R = unknown> = ((...args: A) => R) & {
  readonly parameters: readonly ModuleParameter[];
};

/** Whether a module uses dropout. */
export function drawsMasks(module: object): boolean {
  return 'dropout' in module && module.dropout === true;
}

/** Finds a parameter of a module by its local name. */
export type Own = (name: string) => Tensor;

/**
 * Makes a module.
 * @param compute applies the module; `own` finds a parameter by its name within the module
 * @param dropout whether the module uses dropout
 */
export function makeModule<A extends readonly [Sym, ...unknown[]], R>(
  parameters: readonly ModuleParameter[],
  compute: (own: Own, ...args: A) => R,
  dropout = false,
): Module<A, R> {
  const module = Object.assign(
    (...args: A): R => {
      const [x] = args;
      checkSym('x', x);
      return compute((name) => x.scope.own(module, name), ...args);
    },
    { parameters, dropout },
  );
  return module;
}

/** Checks that x is a tensor of a model. @throws OptionError for anything else, such as an array */
export function checkSym(option: string, x: unknown): asserts x is Sym {
  if (!(x instanceof Sym))
    throw new OptionError(option, x, 'a tensor, such as a field of the model or the result of a module');
}

/** @throws ShapeError where the last axis of x is not C */
export function checkWidth(what: string, x: Sym, C: number): void {
  if (x.shape.at(-1) !== C)
    throw new ShapeError(`${what}: expected ${C} features in the last axis, got [${x.shape.join(',')}].`);
}

/** Initial values uniform in ±bound. */
export function uniform(shape: readonly number[], bound: number): (random: Random) => Float32Array {
  return (random) =>
    Float32Array.from({ length: elementCount(shape) }, () => bound * (2 * random.uniform() - 1));
}

/** Initial values from N(0, 1). */
export function normal(shape: readonly number[]): (random: Random) => Float32Array {
  return (random) => Float32Array.from({ length: elementCount(shape) }, () => random.normal());
}

/** Initial values 0. */
export function zeros(shape: readonly number[]): () => Float32Array {
  return () => new Float32Array(elementCount(shape));
}

import { OptionError, ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import type { Random } from '../core/random.js';
import type { ParameterSpec } from '../layers/parameters.js';
import type { Tensor } from '../plan/tensor.js';
import { Sym } from './sym.js';

/** Parameters of a module without the module's own name, and how they start. */
export interface ModuleParameter extends ParameterSpec {
  /** Elements of the parameter, row-major. */
  readonly start: (random: Random) => Float32Array;
}

/** A function of tensors with parameters of its own. */
export type Module<A extends readonly unknown[] = never[], R = unknown> = ((...args: A) => R) & {
  readonly parameters: readonly ModuleParameter[];
};

/** Whether a module draws masks of dropout. */
export function drawsMasks(module: object): boolean {
  return 'dropout' in module && module.dropout === true;
}

/** Finds a parameter of a module by its local name. */
export type Own = (name: string) => Tensor;

/** A module from its parameters and what it computes; `own` finds a parameter by its local name. */
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

/** Refuses what is no tensor of a model, such as an array. @throws OptionError */
export function checkSym(option: string, x: unknown): asserts x is Sym {
  if (!(x instanceof Sym))
    throw new OptionError(option, x, 'a tensor, such as a field of the model or what a module gave');
}

/** @throws ShapeError where the last axis of x is not C */
export function checkWidth(what: string, x: Sym, C: number): void {
  if (x.shape.at(-1) !== C)
    throw new ShapeError(`${what}: expected ${C} features in the last axis, got [${x.shape.join(',')}].`);
}

/** Numbers uniform in ±bound. */
export function uniform(shape: readonly number[], bound: number): (random: Random) => Float32Array {
  return (random) =>
    Float32Array.from({ length: elementCount(shape) }, () => bound * (2 * random.uniform() - 1));
}

/** Numbers from N(0, 1). */
export function normal(shape: readonly number[]): (random: Random) => Float32Array {
  return (random) => Float32Array.from({ length: elementCount(shape) }, () => random.normal());
}

/** Zeros. */
export function zeros(shape: readonly number[]): () => Float32Array {
  return () => new Float32Array(elementCount(shape));
}

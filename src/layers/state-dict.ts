import { elementCount } from '../core/notation.js';
import { describeOtherCell } from './cell-of-weights.js';
import type { NamedArray, ParameterSpec, StateDict } from './named-arrays.js';
import { describeKind, describeNotNumbers } from './number-arrays.js';

/** Element types that weights may have. All are converted to single precision. */
const FLOATING = ['F32', 'F16', 'BF16', 'F64'];

/**
 * Everything in a state_dict that does not fit a model's parameters, as phrases: another cell
 * first, then what is missing, misshapen, of another type or extra. Empty if everything fits.
 */
export function describeMisfits(specs: readonly ParameterSpec[], values: StateDict): string[] {
  if (!isObject(values) || Array.isArray(values) || ArrayBuffer.isView(values))
    return [`expected an object with { shape, data } by parameter name, got ${describeKind(values)}`];
  const H = hiddenOf(specs);
  const own = (name: string): unknown => (Object.hasOwn(values, name) ? values[name] : undefined);
  const shapeOf = (name: string): readonly number[] | undefined => shapeIn(own(name));
  const written = (spec: ParameterSpec): string => lettersAndNumbers(spec, H);
  const names = Object.keys(values);
  const known = new Set(specs.map(({ name }) => name));
  const extra = names
    .filter((name) => !known.has(name))
    .map((name) => `${name} [${shapeOf(name)?.join(',') ?? '?'}] is not of this model`);
  const problems = [
    ...specs.flatMap((spec) => describeMisfit(spec, own(spec.name), written(spec)) ?? []),
    ...extra,
  ];
  const otherCell = describeOtherCell(specs, { names, shapeOf }, written);
  return otherCell === undefined ? problems : [otherCell, ...problems];
}

/**
 * Why `given` does not fit a parameter, as a phrase; undefined if it fits. `given` may be any
 * value, since it may come from plain JavaScript or from a file of another program.
 */
function describeMisfit({ name, shape }: ParameterSpec, given: unknown, written: string): string | undefined {
  if (given === undefined) return `${name} ${written} is missing`;
  const is = shapeIn(given);
  if (!is)
    return `${name} ${written} must be { shape, data } with arrays of numbers, is ${describeKind(given)}`;
  if (is.join() !== shape.join()) {
    const turned = looksTransposed(shape, is) ? ', which looks transposed' : '';
    return `${name} must be ${written}, is [${is.join(',')}]${turned}`;
  }
  const { data, dtype } = given as NamedArray;
  const holds = `${name} must hold floating-point numbers (${FLOATING.join(', ')}), holds`;
  const problem = describeNotNumbers(data);
  if (problem !== undefined) return `${holds} ${problem}`;
  if (data.length !== elementCount(shape))
    return `${name} ${written} needs ${elementCount(shape)} elements, has ${data.length}`;
  return isFloating(data, dtype) ? undefined : `${holds} ${dtype ?? describeKind(data)}`;
}

/**
 * Whether a matrix looks like the transposed of the expected one: no axis fits, but a swapped one
 * does.
 */
export function looksTransposed([rows, columns, ...rest]: readonly number[], is: readonly number[]): boolean {
  if (is.length !== 2 || rest.length > 0 || is[0] === rows || is[1] === columns) return false;
  return is[0] === columns || is[1] === rows;
}

/** The shape of a named array; undefined if it has no array of numbers as its shape. */
function shapeIn(value: unknown): readonly number[] | undefined {
  return isObject(value) && 'shape' in value && describeNotNumbers(value.shape) === undefined
    ? Array.from(value.shape as ArrayLike<number>)
    : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** `[4H,C] = [512,65]`; numbers alone for a parameter whose letters are not known. */
function lettersAndNumbers(spec: ParameterSpec, H: number | undefined): string {
  const numbers = `[${spec.shape.join(',')}]`;
  const letters = lettersOf(spec, H);
  return letters === undefined ? numbers : `[${letters.join(',')}] = ${numbers}`;
}

function lettersOf({ name, shape, gates }: ParameterSpec, H: number | undefined): string[] | undefined {
  if (gates) {
    const rows = gates.length === 1 ? 'H' : `${gates.length}H`;
    if (shape.length === 1) return [rows];
    return [rows, isRecurrent(name) ? 'H' : 'C'];
  }
  if (name === 'head.weight') return ['V', shape[1] === H ? 'H' : shape[1] === 2 * (H ?? NaN) ? '2H' : 'C'];
  if (name === 'head.bias') return ['V'];
  if (name === 'embedding.weight') return ['V', 'C'];
  return shape.length === 1 && shape[0] === H ? ['H'] : undefined;
}

function hiddenOf(specs: readonly ParameterSpec[]): number | undefined {
  const recurrent = specs.find(({ gates }) => gates !== undefined);
  return recurrent?.gates && recurrent.shape[0] / recurrent.gates.length;
}

function isRecurrent(name: string): boolean {
  return /(?:^|\.)weight_hh_l\d/.test(name);
}

function isFloating(data: ArrayLike<number>, dtype: unknown): boolean {
  if (typeof dtype === 'string') return FLOATING.includes(dtype.toUpperCase());
  return !ArrayBuffer.isView(data) || data instanceof Float32Array || data instanceof Float64Array;
}

import { describe } from '../core/errors.js';

/**
 * Checks that a value is an array of numbers. NaN is a number. Elements of a typed array are not
 * read, since its type determines what they are.
 * @returns undefined if it is; else what it is, as a phrase: `BigInt64Array`, `an array whose
 *   element 3 is "a"`
 */
export function describeNotNumbers(value: unknown): string | undefined {
  if (ArrayBuffer.isView(value))
    return /^(?:BigU?[Ii]nt|DataView)/.test(typeName(value)) ? typeName(value) : undefined;
  if (!isArrayLike(value)) return describeKind(value);
  for (let i = 0; i < value.length; i++)
    if (typeof value[i] !== 'number') return `an array whose element ${i} is ${describeKind(value[i])}`;
  return undefined;
}

/**
 * A value as messages name it where something else was expected: primitives as they are written,
 * objects by their type.
 */
export function describeKind(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return describe(value);
  if (Array.isArray(value)) return 'an array';
  return typeName(value) === 'Object' ? 'an object' : typeName(value);
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return typeof value === 'object' && value !== null && 'length' in value && Number.isInteger(value.length);
}

/**
 * `Float32Array`, `Map`, `Object`. The constructor's name would change in minified code, and
 * `instanceof` fails for objects of another realm.
 */
function typeName(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

import { describe } from '../core/errors.js';

/**
 * What came in the place of an array of numbers, as a phrase: `BigInt64Array`, `an array whose
 * element 3 is "a"`; undefined where nothing is amiss. A typed array is not looked through: its
 * type says what its elements are. NaN is a number.
 */
export function notNumbers(value: unknown): string | undefined {
  if (ArrayBuffer.isView(value))
    return /^(?:BigU?[Ii]nt|DataView)/.test(typeName(value)) ? typeName(value) : undefined;
  if (!isArrayLike(value)) return kindOf(value);
  for (let i = 0; i < value.length; i++)
    if (typeof value[i] !== 'number') return `an array whose element ${i} is ${kindOf(value[i])}`;
  return undefined;
}

/**
 * How a value that should have been something else is called: primitives as they are written,
 * objects by their type.
 */
export function kindOf(value: unknown): string {
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
 * `Float32Array`, `Map`, `Object`; unlike the constructor's name, it survives minifiers and other
 * realms.
 */
function typeName(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

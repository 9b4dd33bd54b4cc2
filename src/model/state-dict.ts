import { elementCount } from '../core/notation.js';
import type { ParameterSpec } from './parameters.js';

/** Named arrays in PyTorch's names and shapes: a state_dict. */
export type StateDict = Readonly<Record<string, NamedArray>>;

interface NamedArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
  /** Element type of the file that it came from, where it did. */
  readonly dtype?: string;
}

/** Cells of PyTorch by their number of gates. */
const CELL_OF: Readonly<Record<number, string>> = { 1: 'an RNN', 3: 'a GRU', 4: 'an LSTM' };

/** Element types that weights may have; all of them become single precision. */
const FLOATING = ['F32', 'F16', 'BF16', 'F64'];

/** Everything that keeps a state_dict from being a model's, as phrases: another cell, then what is missing, misshapen, of another type or extra. */
export function misfits(specs: readonly ParameterSpec[], values: StateDict): string[] {
  const H = hiddenOf(specs);
  const problems: string[] = [];
  const own = (name: string): NamedArray | undefined => (Object.hasOwn(values, name) ? values[name] : undefined);
  for (const spec of specs) {
    const given = own(spec.name);
    if (!given) problems.push(`${spec.name} ${lettersAndNumbers(spec, H)} is missing`);
    else if (given.shape.join() !== spec.shape.join()) problems.push(`${spec.name} must be ${lettersAndNumbers(spec, H)}, is [${given.shape.join(',')}]`);
    else if (given.data.length !== elementCount(spec.shape))
      problems.push(`${spec.name} ${lettersAndNumbers(spec, H)} needs ${elementCount(spec.shape)} elements, has ${given.data.length}`);
    else if (!isFloating(given)) problems.push(`${spec.name} must hold floating-point numbers (${FLOATING.join(', ')}), holds ${given.dtype ?? given.data.constructor.name}`);
  }
  const known = new Set(specs.map(({ name }) => name));
  for (const name of Object.keys(values)) if (!known.has(name)) problems.push(`${name} [${values[name].shape.join(',')}] is not of this model`);
  const otherCell = specs.map((spec) => cellMisfit(spec, own(spec.name))).find((problem) => problem !== undefined);
  return otherCell === undefined ? problems : [otherCell, ...problems];
}

/** Says so where recurrent weights [G*H,H] are of a cell with another G. */
function cellMisfit({ name, shape, gates }: ParameterSpec, given: NamedArray | undefined): string | undefined {
  if (!gates || !isRecurrent(name) || given?.shape.length !== 2) return undefined;
  const G = given.shape[0] / given.shape[1];
  if (G === gates.length || !(G in CELL_OF)) return undefined;
  const is = `${name} [${given.shape.join(',')}] is ${CELL_OF[G]}'s: G = ${G}`;
  return `${is}, where the model is ${CELL_OF[gates.length]} with G = ${gates.length}, ${lettersAndNumbers({ name, shape, gates }, shape[1])}`;
}

/** `[4H,C] = [512,65]`; numbers alone for a parameter whose name says nothing. */
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

function isFloating({ data, dtype }: NamedArray): boolean {
  if (dtype !== undefined) return FLOATING.includes(dtype.toUpperCase());
  return !ArrayBuffer.isView(data) || data instanceof Float32Array || data instanceof Float64Array;
}

import type { Column } from '../data/column.js';
import { features, grid, image } from '../data/number-columns.js';
import { roundedUp, type Conditions } from '../generate/model.js';
import { featureReader } from './feature-reader.js';
import type { ReaderInput } from './reader.js';
import { isSymbolInput, symbolSizes, type SymbolInput } from './symbols.js';
import { sourceIds, writtenSymbols, type SourceText } from './written-symbols.js';

/** Smallest number of positions of a padded source, so that few programs are compiled. */
const MIN_POSITIONS = 8;

/** Numbers in nested lists or in one list. */
export type Numbers = ArrayLike<number> | readonly Numbers[];

/** The condition of an encoder–decoder with this input. */
export type SourceOf<I extends ReaderInput> = I extends SymbolInput ? SourceText : Numbers;

/**
 * Makes a function that turns sources into the fields of an encoder.
 * @param positions number of positions of the memory for a number of steps
 */
export function sourceReader<I extends ReaderInput>(
  input: I,
  positions: (length: number) => number,
): (conditions: readonly SourceOf<I>[], first: number) => Conditions {
  const given: ReaderInput = input;
  if (isSymbolInput(given)) {
    const read = textReader(given, positions);
    return (conditions, first) => read(conditions as readonly SourceText[], first);
  }
  const column = columnOf(given);
  return (conditions, first) => readNumbers(column, conditions, first, positions);
}

/** Symbols as `source` u32 [S,N] and `sourceLengths` [N]. */
function textReader(
  input: SymbolInput,
  positions: (length: number) => number,
): (conditions: readonly SourceText[], first: number) => Conditions {
  const { V } = symbolSizes('source', input, 0);
  const symbols = writtenSymbols(input, V);
  return (conditions, first) => {
    const N = conditions.length;
    const rows = conditions.map((one, n) => sourceIds(one, symbols, `condition ${first + n}`));
    const lengths = rows.map((ids) => ids.length);
    const S = roundedUp(Math.max(...lengths), MIN_POSITIONS);
    const source = new Uint32Array(S * N).fill(V);
    rows.forEach((ids, n) => ids.forEach((id, s) => (source[s * N + n] = id)));
    return {
      arrays: { source, sourceLengths: Uint32Array.from(lengths) },
      sizes: { S, N },
      attended: lengths.map(positions),
    };
  };
}

/** The column that reads numbers as the fields of the encoder. */
function columnOf(input: Exclude<ReaderInput, SymbolInput>): Column {
  if ('features' in input) {
    const { features: size, cells } = input;
    return cells === undefined ? features('source', { size, source: true }) : grid('source', { cells, size });
  }
  const { rows, columns, channels = 1 } = input.image;
  const size = { rows, columns, channels };
  return input.steps === 'columns'
    ? image('source', size)
    : image('source', { ...size, every: true, source: true });
}

/** Numbers as `source` and `sourceLengths`, or as `grid` or `image`, which have no lengths. */
function readNumbers(
  column: Column,
  conditions: readonly unknown[],
  first: number,
  positions: (length: number) => number,
): Conditions {
  const rows = conditions.map((one, n) => column.encode(one, `Condition ${first + n}`).arrays);
  const { sourceLengths, ...main } = column.fields;
  if (!sourceLengths) {
    const [name] = Object.keys(main);
    return featureReader(main)(
      rows.map((arrays) => arrays[name]),
      first,
    );
  }
  const N = rows.length;
  const lengths = rows.map((arrays) => arrays.sourceLengths[0]);
  const S = roundedUp(Math.max(...lengths), MIN_POSITIONS);
  const width = rows[0].source.length / lengths[0];
  const source = new Float32Array(S * N * width);
  rows.forEach((arrays, n) => {
    for (let i = 0; i < arrays.source.length; i++)
      source[(Math.floor(i / width) * N + n) * width + (i % width)] = arrays.source[i];
  });
  return {
    arrays: { source, sourceLengths: Uint32Array.from(lengths) },
    sizes: { S, N },
    attended: lengths.map(positions),
  };
}

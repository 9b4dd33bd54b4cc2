import { roundedUp, type Conditions } from '../generate/model.js';
import { symbolSizes, type SymbolInput } from './symbols.js';
import { sourceIds, writtenSymbols, type SourceText } from './written-symbols.js';

/** Positions that a source is padded to at least, so that few programs are compiled. */
const LEAST_POSITIONS = 8;

/**
 * How sources become the fields `source` [S,N] and `sourceLengths` [N].
 * @param positions of the memory for a source of so many symbols
 */
export function sourceReader(
  input: SymbolInput,
  positions: (length: number) => number,
): (conditions: readonly SourceText[], first: number) => Conditions {
  const { V } = symbolSizes('source', input, 0);
  const symbols = writtenSymbols(input, V);
  return (conditions, first) => {
    const N = conditions.length;
    const rows = conditions.map((one, n) => sourceIds(one, symbols, `condition ${first + n}`));
    const lengths = rows.map((ids) => ids.length);
    const S = roundedUp(Math.max(...lengths), LEAST_POSITIONS);
    const source = new Uint32Array(S * N).fill(V);
    rows.forEach((ids, n) => ids.forEach((id, s) => (source[s * N + n] = id)));
    return {
      arrays: { source, sourceLengths: Uint32Array.from(lengths) },
      sizes: { S, N },
      attended: lengths.map(positions),
    };
  };
}

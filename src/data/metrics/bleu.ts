import { OptionError } from '../../core/errors.js';
import { isListOfValues } from '../column.js';
import { checkSymbols, type Symbols } from './sequences.js';

/** Longest n-grams. */
const ORDER = 4;

/**
 * What BLEU adds up over sentences: for n from 1 to 4 the n-grams that match, for n from 1 to 4 the
 * n-grams of the candidate, the candidate's length, and that of the reference nearest in length.
 */
export type BleuCounts = readonly number[];

/** The counts of one sentence. @param references at least one */
export function bleuCounts(candidate: Symbols, references: readonly Symbols[]): BleuCounts {
  checkSymbols('candidate', candidate);
  if (!isListOfValues(references)) throw new OptionError('references', references, 'an array of sequences');
  const matches: number[] = [];
  const totals: number[] = [];
  for (let n = 1; n <= ORDER; n++) {
    const most = new Map<string, number>();
    for (const reference of references)
      for (const [gram, count] of gramsOf(reference, n)) most.set(gram, Math.max(most.get(gram) ?? 0, count));
    let matched = 0;
    for (const [gram, count] of gramsOf(candidate, n)) matched += Math.min(count, most.get(gram) ?? 0);
    matches.push(matched);
    totals.push(Math.max(0, candidate.length - n + 1));
  }
  const { length } = candidate;
  const lengths = references.map((reference) => reference.length);
  // Of two lengths that are equally near, the shorter.
  lengths.sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b);
  return [...matches, ...totals, length, lengths[0] ?? 0];
}

/**
 * BLEU of counts that were added up, from 0 to 1: BP · exp(¼ Σ log pₙ), with pₙ the share of n-grams
 * that match and BP = min(1, exp(1 − r/c)), c and r the lengths of candidates and references.
 * Without smoothing: 0 if no n-gram of some length matches. (Papineni and others, ACL 2002.)
 *
 * Where no candidate has four symbols, the mean is over the lengths n that there are, which sacreBLEU
 * calls `effective_order` (Post, "A Call for Clarity in Reporting BLEU Scores", WMT 2018).
 */
export function bleuOfCounts(counts: BleuCounts): number {
  const [length, reference] = counts.slice(2 * ORDER);
  const order = counts.slice(ORDER, 2 * ORDER).filter((grams) => grams > 0).length;
  if (order === 0) return 0;
  let logs = 0;
  for (let n = 0; n < order; n++) {
    if (counts[n] === 0) return 0;
    logs += Math.log(counts[n] / counts[ORDER + n]) / order;
  }
  return Math.exp(Math.min(0, 1 - reference / length) + logs);
}

/** A generated sentence, and one or several that were wanted. */
export interface BleuPair {
  readonly candidate: Symbols;
  readonly references: readonly Symbols[];
}

/** BLEU of a corpus: counts of all sentences together, not a mean over sentences. */
export function bleu(pairs: Iterable<BleuPair>): number {
  if (typeof pairs !== 'object' || pairs === null || !(Symbol.iterator in pairs))
    throw new OptionError('pairs', pairs, 'a list of { candidate, references }');
  const totals = new Array<number>(2 * ORDER + 2).fill(0);
  for (const { candidate, references } of pairs)
    for (const [i, count] of bleuCounts(candidate, references).entries()) totals[i] += count;
  return bleuOfCounts(totals);
}

/** How often each n-gram occurs. */
function gramsOf(symbols: Symbols, n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= symbols.length; i++) {
    const gram = JSON.stringify(Array.from({ length: n }, (_, j) => symbols[i + j]));
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

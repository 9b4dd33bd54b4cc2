import { OptionError } from '../../core/errors.js';
import { isListOfValues } from '../column.js';
import { checkSymbols, type Symbols } from './sequences.js';

/** Length of the longest n-grams. */
const ORDER = 4;

/**
 * The ten sums of BLEU over sentences: four numbers of n-grams that match (n = 1 to 4), four
 * numbers of n-grams of the candidates, the lengths of the candidates, and for each candidate the
 * length of the reference that is nearest in length.
 */
export type BleuCounts = readonly number[];

/** The counts of one sentence. @param references one or several */
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
  // If two lengths are equally near, BLEU takes the shorter one.
  lengths.sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b);
  return [...matches, ...totals, length, lengths[0] ?? 0];
}

/**
 * BLEU from summed counts, from 0 to 1: BP · exp(¼ Σ log pₙ). pₙ is the share of n-grams that
 * match, BP = min(1, exp(1 − r/c)), c and r are the lengths of candidates and references. There is
 * no smoothing: BLEU is 0 if no n-gram of some length n matches. (Papineni and others, ACL 2002.)
 *
 * If no candidate has four symbols, the mean is over the lengths n that occur. sacreBLEU calls this
 * `effective_order` (Post, "A Call for Clarity in Reporting BLEU Scores", WMT 2018).
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

/** A generated sentence and one or several wanted sentences. */
export interface BleuPair {
  readonly candidate: Symbols;
  readonly references: readonly Symbols[];
}

/**
 * BLEU of a corpus, from 0 to 1: from the summed counts of all sentences, not a mean over
 * sentences.
 */
export function bleu(pairs: Iterable<BleuPair>): number {
  if (typeof pairs !== 'object' || pairs === null || !(Symbol.iterator in pairs))
    throw new OptionError('pairs', pairs, 'a list of { candidate, references }');
  const totals = new Array<number>(2 * ORDER + 2).fill(0);
  for (const { candidate, references } of pairs)
    for (const [i, count] of bleuCounts(candidate, references).entries()) totals[i] += count;
  return bleuOfCounts(totals);
}

/** The number of times that each n-gram occurs. */
function gramsOf(symbols: Symbols, n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + n <= symbols.length; i++) {
    const gram = JSON.stringify(Array.from({ length: n }, (_, j) => symbols[i + j]));
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

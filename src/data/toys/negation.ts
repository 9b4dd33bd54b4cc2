import { onlyKnown, wholeNumber } from '../../core/options.js';
import { records, type Records } from '../records.js';
import { madeRecords, type ToyOptions } from './options.js';

const GOOD = ['good', 'lovely', 'clever', 'funny'];
const BAD = ['bad', 'dull', 'silly', 'slow'];
const THINGS = ['film', 'music', 'plot', 'end', 'cast'];
const DEGREES = ['', 'very ', 'really '];

/** The labels of `negation`, for `labels`. */
export const NEGATION_LABELS = ['negative', 'positive'] as const;

/**
 * Reviews of two clauses with one good and one bad word. One of the words is negated: "the film is
 * not dull and the cast is clever" is positive. Every review has a twin of the same words in which
 * the other word is negated, with the other label: "the film is dull and the cast is not clever". A
 * bag of words cannot tell twins apart, so it is right half of the time.
 *
 * Twins are neighbours in the list. A random split separates some of them.
 * @param options count: an even number
 */
export function negation(options: ToyOptions): Records<{ text: string; label: string }> {
  onlyKnown('negation', options, ['count', 'seed']);
  const pairs = wholeNumber('half of count', options.count / 2);
  const twins = madeRecords({ ...options, count: pairs }, (random) => {
    const any = <T>(list: readonly T[]): T => list[random.below(list.length)];
    const isGoodFirst = random.below(2) === 0;
    const adjectives = isGoodFirst ? [any(GOOD), any(BAD)] : [any(BAD), any(GOOD)];
    const things = [any(THINGS), any(THINGS)];
    const degrees = [any(DEGREES), any(DEGREES)];
    const review = (denied: number): { text: string; label: string } => {
      const clauses = things.map(
        (thing, i) => `the ${thing} is ${i === denied ? 'not ' : ''}${degrees[i]}${adjectives[i]}`,
      );
      const isGoodDenied = (denied === 0) === isGoodFirst;
      return { text: clauses.join(' and '), label: NEGATION_LABELS[isGoodDenied ? 0 : 1] };
    };
    const first = random.below(2);
    return { twins: [review(first), review(1 - first)] };
  });
  return records.of([...twins].flatMap((pair) => pair.twins));
}

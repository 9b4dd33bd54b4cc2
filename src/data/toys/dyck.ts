import { OptionError } from '../../core/errors.js';
import { onlyKnown, wholeNumber } from '../../core/options.js';
import { between, chance } from '../../text/synthetic/language.js';
import type { Records } from '../records.js';
import { checkRange, madeRecords, type ToyOptions } from './options.js';

const PAIRS = ['()', '[]', '{}', '<>'] as const;

/** What `dyck` takes. */
export interface DyckOptions extends ToyOptions {
  /** Kinds of brackets, from 1 to 4. Default 2. */
  readonly kinds?: number;
  /** Brackets that are open at once at most. Default 6. */
  readonly deepest?: number;
  /** Brackets of a word, an even number. Default 4. */
  readonly shortest?: number;
  /** Default 40. */
  readonly longest?: number;
}

/** The tag where no bracket is open. */
export const NONE_OPEN = 'none';

/**
 * Words of balanced brackets, each bracket with the one that may close next: `( [ ] ( ) )` has the
 * tags `) ] ) ) ) none`. Whoever knows it has kept all open brackets on a stack.
 * - `tokens`, the brackets
 * - `tags`, one for each: the closing bracket of the innermost open one, or `none`
 */
export function dyck(options: DyckOptions): Records<{ tokens: string[]; tags: string[] }> {
  onlyKnown('dyck', options, ['count', 'seed', 'kinds', 'deepest', 'shortest', 'longest']);
  const kinds = wholeNumber('kinds', options.kinds ?? 2, 1, PAIRS.length);
  const deepest = wholeNumber('deepest', options.deepest ?? 6);
  const [shortest, longest] = checkRange(options.shortest ?? 4, options.longest ?? 40);
  for (const [name, value] of Object.entries({ shortest, longest }))
    if (value % 2 !== 0) throw new OptionError(name, value, 'an even number: brackets come in pairs');
  return madeRecords(options, (random) => {
    const length = 2 * between(random, shortest / 2, longest / 2);
    const open: string[] = [];
    const tokens: string[] = [];
    const tags: string[] = [];
    while (tokens.length < length) {
      const left = length - tokens.length;
      const mayOpen = open.length < deepest && open.length < left;
      if (open.length === 0 || (mayOpen && chance(random, 0.5))) {
        const [opening, closing] = PAIRS[random.below(kinds)];
        tokens.push(opening);
        open.push(closing);
      } else tokens.push(open.pop() ?? '');
      tags.push(open.at(-1) ?? NONE_OPEN);
    }
    return { tokens, tags };
  });
}

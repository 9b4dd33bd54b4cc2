/** The tags of `opinionOf`: the role of each word of a review. */
export const OPINION_TAGS = ['other', 'liked', 'disliked', 'denies', 'praise', 'blame'] as const;
type Tag = (typeof OPINION_TAGS)[number];

const THINGS = ['film', 'music', 'plot', 'end', 'cast'];
const GOOD = ['good', 'lovely', 'clever', 'funny'];
const BAD = ['bad', 'dull', 'silly', 'slow'];

/**
 * Returns a review of `toys.negation` with a tag for each word. Praise after a negation is blame,
 * so tags depend on earlier words. Whether a thing is liked depends on later words.
 */
export function opinionOf(text: string): { readonly tokens: string[]; readonly tags: Tag[] } {
  const tokens = text.split(' ');
  const tags = tokens.map((): Tag => 'other');
  let [denied, thing]: [boolean, number | undefined] = [false, undefined];
  for (const [i, word] of tokens.entries()) {
    if (word === 'and') [denied, thing] = [false, undefined];
    else if (word === 'not') [denied, tags[i]] = [true, 'denies'];
    else if (THINGS.includes(word)) thing = i;
    else if (GOOD.includes(word) || BAD.includes(word)) {
      const praises = GOOD.includes(word) !== denied;
      tags[i] = praises ? 'praise' : 'blame';
      if (thing !== undefined) tags[thing] = praises ? 'liked' : 'disliked';
    }
  }
  return { tokens, tags };
}

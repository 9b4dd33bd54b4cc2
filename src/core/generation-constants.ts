/**
 * Constants that generation and its ops share. They are a file of their own, since the references
 * of the ops may import from core alone.
 */

/** Value of the tensor `forced` where a row chooses its next id by itself. */
export const NO_FORCED_ID = 0xffffffff;

/** Score of a hypothesis that has ended, and of an empty place in a beam. */
export const ENDED_SCORE = -3e38;

/** Scores below this one belong to no hypothesis that continues. */
export const LEAST_SCORE = -1e30;

/** Logit that replaces the logit of a symbol that may not be chosen. */
export const BANNED_LOGIT = -3e38;

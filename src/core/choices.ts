/** In place of an id that a row must go on with: the row chooses by itself. */
export const NONE = 0xffffffff;

/** The score of a hypothesis that does not go on, and what such scores are below. */
export const ENDED = -3e38;
export const LEAST = -1e30;

/** What the logit of a symbol becomes that may not be chosen. */
export const NEVER = -3e38;

/** Moments of a training that the slider goes back to, at most. */
export const MOST_MOMENTS = 14;

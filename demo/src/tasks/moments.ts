/** Most moments of a training that the slider returns to. */
export const MOST_MOMENTS = 14;

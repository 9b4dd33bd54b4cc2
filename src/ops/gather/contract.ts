/** Partial sums of dbias: enough to fill a GPU, few enough to add up at once. */
export const BIAS_PARTS = 32;

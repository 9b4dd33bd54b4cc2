/** Partial sums of dbias: enough invocations for a GPU, and few enough to add up in one of them. */
export const BIAS_PARTS = 32;

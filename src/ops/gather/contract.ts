/**
 * Partial sums of dbias: enough invocations for a GPU, and few enough to add up in one of them. The
 * plan needs the number too, and cannot import index.ts, which loads the plan.
 */
export const BIAS_PARTS = 32;

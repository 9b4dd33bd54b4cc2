/**
 * Tensors of a cell that its decoder lacks: a decoder's rows always start from h0. The plan needs
 * them too, and cannot import index.ts, which loads the plan.
 */
export const NOT_DECODERS = ['keep', 'h0_learned', 'c0_learned'];

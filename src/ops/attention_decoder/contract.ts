/** Tensors of a cell that a decoder has not got: its rows always start from h0. */
export const NOT_DECODERS = ['keep', 'h0_learned', 'c0_learned'];

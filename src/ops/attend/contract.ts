import { input, weight } from '../../plan/op.js';

/** The tensors that additive attention reads besides the states. */
export const attentionTensors = {
  weight_query: weight(['A', 'H']),
  keys: input(['S', 'N', 'A'], { about: 'the source, projected once: weight_key·memory[s,n]' }),
  weight_score: weight(['1', 'A']),
} as const;

/** Invocations that share the source positions of one key column: the first axis of `row_scores`. */
export const SCORE_PARTS = 4;

// Entry of the SIMD kernels, and the list of them. Each takes addresses of tensors, then numbers,
// then the range that the thread owns. The native planner of each op calls them. Read elementwise.ts
// first: it has the simplest kernels.
export { batched_product, column_sums, product, product_scratch } from './product';
export { use_tall_tiles } from './lib/multiply';
export { attend_step, attention_scratch, attention_window } from './recurrent/attention';
export { gru_backward, gru_forward } from './recurrent/gru';
export { lstm_backward, lstm_forward } from './recurrent/lstm';
export { rnn_backward, rnn_forward } from './recurrent/rnn';
export { scan_backward, scan_forward, scan_scratch } from './recurrent/scan';
export { learned_gradient, recurrent_scratch } from './recurrent/window';
export { divisor_gradient, dropout, dropout_scratch, elements, multiply_adds } from './elementwise';
export { max_pool, max_pool_backward, patches, patches_gradient } from './images';
export { layer_norm_backward, layer_norm_forward, layer_norm_weight } from './layer-norm';
export { row_losses } from './losses';
export {
  add_row,
  choose_rows,
  copy_rows,
  gather_backward,
  gather_forward,
  half_lengths,
  last_steps,
  pair_steps,
  pair_steps_backward,
  permute,
  scale_rows,
  top_k,
  zero,
} from './row-ops';
export { sample } from './sample';
export { beam, force_ids, nucleus } from './symbol-search';
export { max_steps, max_steps_backward, mean_steps, mean_steps_backward } from './step-pooling';
export { softmax_backward, softmax_cross_entropy, softmax_forward } from './softmax';
export {
  adagrad_update,
  adam_update,
  rmsprop_update,
  sgd_update,
  squared_norm,
  step_summary,
} from './optimizers';

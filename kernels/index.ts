// Every kernel takes addresses of tensors, then numbers, then the range that the thread owns. What
// calls them: the `native.ts` beside each op.
export { column_sums, product, product_scratch } from './product';
export { gru_backward, gru_forward } from './recurrent/gru';
export { lstm_backward, lstm_forward } from './recurrent/lstm';
export { rnn_backward, rnn_forward } from './recurrent/rnn';
export { scan_backward, scan_forward, scan_scratch } from './recurrent/scan';
export { learned_gradient, recurrent_scratch } from './recurrent/window';
export { divisor_gradient, dropout, dropout_scratch, elements, multiply_adds } from './elements';
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
  scale_rows,
  zero,
} from './rows';
export { sample } from './sample';
export { softmax_backward, softmax_cross_entropy, softmax_forward } from './softmax';
export {
  adagrad_update,
  adam_update,
  rmsprop_update,
  sgd_update,
  squared_norm,
  step_summary,
} from './update';

import { OptionError } from '../core/errors.js';
import type { Op, OpRegistry } from '../plan/op.js';
import { adagrad } from './adagrad/index.js';
import { adam } from './adam/index.js';
import { add } from './add/index.js';
import { addInto } from './add_into/index.js';
import { addRow } from './add_row/index.js';
import { affine } from './affine/index.js';
import { attend } from './attend/index.js';
import { attentionGru, attentionLstm, attentionRnn } from './attention_decoder/index.js';
import { batchedMatmul, batchedMatmulNt, batchedMatmulTn } from './batched_matmul/index.js';
import { beam } from './beam/index.js';
import { chooseRows } from './choose_rows/index.js';
import { concat } from './concat/index.js';
import { convolution } from './convolution/index.js';
import { divide } from './divide/index.js';
import { dropout } from './dropout/index.js';
import { fill } from './fill/index.js';
import { forceIds } from './force_ids/index.js';
import { gather } from './gather/index.js';
import { gru } from './gru/index.js';
import { halfLengths } from './half_lengths/index.js';
import { lastSteps } from './last_steps/index.js';
import { layerNorm } from './layer_norm/index.js';
import { linear } from './linear/index.js';
import { lossScale } from './loss_scale/index.js';
import { lstm } from './lstm/index.js';
import { maskedSoftmax } from './masked_softmax/index.js';
import { matmul } from './matmul/index.js';
import { matmulTn } from './matmul_tn/index.js';
import { maxPool } from './max_pool/index.js';
import { mingru } from './mingru/index.js';
import { minlstm } from './minlstm/index.js';
import { multiply } from './multiply/index.js';
import { multiplyAdds } from './multiply_adds/index.js';
import { nucleus } from './nucleus/index.js';
import { pairSteps } from './pair_steps/index.js';
import { permute } from './permute/index.js';
import { maxSteps, meanSteps } from './pool_steps/index.js';
import { relu } from './relu/index.js';
import { rmsprop } from './rmsprop/index.js';
import { rnn } from './rnn/index.js';
import { absoluteError, huberError, sigmoidCrossEntropy, squaredError } from './row_losses/index.js';
import { sample } from './sample/index.js';
import { scaleRows } from './scale_rows/index.js';
import { sgd } from './sgd/index.js';
import { sigmoid } from './sigmoid/index.js';
import { slice } from './slice/index.js';
import { sliceColumns } from './slice_columns/index.js';
import { softmax } from './softmax/index.js';
import { softmaxCrossEntropy } from './softmax_cross_entropy/index.js';
import { squaredNorm } from './squared_norm/index.js';
import { stepSummary } from './step_summary/index.js';
import { subtract } from './subtract/index.js';
import { sumRows } from './sum_rows/index.js';
import { tanh } from './tanh/index.js';
import { argmax, topK } from './top_k/index.js';

/**
 * The only list of ops, by name. Its type is a record of literal names, so a misspelt name does not
 * compile. A newcomer reads this file first, then one folder: `softmax` shows every part. To add an
 * op, write its folder and add a line here (docs/extending.md).
 */
export const ops = {
  // Matrix products
  matmul,
  matmul_tn: matmulTn,
  linear,
  batched_matmul: batchedMatmul,
  batched_matmul_nt: batchedMatmulNt,
  batched_matmul_tn: batchedMatmulTn,
  // Moving and selecting rows, columns and steps
  gather,
  slice,
  slice_columns: sliceColumns,
  concat,
  permute,
  add_row: addRow,
  scale_rows: scaleRows,
  sum_rows: sumRows,
  choose_rows: chooseRows,
  last_steps: lastSteps,
  mean_steps: meanSteps,
  max_steps: maxSteps,
  pair_steps: pairSteps,
  half_lengths: halfLengths,
  // Element by element
  fill,
  add,
  add_into: addInto,
  subtract,
  multiply,
  divide,
  affine,
  tanh,
  sigmoid,
  relu,
  dropout,
  // Whole rows: normalization, softmax and losses
  layer_norm: layerNorm,
  softmax,
  masked_softmax: maskedSoftmax,
  softmax_cross_entropy: softmaxCrossEntropy,
  sigmoid_cross_entropy: sigmoidCrossEntropy,
  squared_error: squaredError,
  absolute_error: absoluteError,
  huber_error: huberError,
  // Images
  convolution,
  max_pool: maxPool,
  // Attention
  attend,
  attention_rnn: attentionRnn,
  attention_lstm: attentionLstm,
  attention_gru: attentionGru,
  // Recurrent layers
  rnn,
  lstm,
  gru,
  mingru,
  minlstm,
  // Optimizers, and what they read
  squared_norm: squaredNorm,
  step_summary: stepSummary,
  loss_scale: lossScale,
  sgd,
  adagrad,
  rmsprop,
  adam,
  // Sampling and search
  sample,
  nucleus,
  force_ids: forceIds,
  argmax,
  top_k: topK,
  beam,
  // The benchmark's measure of arithmetic
  multiply_adds: multiplyAdds,
} as const satisfies OpRegistry;

/**
 * Looks up an op by a name that comes from a file or a table.
 * @throws OptionError where no op has this name
 */
export function opNamed(name: string): Op {
  const registry: OpRegistry = ops;
  if (!Object.hasOwn(registry, name))
    throw new OptionError('op', name, `one of ${Object.keys(ops).join(', ')}`);
  return registry[name];
}

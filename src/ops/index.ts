import { OptionError } from '../core/errors.js';
import type { Op, OpRegistry } from '../plan/op.js';
import { adagrad } from './adagrad/index.js';
import { adam } from './adam/index.js';
import { add } from './add/index.js';
import { addInto } from './add_into/index.js';
import { addRow } from './add_row/index.js';
import { affine } from './affine/index.js';
import { chooseRows } from './choose_rows/index.js';
import { concat } from './concat/index.js';
import { divide } from './divide/index.js';
import { dropout } from './dropout/index.js';
import { gather } from './gather/index.js';
import { gru } from './gru/index.js';
import { halfLengths } from './half_lengths/index.js';
import { lastSteps } from './last_steps/index.js';
import { linear } from './linear/index.js';
import { lstm } from './lstm/index.js';
import { matmul } from './matmul/index.js';
import { matmulTn } from './matmul/transposed.js';
import { mingru } from './mingru/index.js';
import { minlstm } from './minlstm/index.js';
import { multiply } from './multiply/index.js';
import { multiplyAdds } from './multiply_adds/index.js';
import { pairSteps } from './pair_steps/index.js';
import { relu } from './relu/index.js';
import { rmsprop } from './rmsprop/index.js';
import { rnn } from './rnn/index.js';
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
import { sumRows } from './sum_rows/index.js';
import { tanh } from './tanh/index.js';

/**
 * The only list of ops, by name: a wrong name does not compile. A new op is a folder and a line
 * here.
 */
export const ops = {
  // Products
  matmul,
  matmul_tn: matmulTn,
  linear,
  // Rows and ids
  gather,
  slice,
  slice_columns: sliceColumns,
  concat,
  add_row: addRow,
  scale_rows: scaleRows,
  sum_rows: sumRows,
  choose_rows: chooseRows,
  last_steps: lastSteps,
  pair_steps: pairSteps,
  half_lengths: halfLengths,
  // Element by element
  add,
  add_into: addInto,
  multiply,
  divide,
  affine,
  tanh,
  sigmoid,
  relu,
  dropout,
  // Softmax and loss
  softmax,
  softmax_cross_entropy: softmaxCrossEntropy,
  // Recurrent layers
  rnn,
  lstm,
  gru,
  mingru,
  minlstm,
  // The end of a training step
  squared_norm: squaredNorm,
  step_summary: stepSummary,
  sgd,
  adagrad,
  rmsprop,
  adam,
  // Sampling
  sample,
  // Measuring
  multiply_adds: multiplyAdds,
} as const satisfies OpRegistry;

/** An op whose name comes from a file or a table. @throws OptionError for a name that is none */
export function opNamed(name: string): Op {
  const registry: OpRegistry = ops;
  if (!Object.hasOwn(registry, name))
    throw new OptionError('op', name, `one of ${Object.keys(ops).join(', ')}`);
  return registry[name];
}

import type { Op, OpRegistry } from '../plan/op.js';
import { addInto } from './add_into/index.js';
import { sumRows } from './sum_rows/index.js';
import { softmaxCrossEntropy } from './softmax_cross_entropy/index.js';
import { sample } from './sample/index.js';
import { gather } from './gather/index.js';
import { tanh } from './tanh/index.js';
import { adagrad } from './adagrad/index.js';
import { adam } from './adam/index.js';
import { rmsprop } from './rmsprop/index.js';
import { sgd } from './sgd/index.js';
import { squaredNorm } from './squared_norm/index.js';
import { stepSummary } from './step_summary/index.js';

/** The only list of ops. A new op is a folder and a line here. */
const list: readonly Op[] = [addInto, sample, tanh, adagrad, adam, rmsprop, sgd, squaredNorm, stepSummary, gather, softmaxCrossEntropy, sumRows];

export const ops: OpRegistry = Object.fromEntries(list.map((op) => [op.name, op]));

import { ops } from '../ops/index.js';
import type { CharModel } from '../model/char-model.js';
import { checkModel } from '../model/check-model.js';
import { GRADIENTS } from '../model/parameters.js';
import { differentiate } from '../plan/differentiate.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { OptimizerSpec } from './optimizers.js';
import { appendUpdate, type ClipOptions } from './update.js';

/**
 * Which sum of the losses of a window is differentiated: over its targets, or that divided by the
 * number of targets that count.
 */
export const LOSSES = ['mean', 'sum'] as const;
export type Loss = (typeof LOSSES)[number];

/** What decides a training graph. */
export interface TrainingGraphOptions {
  readonly T: number;
  readonly N: number;
  readonly loss: Loss;
  /** Targets that count in a window, by which the mean divides. Default: T·N. */
  readonly scored?: number;
  readonly clip: ClipOptions;
  readonly optimizer: OptimizerSpec;
}

/**
 * One training step as a graph: forward over the window, loss, backward, clip, update.
 * Feeds: `inputs` and `targets` u32 [T*N], `keep` [N], `hyper` [4], and where the model uses
 * dropout `key` u32 [2] = (seed, step). Report: `report` [4], see the op step_summary.
 */
export function trainingGraph(
  model: CharModel,
  { T, N, loss, scored = T * N, clip, optimizer }: TrainingGraphOptions,
): Graph {
  checkModel(model);
  const builder = new GraphBuilder();
  const inputs = builder.tensor('feed', 'inputs', [T * N], 'u32');
  const targets = builder.tensor('feed', 'targets', [T * N], 'u32');
  const keep = builder.tensor('feed', 'keep', [N]);
  const key = model.usesDropout ? builder.tensor('feed', 'key', [2], 'u32') : undefined;
  const parameters = model.layout.declare(builder);
  const arena = builder.get('parameters');
  const gradients = builder.tensor('memory', GRADIENTS, arena.shape);

  const logits = model.apply(builder, parameters, { T, N }, { ids: inputs, keep, key }, 'train');
  const losses = builder.apply(
    ops.softmax_cross_entropy,
    'loss',
    { logits, targets },
    { scale: loss === 'mean' ? 1 / scored : 1 },
  ).loss;
  differentiate(builder, { ops, wanted: Object.values(parameters), targets: { [arena.name]: gradients } });
  appendUpdate(builder, { ops, parameters: arena, gradients, loss: losses, optimizer, clip });
  return builder.graph;
}

/**
 * The loss of a window without gradients, and without dropout. Feeds: `inputs`, `targets` u32
 * [T*N], `keep` [N]. Report: `loss` [1], summed over the window's known targets. With `logits` the
 * output `logits` [T*N,V] is kept, which tells how many targets are the likeliest symbol.
 */
export function evaluationGraph(
  model: CharModel,
  { T, N, logits: kept = false }: { readonly T: number; readonly N: number; readonly logits?: boolean },
): Graph {
  checkModel(model);
  const builder = new GraphBuilder();
  const inputs = builder.tensor('feed', 'inputs', [T * N], 'u32');
  const targets = builder.tensor('feed', 'targets', [T * N], 'u32');
  const keep = builder.tensor('feed', 'keep', [N]);
  const logits = model.apply(
    builder,
    model.layout.declare(builder),
    { T, N },
    { ids: inputs, keep },
    `evaluate.${N}`,
  );
  if (kept)
    builder.apply(ops.slice, 'logits', { x: logits, y: builder.tensor('output', 'logits', logits.shape) });
  const losses = builder.apply(
    ops.softmax_cross_entropy,
    'loss',
    { logits, targets },
    { gradient: false },
  ).loss;
  builder.apply(ops.sum_rows, 'total', {
    x: builder.view(losses, [T * N, 1]),
    y: builder.tensor('report', 'loss', [1]),
  });
  return builder.graph;
}

import type { CharModel } from '../text/char-model.js';
import { savedName } from '../layers/layers-graph.js';
import { ops } from '../ops/index.js';
import { differentiate } from '../plan/differentiate.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';

/** Names of outputs of the graphs below, each [T,V]. */
export const PROBABILITIES = 'probabilities';
export const INPUT_GRADIENTS = 'd(one-hot)';

/**
 * The graph of forward over one row of T symbols, without dropout. Feeds: `ids` u32 [T], `keep`
 * [1]. Outputs: `probabilities` [T,V] of the next symbol, and the tensors that the cells save for
 * backward, named by `savedName`.
 */
export function activationsGraph(model: CharModel, T: number): Graph {
  const builder = new GraphBuilder();
  const saved = (name: string, layer: number, direction: number, shape: readonly number[]): Tensor =>
    builder.tensor('output', savedName(name, layer, direction), shape);
  const { ids, keep, parameters } = declare(builder, model, T);
  const logits = model.apply(builder, parameters, { T, N: 1 }, { ids, keep, inspect: { saved } }, 'inspect');
  builder.apply(ops.softmax, 'softmax', {
    x: logits,
    y: builder.tensor('output', PROBABILITIES, logits.shape),
  });
  return builder.graph;
}

/**
 * The graph of forward and backward over one row of T symbols. Feeds: `ids` and `targets` u32 [T],
 * `keep` [1]; targets of V or more have no loss. Output: `d(one-hot)` [T,V], the gradient of
 * −Σ log p(target) with respect to the one-hot vectors of the symbols.
 */
export function connectivityGraph(model: CharModel, T: number): Graph {
  const builder = new GraphBuilder();
  const { ids, keep, parameters } = declare(builder, model, T);
  const targets = builder.tensor('feed', 'targets', [T], 'u32');
  const logits = model.apply(builder, parameters, { T, N: 1 }, { ids, keep }, 'inspect');
  builder.apply(ops.softmax_cross_entropy, 'loss', { logits, targets });
  // The symbols select rows of this weight [V,C], the embedding or the projection of the lowest layer.
  // A row is the product of a one-hot vector with the weight.
  const { weight, y } = gatherOf(builder, ids);
  const gradients = differentiate(builder, { ops, wanted: [y] });
  builder.apply(ops.linear, 'inputs', {
    x: gradients[y.name],
    weight,
    y: builder.tensor('output', INPUT_GRADIENTS, [T, model.vocabulary.size]),
  });
  return builder.graph;
}

function declare(
  builder: GraphBuilder,
  model: CharModel,
  T: number,
): { readonly ids: Tensor; readonly keep: Tensor; readonly parameters: Record<string, Tensor> } {
  return {
    ids: builder.tensor('feed', 'ids', [T], 'u32'),
    keep: builder.tensor('feed', 'keep', [1]),
    parameters: model.layout.declare(builder),
  };
}

/** Weight and result of the call of gather that reads the ids; a character model has only one. */
function gatherOf(builder: GraphBuilder, ids: Tensor): { readonly weight: Tensor; readonly y: Tensor } {
  const call = builder.graph.calls.find(
    ({ op, tensors }) =>
      op === ops.gather.name && (builder.get(tensors.ids).view?.of ?? tensors.ids) === ids.name,
  );
  if (!call) throw new TypeError('The graph has no call of gather that reads the ids.');
  return { weight: builder.get(call.tensors.weight), y: builder.get(call.tensors.y) };
}

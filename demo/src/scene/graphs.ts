import { type CharModel, differentiate, GraphBuilder, ops, type Graph } from '../../../src/graph.js';

/** Outputs that the scene reads, for T letters, H units and V symbols. The text is one row. */
export const READ = {
  /** W_ih·x_t, [T,H]: for a one-hot x_t, the column of its letter. */
  fromLetter: 'fromLetter',
  /** W_hh·h_{t−1}, [T,H]. */
  fromBefore: 'fromBefore',
  /** [T+1,1,H]: row t is the state before letter t. */
  states: 'states',
  /** [T,V]. */
  scores: 'scores',
  /** softmax of the scores, [T,V]. */
  chances: 'chances',
  /** −log of the right letter's probability, [T]. */
  losses: 'losses',
  /** dL/d(scores), [T,V], where L is the sum of the losses. */
  scoreGradients: 'scoreGradients',
  /** dL/dh_t, [T,1,H]. */
  stateGradients: 'stateGradients',
  /** dL/dw of every weight, in the model's layout. */
  gradients: 'weightGradients',
  /** Probabilities if no letter knows those before, [T,V]. */
  forgetful: 'forgetfulChances',
} as const;

/**
 * Returns the graph of the forward pass over T letters, with all intermediate values as outputs.
 * Inputs: `inputs` and `targets` u32 [T].
 */
export function forwardGraph(model: CharModel, T: number): Graph {
  const { builder, parameters, inputs, targets, keep } = begin(model, T, 1);
  const [H, V] = [model.config.hidden, model.vocabulary.size];
  const output = (name: string, shape: readonly number[]) => builder.tensor('output', name, shape);
  const saved = (_name: string, _layer: number, _direction: number, shape: readonly number[]) =>
    output(READ.states, shape); // a plain RNN saves only its states
  const scores = model.apply(
    builder,
    parameters,
    { T, N: 1 },
    { ids: inputs, keep, inspect: { saved } },
    'probe',
  );
  const before = builder.view(builder.get(READ.states), [T, H]);
  builder.apply(ops.gather, 'letter', {
    weight: parameters['rnn.weight_ih_l0'],
    ids: inputs,
    y: output(READ.fromLetter, [T, H]),
  });
  builder.apply(ops.linear, 'before', {
    x: before,
    weight: parameters['rnn.weight_hh_l0'],
    y: output(READ.fromBefore, [T, H]),
  });
  builder.apply(ops.slice, 'scores', { x: scores, y: output(READ.scores, [T, V]) });
  builder.apply(ops.softmax, 'softmax', { x: scores, y: output(READ.chances, [T, V]) });
  builder.apply(
    ops.softmax_cross_entropy,
    'loss',
    { logits: scores, targets, loss: output(READ.losses, [T]) },
    { gradient: false },
  );
  return builder.graph;
}

/**
 * Returns the graph of forward and backward with all gradients as outputs. Inputs as in
 * `forwardGraph`.
 */
export function backwardGraph(model: CharModel, T: number): Graph {
  const { builder, parameters, inputs, targets, keep } = begin(model, T, 1);
  const dh = (_layer: number, _direction: number, shape: readonly number[]) =>
    builder.tensor('output', READ.stateGradients, shape);
  const scores = model.apply(
    builder,
    parameters,
    { T, N: 1 },
    { ids: inputs, keep, inspect: { dh } },
    'probe',
  );
  // It writes the gradient in place of the scores.
  builder.apply(ops.softmax_cross_entropy, 'loss', { logits: scores, targets });
  builder.apply(ops.slice, 'scoreGradients', {
    x: scores,
    y: builder.tensor('output', READ.scoreGradients, scores.shape),
  });
  const arena = builder.get('parameters');
  differentiate(builder, {
    ops,
    wanted: Object.values(parameters),
    targets: { [arena.name]: builder.tensor('output', READ.gradients, arena.shape) },
  });
  return builder.graph;
}

/**
 * Returns the graph of the same letters, each read alone from the zero state: T rows of one step.
 * Input: `inputs` u32 [T].
 */
export function forgetfulGraph(model: CharModel, T: number): Graph {
  const { builder, parameters, inputs, keep } = begin(model, T, T);
  const scores = model.apply(builder, parameters, { T: 1, N: T }, { ids: inputs, keep }, `evaluate.${T}`);
  builder.apply(ops.softmax, 'softmax', {
    x: scores,
    y: builder.tensor('output', READ.forgetful, scores.shape),
  });
  return builder.graph;
}

/** `keep` is never written, so it is zero, and every pass begins with the zero state. */
function begin(model: CharModel, T: number, N: number) {
  const builder = new GraphBuilder();
  const inputs = builder.tensor('input', 'inputs', [T], 'u32');
  const targets = builder.tensor('input', 'targets', [T], 'u32');
  const keep = builder.tensor('input', 'keep', [N]);
  return { builder, inputs, targets, keep, parameters: model.layout.declare(builder) };
}

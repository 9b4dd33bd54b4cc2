import { OptionError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { fieldShape, type Sizes } from '../train/batch.js';
import type { GenerativeModel } from './model.js';

/** Names of the tensors that a caller feeds, writes and reads. */
export const ID = 'id';
export const SCORE = 'score';
export const FORCED = 'forced';
export const CONTROL = 'control';
export const TEMPERATURE = 'temperature';
export const LIMITS = 'limits';
export const BANNED = 'banned';
export const CHOSEN = 'chosen';
export const SURPRISE = 'surprise';
export const TOTAL = 'total';
export const ATTENTION = 'attention';

/** Shapes of the tensors that `begin` writes to memory, before rows are repeated. */
export interface Kept {
  /** Shape [N,C] of each state. */
  readonly states: Readonly<Record<string, readonly number[]>>;
  /** Shape [P,N,C] of each tensor that all steps read. */
  readonly memory: Readonly<Record<string, readonly number[]>>;
}

/** Sizes of a pair of graphs: N rows with B hypotheses each. */
export interface Rows {
  /** Sizes of the conditions. */
  readonly sizes: Sizes;
  /** B: hypotheses of each row. */
  readonly width: number;
}

/** How a step chooses symbols. */
export interface Choosing {
  readonly kind: 'draw' | 'beam';
  /** Whether symbols are banned. */
  readonly ban: boolean;
  /** Whether samples are drawn from a nucleus. */
  readonly nucleus: boolean;
  /** Whether attention weights are reported. */
  readonly attention: boolean;
}

/**
 * Name of a tensor that `begin` or a step writes to memory. Each size of conditions has tensors of
 * its own, since a tensor in memory cannot change its shape.
 */
export function memoryName({ sizes, width }: Rows, name: string): string {
  const letters = Object.keys(sizes)
    .sort()
    .map((letter) => `${letter}${sizes[letter]}`);
  return `generate.${letters.join('.')}.B${width}.${name}`;
}

/** Name of the feed that repeats rows: for each of P·N·B rows the index p·N + n of its source. */
export function spreadName(P: number): string {
  return `spread.${P}`;
}

/** Content of the feed `spread.P`: indices of the rows of [P*N,C] that make [P*N*B,C]. */
export function spreadRows(P: number, N: number, width: number): Uint32Array {
  return Uint32Array.from({ length: P * N * width }, (_, i) => Math.floor(i / width));
}

/**
 * The graph that encodes conditions and writes `states` and `memory` of the model's `begin` to
 * memory, with each row repeated for its B hypotheses. Feeds: the fields of the conditions, and
 * `spread.P` for every P.
 */
export function beginGraph(
  model: GenerativeModel,
  rows: Rows,
): { readonly graph: Graph; readonly kept: Kept } {
  const builder = new GraphBuilder();
  const { sizes, width } = rows;
  const fields = Object.fromEntries(
    Object.entries(model.conditionFields).map(([name, field]) => [
      name,
      builder.tensor('feed', name, fieldShape(field, sizes), field.dtype),
    ]),
  );
  const parameters = model.layout.declare(builder);
  const { states, memory = {} } = model.begin({ builder, parameters, fields, sizes });
  const spreads = new Map<number, Tensor>();
  const keep = (name: string, tensor: Tensor): void => {
    const C = tensor.shape[tensor.shape.length - 1];
    const [R, P] = [elementCount(tensor.shape) / C, elementCount(tensor.shape) / C / sizes.N];
    const ids = spreads.get(P) ?? builder.tensor('feed', spreadName(P), [R * width], 'u32');
    spreads.set(P, ids);
    const place = builder.tensor('memory', memoryName(rows, name), repeated(tensor.shape, width));
    builder.apply(ops.gather, `keep.${name}`, {
      weight: builder.view(tensor, [R, C]),
      ids,
      y: builder.view(place, [R * width, C]),
    });
  };
  for (const [name, tensor] of Object.entries({ ...states, ...memory })) keep(name, tensor);
  const shapesOf = (tensors: Readonly<Record<string, Tensor>>): Kept['states'] =>
    Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
  return { graph: builder.graph, kept: { states: shapesOf(states), memory: shapesOf(memory) } };
}

/** The shape with `width` times as many rows; rows are the second last axis. */
function repeated(shape: readonly number[], width: number): number[] {
  return shape.map((length, axis) => (axis === shape.length - 2 ? length * width : length));
}

/**
 * The graph that reads one symbol of each hypothesis and chooses the next. The chosen symbols stay
 * on the device, where the next step reads them. R = N*B.
 *
 * Greedy choice and sampling. Feeds: `control` u32 [4] and `temperature` [1], see the op sample;
 * `forced` u32 [R]; `limits` [3], see the op nucleus. Reports: `chosen` u32 [R]; `surprise` [R] =
 * −log of the model's probability of the chosen symbol.
 *
 * Beam search. Feed: `forced` u32 [N]. Reports: `chosen` u32 [2,R] and `total` [N,B], see the op
 * beam.
 *
 * Both. Inputs: `banned` [V], which is added to the logits before the choice, and the fields of
 * `stepFields`. Report: `attention` [R,S].
 * @throws OptionError for attention of a model that has none
 */
export function stepGraph(model: GenerativeModel, rows: Rows, kept: Kept, choosing: Choosing): Graph {
  const builder = new GraphBuilder();
  const { width } = rows;
  const R = rows.sizes.N * width;
  const sizes = { ...rows.sizes, N: R };
  const memoryOf = (shapes: Kept['states']): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        builder.tensor('memory', memoryName(rows, name), repeated(shape, width)),
      ]),
    );
  const states = memoryOf(kept.states);
  const ids = builder.tensor('memory', memoryName(rows, ID), [R], 'u32');
  const fields = Object.fromEntries(
    (model.stepFields ?? []).map((name) => [name, builder.tensor('input', name, [R], 'u32')]),
  );
  const parameters = model.layout.declare(builder);
  const memory = memoryOf(kept.memory);
  const next = choosing.kind === 'beam' ? undefined : states;
  const step = model.step({ builder, parameters, ids, states, next, memory, fields, sizes });
  const V = model.written.size;
  const logits = builder.view(step.logits, [R, V]);
  const open = choosing.ban
    ? builder.apply(ops.add_row, 'allowed', { x: logits, b: builder.tensor('input', BANNED, [V]) }).y
    : logits;
  let parent: Tensor | undefined;
  if (choosing.kind === 'beam') parent = search(builder, { model, rows, ids, logits, open });
  else draw(builder, { ids, logits, open, nucleus: choosing.nucleus });
  keepStates(builder, step.states, states, parent);
  if (choosing.attention) {
    if (!step.attention)
      throw new OptionError('attention', true, `false, since this model (${model.kind}) has no attention`);
    const S = elementCount(step.attention.shape) / R;
    builder.apply(ops.slice, ATTENTION, {
      x: builder.view(step.attention, [R, S]),
      y: builder.tensor('report', ATTENTION, [R, S]),
    });
  }
  return builder.graph;
}

/** Writes the states to memory; in a beam search the states of the hypotheses that continue. */
function keepStates(
  builder: GraphBuilder,
  after: Readonly<Record<string, Tensor>>,
  places: Readonly<Record<string, Tensor>>,
  parent: Tensor | undefined,
): void {
  for (const [name, y] of Object.entries(places)) {
    const state = builder.view(after[name], y.shape);
    if (parent) builder.apply(ops.gather, `after.${name}`, { weight: state, ids: parent, y });
    else if (after[name] !== y) builder.apply(ops.slice, `after.${name}`, { x: state, y });
  }
}

/** Chooses by beam search. @returns for each hypothesis the row that it continues */
function search(
  builder: GraphBuilder,
  given: {
    readonly model: GenerativeModel;
    readonly rows: Rows;
    readonly ids: Tensor;
    readonly logits: Tensor;
    readonly open: Tensor;
  },
): Tensor {
  const { model, rows, ids, logits, open } = given;
  const { sizes, width: B } = rows;
  const { N } = sizes;
  const top = builder.apply(ops.top_k, 'likeliest', { x: open }, {}, { K: B });
  const { end } = model.written;
  return builder.apply(
    ops.beam,
    'beam',
    {
      logits,
      ids: top.ids,
      forced: builder.tensor('feed', FORCED, [N], 'u32'),
      score: builder.tensor('memory', memoryName(rows, SCORE), [N, B]),
      id: ids,
      chosen: builder.tensor('report', CHOSEN, [2, N * B], 'u32'),
      total: builder.tensor('report', TOTAL, [N, B]),
    },
    end === undefined ? {} : { end },
  ).parent;
}

/** Chooses greedily or by sampling. */
function draw(
  builder: GraphBuilder,
  given: {
    readonly ids: Tensor;
    readonly logits: Tensor;
    readonly open: Tensor;
    readonly nucleus: boolean;
  },
): void {
  const { ids, logits, open } = given;
  const [R] = ids.shape;
  const from = given.nucleus
    ? builder.apply(ops.nucleus, 'nucleus', { x: open, limits: builder.tensor('feed', LIMITS, [3]) }).y
    : open;
  builder.apply(ops.sample, 'sample', {
    logits: from,
    control: builder.tensor('feed', CONTROL, [4], 'u32'),
    temperature: builder.tensor('feed', TEMPERATURE, [1]),
    id: ids,
  });
  builder.apply(ops.force_ids, 'forced', {
    forced: builder.tensor('feed', FORCED, [R], 'u32'),
    id: ids,
    chosen: builder.tensor('report', CHOSEN, [R], 'u32'),
  });
  builder.apply(
    ops.softmax_cross_entropy,
    'surprise',
    { logits, targets: ids, loss: builder.tensor('report', SURPRISE, [R]) },
    { gradient: false },
  );
}

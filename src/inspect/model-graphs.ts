import { OptionError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { PARAMETERS } from '../layers/parameters.js';
import { ops } from '../ops/index.js';
import { differentiate } from '../plan/differentiate.js';
import { GraphBuilder, type Call, type Graph } from '../plan/graph.js';
import type { OpRegistry } from '../plan/op.js';
import type { Tensor } from '../plan/tensor.js';
import type { Fields, Sizes } from '../train/batch.js';
import type { Model } from '../train/model.js';
import { declareModel, keepOutput } from '../train/training-graph.js';

/** Prefix of the carried states for inspections of batches with N rows. */
export function useOf({ N }: Sizes): string {
  return `inspect.${N ?? ''}`;
}

/** Name of a model's output with attention weights. */
export const ATTENTION = 'attention';

/** Names of a model's outputs with predictions: of labels and symbols, and of numbers. */
export const PREDICTED = ['logits', 'predictions'] as const;

/** Name of the feed of `outputGradientGraph` that selects the element to differentiate. */
export const CHOSEN = 'inspected.chosen';

/** Name of the output with the gradient of an input. */
export function inputGradient(name: string): string {
  return `inspected.d(${name})`;
}

/**
 * The graph of a forward pass without dropout; with `backward` also of the mean loss and the
 * backward pass. Feeds: with `backward` the model's fields and `count`, else its inputs. Cells are
 * fused ops, since only these save gates and states.
 */
export function inspectionGraph(model: Model, sizes: Sizes, backward: boolean): Graph {
  const builder = new GraphBuilder();
  const { context, parameters } = declareModel(builder, model, sizes, {
    loss: 'mean',
    mode: backward ? 'train' : 'predict',
    use: useOf(sizes),
    ...(backward ? {} : { fields: inputsOf(model) }),
  });
  const built = model.build({ ...context, fusedCells: true });
  for (const name of [...PREDICTED, ATTENTION]) if (built.outputs[name]) keepOutput(builder, name, built);
  if (!backward) return builder.graph;
  const arena = builder.get(PARAMETERS);
  const gradients = builder.tensor('output', 'inspected.gradients', arena.shape);
  differentiate(builder, { ops, wanted: Object.values(parameters), targets: { [arena.name]: gradients } });
  return copiesFirst(builder.graph);
}

/**
 * Moves the copies of outputs before the loss, since a loss overwrites logits with their gradient.
 */
function copiesFirst({ tensors, calls }: Graph): Graph {
  const rootOf = (name: string): string => tensors[name].view?.of ?? name;
  const isCopy = ({ op, tensors: { y } }: Call): boolean =>
    op === ops.slice.name && (PREDICTED as readonly string[]).includes(rootOf(y));
  const copies = calls.filter(isCopy);
  const ordered = calls.filter((call) => !isCopy(call));
  for (const copy of copies) {
    const from = rootOf(copy.tensors.x);
    const loss = ordered.findIndex(
      ({ op, tensors: { logits } }) =>
        op === ops.softmax_cross_entropy.name && logits !== undefined && rootOf(logits) === from,
    );
    ordered.splice(loss < 0 ? ordered.length : loss, 0, copy);
  }
  return { tensors, calls: ordered };
}

/** Name of the field [N] of models that carry states: 1 carries a row's states, 0 resets them. */
export const KEEP = 'keep';

/** The fields that a prediction reads. */
export function inputsOf(model: Model): Fields {
  const { inputs = Object.keys(model.fields) } = model;
  return Object.fromEntries(inputs.map((name) => [name, model.fields[name]]));
}

/** Kind of each input field: floats, or ids of a number of symbols. */
export type InspectedInputs = Readonly<Record<string, 'features' | { readonly symbols: number }>>;

/**
 * The graph of the gradient of one element of an output with respect to the model's inputs. For
 * logits it is the gradient of the log-probability. Feeds: the model's inputs, and `CHOSEN`: for
 * logits [..,V] the class of each row u32 [R], or V for no class; for other outputs 1 at the chosen
 * element, else 0. Outputs, named by `inputGradient`: gradients of features, and of the one-hot
 * vectors [..,V] of ids. Inputs that the output does not depend on have none.
 * @throws OptionError for an output that the model does not have
 */
export function outputGradientGraph(
  model: Model,
  sizes: Sizes,
  output: string,
): { readonly graph: Graph; readonly inputs: InspectedInputs; readonly shape: readonly number[] } {
  const builder = new GraphBuilder();
  const fields = inputsOf(model);
  const { context } = declareModel(builder, model, sizes, {
    loss: 'sum',
    mode: 'predict',
    use: useOf(sizes),
    fields,
  });
  const { outputs } = model.build(context);
  const y = Object.hasOwn(outputs, output) ? outputs[output] : undefined;
  if (!y) throw new OptionError('output', output, `one of ${Object.keys(outputs).join(', ')}`);
  const C = y.shape.at(-1) ?? 1;
  const upstream: Record<string, Tensor> = {};
  if (output === 'logits') {
    const R = elementCount(y.shape) / C;
    const targets = builder.tensor('feed', CHOSEN, [R], 'u32');
    const logits = builder.view(y, [R, C]);
    builder.apply(ops.softmax_cross_entropy, 'inspected.log', { logits, targets }, { scale: -1 });
  } else upstream[y.name] = builder.tensor('feed', CHOSEN, y.shape);
  const inputs: Record<string, InspectedInputs[string]> = {};
  const wanted: Tensor[] = [];
  const targets: Record<string, Tensor> = {};
  const gathers = new Map<string, { readonly weight: Tensor; readonly y: Tensor }[]>();
  for (const [name, { dtype }] of Object.entries(fields)) {
    const field = builder.get(name);
    if (model.states && name === KEEP) continue;
    if (dtype === 'f32') {
      if (!dependsOn(builder, y, field)) continue;
      inputs[name] = 'features';
      wanted.push(field);
      targets[name] = builder.tensor('output', inputGradient(name), field.shape);
      continue;
    }
    const reading = gathersOf(builder, field).filter((gather) => dependsOn(builder, y, gather.y));
    if (reading.length === 0) continue; // such as lengths
    gathers.set(name, reading);
    inputs[name] = { symbols: reading[0].weight.shape[0] };
    wanted.push(...reading.map((gather) => gather.y));
  }
  const gradients = differentiate(builder, { ops, wanted, upstream, targets });
  for (const [name, reading] of gathers) addOneHotGradient(builder, name, reading, gradients);
  return { graph: builder.graph, inputs, shape: y.shape };
}

/** Whether gradients flow from a result of the graph back to a tensor. */
function dependsOn(builder: GraphBuilder, y: Tensor, x: Tensor): boolean {
  const registry: OpRegistry = ops;
  const rootOf = (name: string): string => builder.get(name).view?.of ?? name;
  const reached = new Set([rootOf(x.name)]);
  for (const { op, tensors } of builder.graph.calls) {
    const entries = Object.entries(tensors).map(
      ([key, name]) => [registry[op].tensors[key], rootOf(name)] as const,
    );
    if (entries.some(([row, root]) => row.differentiable && row.role !== 'output' && reached.has(root)))
      for (const [{ role }, root] of entries) if (role === 'output') reached.add(root);
  }
  return reached.has(rootOf(y.name));
}

/** Weights [V,C] and results of the calls of gather that read these ids. */
function gathersOf(
  builder: GraphBuilder,
  { name }: Tensor,
): { readonly weight: Tensor; readonly y: Tensor }[] {
  return builder.graph.calls.flatMap(({ op, tensors }) => {
    if (op !== ops.gather.name || (builder.get(tensors.ids).view?.of ?? tensors.ids) !== name) return [];
    return [{ weight: builder.get(tensors.weight), y: builder.get(tensors.y) }];
  });
}

/** Adds the gradient of one-hot vectors, [..,V]: Σ dy·weightᵀ over the calls that read the ids. */
function addOneHotGradient(
  builder: GraphBuilder,
  name: string,
  reading: readonly { readonly weight: Tensor; readonly y: Tensor }[],
  gradients: Readonly<Record<string, Tensor>>,
): void {
  const { shape } = builder.get(name);
  const [V] = reading[0].weight.shape;
  const R = elementCount(shape);
  const result = builder.tensor('output', inputGradient(name), [R, V]);
  reading.reduce<Tensor | undefined>((sum, { weight, y }, i) => {
    const last = i === reading.length - 1;
    const label = `inspected.${name}.${i}`;
    const alone = last && !sum;
    const part = builder.apply(ops.linear, label, {
      x: gradients[y.name],
      weight,
      ...(alone ? { y: result } : {}),
    }).y;
    if (!sum) return part;
    const flat = (tensor: Tensor): Tensor => builder.view(tensor, [R * V]);
    return builder.apply(ops.add, `${label}.sum`, {
      a: flat(sum),
      b: flat(part),
      ...(last ? { y: flat(result) } : {}),
    }).y;
  }, undefined);
}

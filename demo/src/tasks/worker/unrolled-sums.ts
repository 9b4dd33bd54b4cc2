import { FACTS, tokenizerFromJSON, type LayerInspection } from '../../../../src/graph.js';
import { columnOf, gateSums, type Input } from '../../drawing/gate-sums.js';
import type { CellPlace, Sum } from '../../drawing/shape.js';
import { totalOf } from '../../drawing/sums.js';
import { wordsOf } from '../../words/parts.js';
import type { Look } from './unrolled-example.js';

const { comma, terms } = await wordsOf('drawing');

/** Parameters by PyTorch's names. */
export type Parameters = Readonly<Record<string, { readonly data: Float32Array }>>;

/** The settings that determine the sums of a layer. */
interface Config {
  readonly cell: keyof typeof FACTS;
  readonly nonlinearity?: 'tanh' | 'relu';
  readonly reset?: 'before' | 'after';
  readonly attention?: string;
  readonly inject?: string;
}

/**
 * Returns the terms of the gates and the candidate of one unit of the answering layers. The
 * contribution of a convolution over a picture is one term of each sum.
 */
export function unrolledSums(
  look: Look,
  parameters: Parameters,
  { layer, direction, step, unit }: CellPlace & { readonly unit: number },
): readonly Sum[] {
  const { run, found, read } = look;
  const module = run.open.kind.name === 'translate' ? 'decoder' : 'rnn';
  const way = direction === 1 ? 'reverse' : 'forward';
  const all = found.layers.filter((one) => one.module === module);
  const own = all.find((one) => one.layer === layer && one.direction === way);
  const suffix = `_l${layer}${direction === 1 ? '_reverse' : ''}`;
  const at = (name: string): Float32Array | undefined => parameters[`${module}.${name}${suffix}`]?.data;
  const weightIh = at('weight_ih');
  if (!own || !weightIh || step >= own.steps) return [];
  const { cell, nonlinearity = 'tanh', reset = 'after' } = configOf(look);
  const facts = FACTS[cell];
  const H = own.hidden;
  const columns = weightIh.length / (facts.gates.length * H);
  const inputs = (
    layer > 0
      ? fromBelow(all, own, step)
      : [
          ...symbolAt(look, parameters, step, columns),
          ...lookedAt(look, step),
          ...numbersAt(look, step, columns),
        ]
  ).map((input, k): Input => ({ ...input, weight: columnOf(weightIh, columns, k) }));
  const sums = gateSums(
    {
      ...{ gates: facts.gates, cell: facts, hidden: H, nonlinearity, reset },
      ...{ weightHh: at('weight_hh'), biasIh: at('bias_ih'), biasHh: at('bias_hh') },
    },
    {
      unit,
      inputs: layer > 0 ? inputs : [...inputs, ...classOf(look, parameters, step)],
      activations: Object.fromEntries(
        Object.entries(own.activations).map(([name, values]) => [name, rowOf(values, step, H)]),
      ),
      before: stateBefore(own, step),
    },
  );
  const seesPicture = read.kind === 'film' || (read.kind === 'picture' && run.open.kind.name === 'caption');
  return seesPicture && layer === 0 ? sums.flatMap(withPicture) : inputs.length === columns ? sums : [];
}

type Known = Omit<Input, 'weight'>;

function configOf({ run }: Look): Config {
  return run.trainer.model.config as Config;
}

function rowOf(values: Float32Array, t: number, width: number): Float32Array {
  return values.subarray(t * width, (t + 1) * width);
}

/** Returns the state before a step, in the layer's own direction; zero after a row's end. */
function stateBefore({ activations, before, direction, hidden, steps }: LayerInspection, step: number) {
  if (direction === 'reverse')
    return step + 1 < steps ? rowOf(activations.h, step + 1, hidden) : new Float32Array(hidden);
  return step > 0 ? rowOf(activations.h, step - 1, hidden) : (before?.h ?? new Float32Array(hidden));
}

/** Returns the output of the layer below in both directions; a pyramid joins two of its steps. */
function fromBelow(all: readonly LayerInspection[], own: LayerInspection, step: number): Known[] {
  const below = all.filter(({ layer }) => layer === own.layer - 1);
  const joins = below[0].steps > own.steps ? 2 : 1;
  return Array.from({ length: joins }, (_, half) => joins * step + half).flatMap((t, half) =>
    below.flatMap(({ activations, hidden, direction, steps }) =>
      Array.from({ length: hidden }, (_, j) => ({
        label: [
          terms.below(j + 1),
          ...(direction === 'reverse' ? [terms.fromRight] : []),
          ...(joins > 1 ? [half === 0 ? terms.firstOfTwo : terms.secondOfTwo] : []),
        ].join(comma),
        value: t < steps ? activations.h[t * hidden + j] : 0,
      })),
    ),
  );
}

/** Returns the vector of the symbol that is read. */
function symbolAt(look: Look, parameters: Parameters, step: number, columns: number): Known[] {
  const { previous, ids = previous } = look.batch.arrays as Readonly<Record<string, Uint32Array | undefined>>;
  if (!ids) return [];
  const vectors = (parameters['target_embedding.weight'] ?? parameters['embedding.weight'])?.data;
  const id = ids[step];
  if (!vectors)
    return Array.from({ length: columns }, (_, k) => ({ label: terms.symbol(k), value: k === id ? 1 : 0 }));
  const E = vectors.length / sizeOf(look);
  return Array.from({ length: E }, (_, k) => ({
    label: terms.numberOfSymbol(k + 1),
    value: vectors[id * E + k] ?? 0, // an unknown symbol is a zero vector
  }));
}

/** V: number of symbols that can be read. */
function sizeOf({ run }: Look): number {
  const writes = run.open.kind.name === 'translate' || run.open.kind.name === 'caption';
  return tokenizerFromJSON(run.setup.columns[writes ? 1 : 0].tokenizer).size;
}

/** Returns the context of additive attention: the mean of the encoder's states by its weights. */
function lookedAt(look: Look, step: number): Known[] {
  const { attention, layers } = look.found;
  const encoder = layers.filter(({ module }) => module === 'encoder');
  if (configOf(look).attention !== 'additive' || !attention || encoder.length === 0) return [];
  const top = Math.max(...encoder.map(({ layer }) => layer));
  return encoder
    .filter(({ layer }) => layer === top)
    .flatMap(({ activations, hidden, direction, steps }) =>
      Array.from({ length: hidden }, (_, j) => ({
        label: `${terms.lookedAt(j + 1)}${direction === 'reverse' ? comma + terms.fromRight : ''}`,
        value: rowOf(attention, step, steps).reduce(
          (sum, weight, s) => sum + weight * activations.h[s * hidden + j],
          0,
        ),
      })),
    );
}

/** Returns the numbers of a step, such as a row of pixels. */
function numbersAt({ batch }: Look, step: number, columns: number): Known[] {
  const { x } = batch.arrays as { readonly x?: Float32Array };
  if (!x) return [];
  return Array.from(rowOf(x, step, columns), (value, k) => ({ label: terms.numberOfStep(k + 1), value }));
}

/** Returns the class to write for, which is an input of every step, or of the first. */
function classOf(look: Look, parameters: Parameters, step: number): Input[] {
  const { read, run } = look;
  const weights = parameters['image.weight']?.data;
  if (read.kind !== 'class' || !weights) return [];
  if (configOf(look).inject === 'first' && step > 0) return [];
  const { labels } = run;
  return [
    { label: read.name, value: 1, weight: columnOf(weights, labels.length, labels.indexOf(read.name)) },
  ];
}

/** The rest of a sum is the contribution of the picture. */
function withPicture(sum: Sum): Sum[] {
  const { result, squash } = sum;
  const needed =
    squash === 'sigmoid'
      ? Math.log(result / (1 - result))
      : squash === 'tanh'
        ? Math.atanh(result)
        : squash === 'relu' && result === 0
          ? NaN
          : result;
  const value = needed - totalOf(sum);
  // The sum of a gate that is saturated to the last digit cannot be recovered.
  if (!Number.isFinite(value)) return [];
  return [{ ...sum, inputs: [...sum.inputs, { label: terms.picture, weight: 1, value }] }];
}

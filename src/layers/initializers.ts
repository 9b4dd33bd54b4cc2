import { OptionError } from '../core/errors.js';
import { numberAbove, oneOf, onlyKnown } from '../core/options.js';
import { elementCount } from '../core/notation.js';
import { Random, STREAM } from '../core/random.js';
import { CELLS, FACTS, hasRecurrentWeights, type CellKind } from '../cells/facts.js';
import { orthogonal } from './orthogonal.js';
import { EMBEDDING, type ParameterLayout, type ParameterSpec } from './parameters.js';

/** Initializers of the recurrent weights weight_hh. */
export const RECURRENT_INITIALIZERS = ['orthogonal', 'identity'] as const;
export type RecurrentInitializer = (typeof RECURRENT_INITIALIZERS)[number];

/** Exceptions from an initializer's rule for some parameters. */
export interface Refinements {
  /**
   * Sets each gate's block [H,H] of every weight_hh: `orthogonal` (Saxe, McClelland and Ganguli,
   * 2014), or `identity` for relu RNNs (Le, Jaitly and Hinton, 2015). Default: the initializer's
   * rule.
   */
  readonly recurrent?: RecurrentInitializer;
  /**
   * Sum of the forget gate's biases (Gers, Schmidhuber and Cummins, 2000; Jozefowicz, Zaremba and
   * Sutskever, 2015, use 1). For cells with a gate f. Default: the initializer's rule.
   */
  readonly forgetBias?: number;
  /**
   * Deviation of the embedding's vectors, which then start from N(0, deviation²);
   * torch.nn.Embedding has 1. Default: the initializer's rule. A model without an embedding ignores
   * it.
   */
  readonly embedding?: number;
}

/**
 * Initial values of the weights, as plain data.
 * - `uniform` in ±bound, biases too
 * - `normal` with mean 0 and a deviation, biases 0
 * - `glorot`: uniform in ±√(6 / (inputs + outputs)) (Glorot and Bengio, 2010), biases 0. Each gate
 *   counts as a matrix of its own, [H,C] or [H,H]; Keras counts the G·H rows of all gates as outputs
 *   instead. For a convolution [P,C,F,F], inputs are C·F·F and outputs P·F·F.
 *
 * Learned initial states start at 0.
 */
export type Initializer = (
  | { readonly kind: 'normal'; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'glorot' }
) &
  Refinements;

/**
 * PyTorch's defaults: recurrent layers and a head over H units uniform in ±1/√H, an embedding from
 * N(0, 1). A model of text with such an embedding learns faster than with a uniform one: see
 * docs/weights.md.
 */
export function torchDefault(hidden: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(hidden), embedding: 1 };
}

/**
 * Checks an initializer from a caller or a file.
 * @param cell the cell that it is for; refinements that the cell cannot have are refused
 * @returns the initializer
 * @throws OptionError
 */
export function checkInitializer(
  init: Initializer,
  cell?: CellKind,
  biases?: 'both' | 'single' | 'none',
): Initializer {
  oneOf('init.kind', init.kind, ['uniform', 'normal', 'glorot']);
  const known = { uniform: ['bound'], normal: ['deviation'], glorot: [] }[init.kind];
  onlyKnown('init', init, ['kind', ...known, 'recurrent', 'forgetBias', 'embedding']);
  if (init.kind === 'normal') numberAbove('init.deviation', init.deviation, 0, true);
  if (init.kind === 'uniform') numberAbove('init.bound', init.bound, 0, true);
  const { recurrent, embedding } = init;
  if (embedding !== undefined) numberAbove('init.embedding', embedding, 0, true);
  if (recurrent !== undefined) {
    oneOf('init.recurrent', recurrent, RECURRENT_INITIALIZERS);
    if (cell && !hasRecurrentWeights(cell))
      throw new OptionError(
        'init.recurrent',
        recurrent,
        `none for the cell ${cell}, which has no recurrent weights`,
      );
    if (cell && recurrent === 'identity' && FACTS[cell].gates.length > 1)
      throw new OptionError(
        'init.recurrent',
        recurrent,
        `"orthogonal" for the cell ${cell}; "identity" is for the cell rnn, whose weight_hh is one ` +
          'square [H,H]',
      );
  }
  checkForgetBias(init, cell, biases);
  return init;
}

/**
 * @throws OptionError where it is not a finite number, or the cell has no forget gate or no biases
 */
export function checkForgetBias(
  { forgetBias }: Pick<Refinements, 'forgetBias'>,
  cell?: CellKind,
  biases?: 'both' | 'single' | 'none',
): void {
  if (forgetBias === undefined) return;
  if (typeof forgetBias !== 'number' || !Number.isFinite(forgetBias))
    throw new OptionError('init.forgetBias', forgetBias, 'a finite number');
  if (cell && !hasForgetGate(cell))
    throw new OptionError(
      'init.forgetBias',
      forgetBias,
      `none for the cell ${cell}; cells with a forget gate: ${CELLS.filter(hasForgetGate).join(', ')}`,
    );
  if (biases === 'none')
    throw new OptionError(
      'init.forgetBias',
      forgetBias,
      'none where biases are "none"; set biases to "both" or "single"',
    );
}

/** The arena of initial parameters. The same seed gives the same weights on every device. */
export function initialParameters(layout: ParameterLayout, init: Initializer, seed: number): Float32Array {
  const random = new Random(seed, STREAM.weights);
  return packed(layout, init, (spec) => startingValues(spec, init, random));
}

/**
 * Applies refinements to the initial parameters of a model from modules: another forget bias, and
 * embeddings in N(0, embedding²) instead of N(0, 1).
 * @param arena the initial parameters of the modules
 */
export function refinedParameters(
  layout: ParameterLayout,
  arena: Float32Array,
  refinements: Pick<Refinements, 'forgetBias' | 'embedding'>,
): Float32Array {
  const { embedding = 1 } = refinements;
  const values = layout.unpack(arena);
  return packed(layout, refinements, ({ name }) =>
    isEmbedding(name) ? values[name].data.map((value) => embedding * value) : values[name].data,
  );
}

function packed(
  layout: ParameterLayout,
  { forgetBias }: Pick<Refinements, 'forgetBias'>,
  startOf: (spec: ParameterSpec) => Float32Array,
): Float32Array {
  const names = new Set(layout.specs.map(({ name }) => name));
  const values = layout.specs.map((spec) => {
    const data = startOf(spec);
    if (forgetBias !== undefined) setForgetBias(spec, forgetBias, names, data);
    return [spec.name, { shape: spec.shape, data }] as const;
  });
  return layout.pack(Object.fromEntries(values), 'initial weights');
}

function startingValues(
  { name, shape, gates = ['all'] }: ParameterSpec,
  init: Initializer,
  random: Random,
): Float32Array {
  const data = new Float32Array(elementCount(shape));
  if (isLearnedState(name)) return data;
  if (isEmbedding(name) && init.embedding !== undefined) return fillNormal(data, init.embedding, random);
  const isBias = shape.length === 1;
  if (init.recurrent !== undefined && !isBias && partOf(name) === 'weight_hh') {
    const H = shape[1];
    for (let gate = 0; gate < gates.length; gate++) {
      const block = data.subarray(gate * H * H, (gate + 1) * H * H);
      if (init.recurrent === 'orthogonal') block.set(orthogonal(H, random));
      else for (let i = 0; i < H; i++) block[i * H + i] = 1;
    }
    return data;
  }
  if (init.kind === 'uniform') return fillUniform(data, init.bound, random);
  if (isBias) return data;
  if (init.kind === 'glorot') {
    // Elements of a filter's window; 1 for a matrix.
    const places = data.length / (shape[0] * shape[1]);
    return fillUniform(data, Math.sqrt(6 / (places * (shape[0] / gates.length + shape[1]))), random);
  }
  return fillNormal(data, init.deviation, random);
}

function fillNormal(data: Float32Array, deviation: number, random: Random): Float32Array {
  for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
  return data;
}

function fillUniform(data: Float32Array, bound: number, random: Random): Float32Array {
  for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * bound;
  return data;
}

/**
 * Sets the forget gate's biases: `value` in bias_ih and 0 in bias_hh, or `value` in the only bias.
 */
function setForgetBias(
  { name, shape, gates = [] }: ParameterSpec,
  value: number,
  names: ReadonlySet<string>,
  data: Float32Array,
): void {
  const part = partOf(name);
  const forget = gates.indexOf('f');
  if (forget < 0 || (part !== 'bias_ih' && part !== 'bias_hh')) return;
  const isSecond = part === 'bias_hh' && names.has(name.replace('bias_hh_', 'bias_ih_'));
  const H = shape[0] / gates.length;
  data.fill(isSecond ? 0 : value, forget * H, (forget + 1) * H);
}

/** `weight_hh` of `rnn.weight_hh_l0_reverse`. */
function partOf(name: string): string | undefined {
  return /(?:^|\.)(weight_ih|weight_hh|bias_ih|bias_hh)_l\d+(?:_reverse)?$/.exec(name)?.[1];
}

/** Whether it is `embedding.weight`, or such as `source_embedding.weight` in an encoder–decoder. */
export function isEmbedding(name: string): boolean {
  return name === EMBEDDING || name.endsWith(`_${EMBEDDING}`);
}

/** Whether it is a learned initial state, such as `rnn.h0_l0` or `c0_l1_reverse`. */
function isLearnedState(name: string): boolean {
  return /(?:^|\.)[hc]0_l\d+(?:_reverse)?$/.test(name);
}

function hasForgetGate(cell: CellKind): boolean {
  return FACTS[cell].gates.includes('f');
}

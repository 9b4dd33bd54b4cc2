import { FACTS } from '../cells/facts.js';
import { OptionError } from '../core/errors.js';
import { oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { suffixOf } from '../layers/stack-options.js';
import { nn } from '../nn/modules.js';
import type { Module } from '../nn/module.js';
import type { Scope } from '../nn/scope.js';
import { Sym } from '../nn/sym.js';
import type { Tensor } from '../plan/tensor.js';
import type { Fields } from '../train/batch.js';
import type { ModelKind } from '../train/model.js';
import { checkNumbers } from './checks.js';
import { optionsFromConfig, plainConfig } from './config.js';
import { gateRows, makeDecoder, type Decoder } from './decoder.js';
import { FIRST } from './decoder-parts.js';
import {
  DECODING_OPTIONS,
  decodingModel,
  type DecodingModel,
  type DecodingOptions,
  type EncodedSource,
} from './decoding.js';
import { featureReader, type ImageNumbers } from './feature-reader.js';
import { generating, type Generates } from './generating.js';
import { makeImageEncoder, type ImageInput } from './image-encoder.js';
import { LAYER_OPTIONS, layersOf, type LayersOptions } from './layers.js';
import { symbolSizes } from './symbols.js';
import { writtenSymbols } from './written-symbols.js';

/**
 * Where the vector v of an image enters the decoder:
 * - `first`: V·v is added to the input product of layer 0 at the first step only
 * - `every`: at every step
 * - `prefix`: as a separate input before the first symbol; the output of that step is not used
 * - `attention`: a grid of places; the layers start from its mean, and each step attends to it by
 *   additive attention
 *
 * (Karpathy and Fei-Fei, 2014; Vinyals and others, 2014; Xu and others, 2015.)
 */
export const INJECTS = ['first', 'every', 'prefix', 'attention'] as const;
export type Inject = (typeof INJECTS)[number];

/** Options of `captioner`. */
export interface CaptionerOptions
  extends Omit<LayersOptions, 'bidirectional' | 'merge' | 'pyramidal' | 'initialState'>, DecodingOptions {
  /** F: features of an image, or with `cells` (P) of each of its places. */
  readonly features?: { readonly size: number; readonly cells?: number };
  /**
   * Instead of `features`: images, which convolutions read. Attention is over the places of the
   * last pooling. Without attention, the features of all places form one vector.
   */
  readonly image?: ImageInput;
  /** See `Inject`. Default `attention` for a grid, else `first`. */
  readonly inject?: Inject;
  /** A: units of the attention. Only with `inject: 'attention'`. Default H. */
  readonly attentionSize?: number;
}

/** The arrays that a captioner reads: `features` [N,F], or `grid` [P,N,F]. */
export type CaptionerFields = Fields & {
  readonly previous: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] };
  readonly targets: { readonly dtype: 'u32'; readonly shape: readonly ['T', 'N'] };
};

/**
 * Its condition is one image: F features, [P,F] features of places, or pixels [I,J,C] row by row,
 * in nested lists or in one list.
 */
export type Captioner = DecodingModel<CaptionerFields> & Generates<ImageNumbers>;

/** `kind` of captioners in checkpoints. */
export const CAPTIONER_KIND = 'captioner';

const NOT_OFFERED = ['bidirectional', 'merge', 'pyramidal', 'initialState'];

/**
 * One to many: recurrent layers write a text about the features of an image.
 *
 * Fields, where padded places hold V, the number of ids:
 * - `features` [N,F], or `grid` [P,N,F] with attention
 * - `previous`: u32 [T,N], a begin symbol, then the targets one step late
 * - `targets`: u32 [T,N]
 *
 * Outputs: `logits` [T,N,V] and, with attention, `attention` [T,N,P]. The loss is the
 * cross-entropy, a mean over targets. Parameters: `embedding.weight` [V,E], `rnn.*`, `head.*`, and
 * those of `inject`: `image.weight`; with `prefix` also `image.bias`; with `attention`
 * `initial.h.*`, `initial.c.*` and `attention.*`.
 * @throws OptionError for an option that is unknown, out of range or cannot be combined with
 *   another
 */
export function captioner(options: CaptionerOptions): Captioner {
  const known = LAYER_OPTIONS.filter((name) => !NOT_OFFERED.includes(name));
  onlyKnown('captioner', options, [
    ...known,
    ...DECODING_OPTIONS,
    ...['features', 'image', 'inject', 'attentionSize'],
  ]);
  const condition = conditionOf(options);
  const { F } = condition;
  const inject = oneOf('inject', options.inject ?? (condition.grid ? 'attention' : 'first'), INJECTS);
  if ((inject === 'attention') !== condition.grid)
    throw new OptionError(
      'inject',
      inject,
      condition.grid
        ? 'attention for a grid of features.cells'
        : 'first, every or prefix without features.cells',
    );
  const sizes = symbolSizes('target', options.target, 1);
  const layers = layersOf(options);
  const attends = inject === 'attention';
  if (!attends && options.attentionSize !== undefined)
    throw new OptionError(
      'attentionSize',
      options.attentionSize,
      `none unless inject is attention; it is ${inject}`,
    );
  const decoder = makeDecoder({
    ...layers,
    symbols: sizes.V,
    embedding: sizes.E,
    attention: attends ? 'additive' : 'none',
    memory: attends ? F : 0,
    attentionSize: wholeNumber('attentionSize', options.attentionSize ?? layers.hidden),
    joined: 0,
    joinsFirst: inject === 'first',
    inputFeeding: false,
  });
  const { modules, encode } = attends ? readGrid(decoder, F) : readVector(decoder, inject, { F, E: sizes.E });
  const model = decodingModel({
    kind: CAPTIONER_KIND,
    config: plainConfig(options),
    options,
    sizes,
    symbols: { target: options.target },
    condition: condition.fields,
    check: (batch) => Object.keys(condition.fields).forEach((name) => checkNumbers(batch, name)),
    before: condition.modules,
    between: modules,
    names: { embedding: 'embedding', layers: 'rnn' },
    decoder,
    inspected: decoder.rnn,
    encode: (scope, fields) => encode(scope, condition.read(fields)),
    attended: () => undefined,
  }) as DecodingModel<CaptionerFields>;
  return generating(model, {
    written: writtenSymbols(options.target, sizes.V),
    generation: options.generation,
    conditionFields: condition.fields,
    readConditions: featureReader(condition.fields),
  });
}

/** Makes captioners from checkpoints. */
export const captionerKind: ModelKind<Captioner> = {
  kind: CAPTIONER_KIND,
  fromConfig: (config) => captioner(optionsFromConfig(config) as CaptionerOptions),
};

/** The input about an image: its features, or the outputs of convolutions. */
interface Condition {
  readonly fields: Fields;
  readonly modules: Readonly<Record<string, Module>>;
  /** Whether the features are those of places, [P,N,F], instead of one vector [N,F]. */
  readonly grid: boolean;
  readonly F: number;
  /** @returns `features` [N,F] or `grid` [P,N,F] */
  read(fields: Readonly<Record<string, Sym>>): Readonly<Record<string, Sym>>;
}

/** @throws OptionError for both features and image, or neither */
function conditionOf({ features, image, inject }: CaptionerOptions): Condition {
  if ((features === undefined) === (image === undefined))
    throw new OptionError('features', features, 'an object with size, or the option image in its place');
  if (image !== undefined) {
    const encoder = makeImageEncoder('image', image);
    const { places: P, features: C, modules, shape } = encoder;
    // By default the decoder attends to the places.
    const attends = inject === undefined || inject === 'attention';
    return {
      fields: { image: { dtype: 'f32', shape: ['N', ...shape] } },
      modules,
      grid: attends,
      F: attends ? C : P * C,
      read({ image: images }) {
        const encoded = encoder.encode(images);
        const [N] = images.shape;
        if (!attends) return { features: encoded.reshape(N, P * C) };
        return { grid: encoded.reshape(N, P, C).permute(1, 0, 2) };
      },
    };
  }
  onlyKnown('features', features, ['size', 'cells']);
  const { size, cells } = features as NonNullable<typeof features>;
  const F = wholeNumber('features.size', size);
  const P = cells === undefined ? undefined : wholeNumber('features.cells', cells);
  return {
    fields:
      P === undefined
        ? { features: { dtype: 'f32', shape: ['N', F] } }
        : { grid: { dtype: 'f32', shape: [P, 'N', F] } },
    modules: {},
    grid: P !== undefined,
    F,
    read: (fields) => fields,
  };
}

interface ConditionReader {
  readonly modules: Readonly<Record<string, Module>>;
  readonly encode: (scope: Scope, fields: Readonly<Record<string, Sym>>) => EncodedSource;
}

/** A vector [N,F] that enters as `inject` says. */
function readVector(
  decoder: Decoder,
  inject: 'first' | 'every' | 'prefix',
  { F, E }: { readonly F: number; readonly E: number },
): ConditionReader {
  const prefix = inject === 'prefix';
  const image = prefix ? nn.linear(F, E) : nn.linear(F, gateRows(decoder.rnn), { bias: false });
  return {
    modules: { image },
    encode(scope, { features }) {
      const { tensor } = image(features);
      if (inject === 'first') return { initial: { [FIRST]: tensor }, source: {} };
      if (inject === 'every') return { initial: {}, source: { joined: tensor } };
      const [N] = features.shape;
      const step = decoder.project(scope, scope.builder.view(tensor, [1, N, E]));
      const { final } = decoder.rnn.fromProjected(new Sym(scope, step));
      return {
        initial: Object.fromEntries(Object.entries(final).map(([name, state]) => [name, state.tensor])),
        source: {},
      };
    },
  };
}

/** A grid [P,N,F]: the initial state of all layers is tanh of a product with its mean. */
function readGrid(decoder: Decoder, F: number): ConditionReader {
  const { cell, hidden, layers } = decoder.rnn.stack;
  const { states } = FACTS[cell];
  const starts = Object.fromEntries(states.map((state) => [state, nn.linear(F, hidden)] as const));
  return {
    modules: Object.fromEntries(states.map((state) => [`initial.${state}`, starts[state]])),
    encode(scope, { grid }) {
      const mean = grid.mean(0);
      const initial: Record<string, Tensor> = {};
      for (const state of states) {
        const start = starts[state](mean).tanh().tensor;
        for (let l = 0; l < layers; l++) initial[`${state}${suffixOf(l, 0)}`] = start;
      }
      return { initial, source: decoder.source(scope, grid.tensor, undefined) };
    },
  };
}

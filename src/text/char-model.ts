import { onlyKnown, wholeNumber } from '../core/options.js';
import { checkSameSymbols } from './check-source.js';
import { checkVocabulary, Vocabulary } from './vocabulary.js';
import type { SymbolSource, WindowFields } from './window-loader.js';
import { WindowModel } from './window-model.js';
import { readsNoFuture, Sampler, type SampleOptions } from './sampler.js';
import type { Device, Memory } from '../plan/device.js';
import type { Nonlinearity, Reset } from '../cells/cell-facts.js';
import type { CellKind } from '../cells/facts.js';
import type { ModelKind, WritingModel } from '../train/model.js';
import type { Source } from '../train/source.js';
import { checkInitializer, torchDefault, type Initializer } from '../layers/initializers.js';
import { withDefaults, type Biases, type CellForm, type InitialState } from '../layers/stack-options.js';

/** Options of `charModel`. */
export interface CharModelOptions {
  /** The symbols; V is its size. */
  readonly vocabulary: Vocabulary;
  /** Default `rnn`. */
  readonly cell?: CellKind;
  /** Of the cell `rnn`. Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Of the cell `gru`. Default `after`, as PyTorch has it. */
  readonly reset?: Reset;
  /** H. Default 100. */
  readonly hidden?: number;
  /** L. Default 1. */
  readonly layers?: number;
  /** Default `both`, as PyTorch has it. */
  readonly biases?: Biases;
  /**
   * Whether the head has a bias. Default: as the layers have it. PyTorch's modules choose it apart:
   * nn.LSTM(bias=False) beside a plain nn.Linear.
   */
  readonly headBias?: boolean;
  /** Share of every layer's outputs but the last's that is dropped in training. Default 0. */
  readonly dropout?: number;
  /**
   * Share of the state that is dropped where it enters the recurrent product, in training; one mask
   * per window. Default 0.
   */
  readonly recurrentDropout?: number;
  /**
   * Whether the layers read the window in both directions: for tasks that label whole sequences,
   * never to predict the next symbol. Default false.
   */
  readonly bidirectional?: boolean;
  /**
   * Width of learned vectors that stand for the symbols, as torch.nn.Embedding has them; 0, the
   * default, for one-hot vectors.
   */
  readonly embedding?: number;
  /** What a text starts from. Default `zero`. */
  readonly initialState?: InitialState;
  /** Default: uniform in ±1/√H, and the embedding from N(0, 1), as PyTorch has them. */
  readonly init?: Initializer;
  /** Default `fused`; `general` is slow and for comparisons. */
  readonly form?: CellForm;
}

/** A model's shape without its vocabulary: plain data, for checkpoints. */
export type CharModelConfig = Required<Omit<CharModelOptions, 'vocabulary' | 'headBias'>> &
  Pick<CharModelOptions, 'headBias'>;

/** `kind` of character models in checkpoints. */
export const CHAR_MODEL_KIND = 'char-model';

/**
 * A character model: one-hot symbol or embedding → recurrent layers → linear head → logits over the
 * vocabulary.
 */
export class CharModel extends WindowModel<CharModelConfig> implements WritingModel<SampleOptions> {
  readonly kind = CHAR_MODEL_KIND;

  /** @throws OptionError for what makes no stack of layers */
  constructor(
    readonly vocabulary: Vocabulary,
    config: CharModelConfig,
  ) {
    checkVocabulary(vocabulary);
    super(vocabulary.size, config);
  }

  toConfig(): CharModelConfig & { readonly symbols: readonly string[] } {
    return { ...this.config, symbols: this.vocabulary.symbols };
  }

  /**
   * @throws DataError for a source with other symbols, OptionError for a text where the model reads
   *   backwards
   */
  checkSource(source: Source<WindowFields>): void {
    const { vocabulary, targets, name } = source as Partial<SymbolSource>;
    if (targets === 'next') readsNoFuture(this);
    if (vocabulary) checkSameSymbols(this.vocabulary, vocabulary, name ?? 'the text');
  }

  /** @throws OptionError for a bidirectional model, which cannot continue anything */
  openWriter(device: Device, memory: Memory): Promise<Sampler> {
    return Sampler.create(this, device, memory);
  }
}

/**
 * A language model over a vocabulary, which predicts the next symbol.
 * @throws OptionError for an option that is unknown or out of range
 */
export function charModel(options: CharModelOptions): CharModel {
  return readsNoFuture(taskModel(options));
}

/**
 * A model of a task, whose targets are not its next inputs: it may be bidirectional. Such a model
 * can neither be trained on a text nor continue one.
 * @throws OptionError for an option that is unknown or out of range
 */
export function taskModel(options: CharModelOptions): CharModel {
  onlyKnown('model', options, ['vocabulary', ...Object.keys(CHAR_MODEL_DEFAULTS), 'headBias', 'init']);
  const { vocabulary, ...given } = options;
  const config = withDefaults(CHAR_MODEL_DEFAULTS, given);
  const { cell, biases } = config;
  return new CharModel(vocabulary, {
    ...config,
    init: checkInitializer(given.init ?? torchDefault(wholeNumber('hidden', config.hidden)), cell, biases),
  });
}

/** How checkpoints make a character model again. */
export const charModelKind: ModelKind<CharModel> = {
  kind: CHAR_MODEL_KIND,
  fromConfig: (config) => {
    const { symbols, ...options } = config as CharModelConfig & { readonly symbols: readonly string[] };
    return taskModel({ ...options, vocabulary: Vocabulary.fromSymbols(symbols) });
  },
};

/** Defaults, also of what an older checkpoint leaves out. */
export const CHAR_MODEL_DEFAULTS = {
  cell: 'rnn',
  nonlinearity: 'tanh',
  reset: 'after',
  hidden: 100,
  layers: 1,
  biases: 'both',
  dropout: 0,
  recurrentDropout: 0,
  bidirectional: false,
  embedding: 0,
  initialState: 'zero',
  form: 'fused',
} as const satisfies Partial<CharModelConfig>;

import { onlyKnown, wholeNumber } from '../core/options.js';
import { checkSameSymbols } from './check-source.js';
import { checkVocabulary, Vocabulary } from './vocabulary.js';
import type { SymbolSource, WindowFields } from './window-loader.js';
import { WindowModel } from './window-model.js';
import { readsNoFuture } from './next-symbol-model.js';
import type { Sampler, SampleOptions } from './sampler.js';
import type { Device, Memory } from '../plan/device.js';
import type { Nonlinearity, Reset } from '../cells/cell-facts.js';
import type { CellKind } from '../cells/facts.js';
import type { ModelKind, WritingModel } from '../train/model.js';
import type { Source } from '../train/source.js';
import { checkInitializer, torchDefault, type Initializer } from '../layers/initializers.js';
import { withDefaults, type Biases, type CellForm, type InitialState } from '../layers/stack-options.js';

/** Options of `charModel`. */
export interface CharModelOptions {
  /** The V symbols of the model. */
  readonly vocabulary: Vocabulary;
  /** Kind of the recurrent cells. Default `rnn`. */
  readonly cell?: CellKind;
  /** Activation of the cell `rnn`. Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Where the cell `gru` applies its reset gate. Default `after`, as in PyTorch. */
  readonly reset?: Reset;
  /** H: units of each layer. Default 100. */
  readonly hidden?: number;
  /** L: number of layers. Default 1. */
  readonly layers?: number;
  /** Biases of the layers. Default `both`, as in PyTorch. */
  readonly biases?: Biases;
  /**
   * Whether the head has a bias. Default: as the layers. In PyTorch the two are independent, for
   * example nn.LSTM(bias=False) with nn.Linear.
   */
  readonly headBias?: boolean;
  /** Share of outputs that training drops after every layer but the last. Default 0. */
  readonly dropout?: number;
  /**
   * Share of the state that training drops before the recurrent product, with one mask for each
   * window. Default 0.
   */
  readonly recurrentDropout?: number;
  /**
   * Whether the layers read a window in both directions. Only for tasks with labels, not for the
   * prediction of the next symbol. Default false.
   */
  readonly bidirectional?: boolean;
  /**
   * Width of the learned vectors of the symbols, as in torch.nn.Embedding. Default 0: one-hot
   * vectors.
   */
  readonly embedding?: number;
  /** The state at the start of a text. Default `zero`. */
  readonly initialState?: InitialState;
  /** Default: weights uniform in ±1/√H, the embedding from N(0, 1), as in PyTorch. */
  readonly init?: Initializer;
  /** Default `fused`. `general` is slow and only for comparisons. */
  readonly form?: CellForm;
}

/** The options of a model without its vocabulary, as plain data for checkpoints. */
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

  /** @throws OptionError for an option that is out of range */
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
   * @throws DataError for a source with other symbols, OptionError if the targets are the next
   *   symbols and the model is bidirectional
   */
  checkSource(source: Source<WindowFields>): void {
    const { vocabulary, targets, name } = source as Partial<SymbolSource>;
    if (targets === 'next') readsNoFuture(this);
    if (vocabulary) checkSameSymbols(this.vocabulary, vocabulary, name ?? 'the text');
  }

  /** @throws OptionError for a bidirectional model, which cannot continue anything */
  async openWriter(device: Device, memory: Memory): Promise<Sampler> {
    const { Sampler } = await import('./sampler.js');
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
 * A model of a task whose targets are not its next inputs, so it may be bidirectional. A
 * bidirectional model cannot be trained on a text and cannot continue one.
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

/** Makes character models from checkpoints. */
export const charModelKind: ModelKind<CharModel> = {
  kind: CHAR_MODEL_KIND,
  fromConfig: (config) => {
    const { symbols, ...options } = config as CharModelConfig & { readonly symbols: readonly string[] };
    return taskModel({ ...options, vocabulary: Vocabulary.fromSymbols(symbols) });
  },
};

/** Default options. They also apply to options that an older checkpoint lacks. */
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

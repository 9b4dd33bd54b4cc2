import { DataError, OptionError } from '../core/errors.js';
import { checkText, onlyKnown, trueOrFalse, wholeNumber } from '../core/options.js';
import { checkDefaults } from '../generate/options.js';
import { SequenceGenerator } from '../generate/generator.js';
import type {
  BeginContext,
  Conditions,
  GenerationDefaults,
  GenerationStart,
  GenerationStep,
  GenerativeModel,
  StepContext,
} from '../generate/model.js';
import { checkInitializer, torchDefault, type Initializer } from '../layers/initializers.js';
import { outputWidth, withDefaults } from '../layers/stack-options.js';
import { ops } from '../ops/index.js';
import type { Device, Memory } from '../plan/device.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import type { GeneratingModel, ModelKind } from '../train/model.js';
import type { Source } from '../train/source.js';
import { CHAR_MODEL_DEFAULTS, type CharModelOptions } from './char-model.js';
import { tokenizerFromJSON } from './tokenizers/registry.js';
import { checkTokenizer, type Tokenizer } from './tokenizers/tokenizer.js';
import type { SymbolSource, WindowFields } from './window-loader.js';
import { WindowModel, type WindowModelConfig } from './window-model.js';

/** Options of `languageModel`: those of `charModel` with a tokenizer instead of a vocabulary. */
export interface LanguageModelOptions extends Omit<
  CharModelOptions,
  'vocabulary' | 'bidirectional' | 'embedding'
> {
  /** Splits texts into symbols: `characters`, `words`, `bpe`, or a tokenizer of your own. */
  readonly tokenizer: Tokenizer;
  /** Width of the vectors of the symbols; 0: one-hot vectors. Default: H if `tied`, else 0. */
  readonly embedding?: number;
  /**
   * Whether the head shares the matrix of the embedding (Press and Wolf, 2017). The embedding must
   * then be as wide as the outputs of the layers. Default false.
   */
  readonly tied?: boolean;
  /** Defaults of `generate`. Default: greedy, at most 200 symbols. */
  readonly generation?: GenerationDefaults;
}

/** The options of a model without its tokenizer, as plain data for checkpoints. */
export interface LanguageModelConfig extends WindowModelConfig {
  readonly tied: boolean;
  readonly generation?: GenerationDefaults | undefined;
}

export const LANGUAGE_MODEL_KIND = 'language-model';

/**
 * A model that predicts the next symbol of a tokenizer. Train it on `tokenText`. The condition of
 * `generate` is the text to continue.
 */
export class LanguageModel
  extends WindowModel<LanguageModelConfig>
  implements GenerativeModel<string>, GeneratingModel
{
  readonly kind = LANGUAGE_MODEL_KIND;
  readonly conditionFields = {};

  /** @throws OptionError for an option that is out of range */
  constructor(
    readonly tokenizer: Tokenizer,
    config: LanguageModelConfig,
  ) {
    checkTokenizer('tokenizer', tokenizer);
    super(tokenizer.size, config, config.tied);
    const width = outputWidth(this.stack);
    if (config.tied && config.embedding !== width)
      throw new OptionError(
        'embedding',
        config.embedding,
        `the width of the layers' outputs, ${width}, since tied makes it the matrix of the head too`,
      );
  }

  get written(): Tokenizer {
    return this.tokenizer;
  }

  get generation(): GenerationDefaults | undefined {
    return this.config.generation;
  }

  toConfig(): object {
    return { ...this.config, tokenizer: this.tokenizer.toJSON() };
  }

  /** @throws DataError for a source with another number of symbols */
  checkSource(source: Source<WindowFields>): void {
    const { vocabulary } = source as Partial<SymbolSource>;
    if (vocabulary && vocabulary.size !== this.V)
      throw new DataError(
        `The model has ${this.V} symbols, but the text's ids are of ${vocabulary.size}: make the text with ` +
          "the model's tokenizer, tokenText(text, model.tokenizer).",
      );
  }

  /**
   * Reads the texts to continue. An empty text starts with the unknown symbol, whose input is zero,
   * because nothing precedes the first symbol of a text.
   */
  readConditions(conditions: readonly string[]): Conditions {
    const start = conditions.map((text) => {
      checkText('condition', text);
      const ids = this.tokenizer.encode(text);
      return ids.length === 0 ? [this.V] : ids;
    });
    return { arrays: {}, sizes: { N: conditions.length }, start };
  }

  begin({ builder, parameters, sizes: { N } }: BeginContext): GenerationStart {
    const names = Object.keys(this.states);
    return {
      states: Object.fromEntries(
        names.map((name) => [name, this.#firstState(builder, parameters, name, N)] as const),
      ),
    };
  }

  step({ builder, parameters, ids, states, next, sizes: { N } }: StepContext): GenerationStep {
    const after =
      next ??
      Object.fromEntries(
        Object.entries(states).map(([name, { shape }]) => [
          name,
          builder.tensor('value', `after.${name}`, shape),
        ]),
      );
    const window = { T: 1, N };
    const logits = this.logitsOf(builder, parameters, window, ids, { initial: states, final: after });
    return { logits, states: after };
  }

  openGenerator(device: Device, memory: Memory): SequenceGenerator<string> {
    return SequenceGenerator.create(this, device, memory);
  }

  /** The state at the start of a text, [N,H]: zero, or the learned state in every row. */
  #firstState(
    builder: GraphBuilder,
    parameters: Readonly<Record<string, Tensor>>,
    name: string,
    N: number,
  ): Tensor {
    const H = this.config.hidden;
    const zero = builder.apply(ops.fill, `zero.${name}`, {}, {}, { E: N * H }).y;
    const x = builder.view(zero, [N, H]);
    // The parameter h0_l0 is the learned initial state of h_l0.
    const learned = parameters[`rnn.${name.replace('_', '0_')}`];
    return learned ? builder.apply(ops.add_row, `first.${name}`, { x, b: learned }).y : x;
  }
}

const OPTIONS = ['tokenizer', 'tied', 'generation', 'headBias', 'init', ...Object.keys(CHAR_MODEL_DEFAULTS)];

/**
 * A language model over the symbols of a tokenizer.
 * @throws OptionError for an option that is unknown or out of range
 */
export function languageModel(options: LanguageModelOptions): LanguageModel {
  onlyKnown(
    'model',
    options,
    OPTIONS.filter((name) => name !== 'bidirectional'),
  );
  const { tokenizer, ...given } = options;
  const tied = given.tied ?? false;
  trueOrFalse('tied', tied);
  const hidden = wholeNumber('hidden', given.hidden ?? CHAR_MODEL_DEFAULTS.hidden);
  if (given.generation !== undefined) checkDefaults(given.generation);
  const config = withDefaults({ ...CHAR_MODEL_DEFAULTS, cell: 'lstm', embedding: tied ? hidden : 0 }, given);
  const init: Initializer = given.init ?? torchDefault(hidden);
  return new LanguageModel(tokenizer, {
    ...config,
    tied,
    init: checkInitializer(init, config.cell, config.biases),
  });
}

/** Makes language models from checkpoints. */
export const languageModelKind: ModelKind<LanguageModel> = {
  kind: LANGUAGE_MODEL_KIND,
  fromConfig: (config) => {
    const { tokenizer, bidirectional, ...options } = config as Omit<LanguageModelOptions, 'tokenizer'> & {
      readonly tokenizer: unknown;
      readonly bidirectional: false;
    };
    return languageModel({ ...options, tokenizer: tokenizerFromJSON(tokenizer) });
  },
};

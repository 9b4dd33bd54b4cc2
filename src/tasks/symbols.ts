import { OptionError } from '../core/errors.js';
import { wholeNumber } from '../core/options.js';
import { checkTokenizer, type Tokenizer } from '../text/tokenizers/tokenizer.js';
import type { StateDict } from '../layers/parameters.js';

/** Symbols as an input, with their vectors. */
export type SymbolInput = (
  | { readonly tokenizer: Tokenizer }
  /** V: number of ids, without a tokenizer. */
  | { readonly symbols: number }
) & {
  /** E: width of the learned vectors [V,E]. 0: one-hot vectors, the default of inputs. */
  readonly embedding?: number;
  /** Initial vectors: a state_dict with one matrix [V,E] under any name. */
  readonly pretrained?: StateDict;
};

/** Whether the input of a reader is symbols. */
export function isSymbolInput(input: object): input is SymbolInput {
  return 'tokenizer' in input || 'symbols' in input;
}

/** Checked V and E of symbols. */
export interface SymbolSizes {
  readonly V: number;
  /** 0 for one-hot vectors. */
  readonly E: number;
}

/**
 * @param least of E: 1 where one-hot vectors are not offered
 * @throws OptionError
 */
export function symbolSizes(option: string, input: SymbolInput, least: 0 | 1): SymbolSizes {
  const known = typeof input === 'object' && input !== null ? input : ({} as Partial<SymbolInput>);
  if ('tokenizer' in known) checkTokenizer(`${option}.tokenizer`, known.tokenizer);
  const given = 'tokenizer' in known ? known.tokenizer.size : 'symbols' in known ? known.symbols : undefined;
  if (given === undefined)
    throw new OptionError(option, input, 'an object with tokenizer, or with symbols (the number of ids)');
  const V = wholeNumber(`${option}.symbols`, given);
  return { V, E: wholeNumber(`${option}.embedding`, input.embedding ?? 0, least) };
}

/** The pretrained vectors, if given. @throws OptionError for another shape than [V,E] */
export function pretrainedVectors(
  option: string,
  { pretrained }: SymbolInput,
  { V, E }: SymbolSizes,
): ArrayLike<number> | undefined {
  if (pretrained === undefined) return undefined;
  const arrays = Object.values(pretrained);
  const fits = arrays.length === 1 && arrays[0].shape.join() === [V, E].join() && E > 0;
  if (!fits)
    throw new OptionError(
      `${option}.pretrained`,
      Object.entries(pretrained).map(([name, { shape }]) => `${name} [${shape.join(',')}]`),
      `a state_dict with one matrix [V,E] = [${V},${E}]`,
    );
  return arrays[0].data;
}

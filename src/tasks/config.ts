import { tokenizerFromJSON } from '../text/tokenizers/registry.js';
import type { Tokenizer } from '../text/tokenizers/tokenizer.js';

/**
 * Options as plain data for checkpoints. A tokenizer becomes its JSON. Pretrained vectors are left
 * out, since a checkpoint has all weights.
 */
export function plainConfig(options: object): object {
  const { pretrained, ...kept } = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(kept)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, plain(name, value)]),
  );
}

function plain(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (name === 'tokenizer') return (value as Tokenizer).toJSON();
  if (name === 'labels') return { names: [...(value as { readonly names: readonly string[] }).names] };
  return plainConfig(value);
}

/** The inverse of `plainConfig`. @throws DataError for a tokenizer of an unknown kind */
export function optionsFromConfig(config: object): object {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]: [string, unknown]) => [name, revived(name, value)]),
  );
}

function revived(name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return name === 'tokenizer' ? tokenizerFromJSON(value) : optionsFromConfig(value);
}

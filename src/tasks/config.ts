import type { SymbolTable } from './symbols.js';

/**
 * Options as plain data, for checkpoints: a tokenizer becomes its JSON, and vectors that training
 * started from are left out, since a checkpoint has all weights.
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
  if (name === 'tokenizer') return (value as SymbolTable).toJSON();
  if (name === 'labels') return { names: [...(value as { readonly names: readonly string[] }).names] };
  return plainConfig(value);
}

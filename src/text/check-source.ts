import { DataError, describe } from '../core/errors.js';
import type { Vocabulary } from './vocabulary.js';

/**
 * Refuses ids of another vocabulary than the model's. Sizes alone do not tell: the same id may
 * stand for another symbol, and what is unknown to one may be a symbol to the other.
 * @param model the model's vocabulary
 * @param given the vocabulary of the ids
 * @param name what the ids are of, such as `copy-memory` or `the text`
 * @throws DataError naming the first symbol that differs
 */
export function checkSameSymbols(model: Vocabulary, given: Vocabulary, name: string): void {
  if (model === given) return;
  const most = Math.max(model.size, given.size);
  for (let id = 0; id < most; id++) {
    if (model.symbols[id] === given.symbols[id]) continue;
    throw new DataError(
      `The model has ${model.size} symbols, but not those of ${name}, which has ${given.size}: id ` +
        `${id} is ${symbolAt(model, id)} in the model and ${symbolAt(given, id)} in ${name}. Read the ` +
        "text with the model's vocabulary, Corpus.fromText(text, { vocabulary: model.vocabulary }), or " +
        `make the model with the vocabulary of ${name}.`,
    );
  }
}

function symbolAt({ symbols }: Vocabulary, id: number): string {
  return id < symbols.length ? describe(symbols[id]) : 'unknown';
}

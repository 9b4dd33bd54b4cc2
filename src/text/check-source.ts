import { DataError, describe } from '../core/errors.js';
import type { Vocabulary } from './vocabulary.js';

/**
 * Checks that ids belong to the vocabulary of the model. Equal sizes are not enough, because an id
 * may mean different symbols.
 * @param model vocabulary of the model
 * @param given vocabulary of the ids
 * @param name of the source of the ids, such as `copy-memory` or `the text`
 * @throws DataError with the first symbol that differs
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

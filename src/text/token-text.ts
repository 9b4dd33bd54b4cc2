import { DataError } from '../core/errors.js';
import { checkText } from '../core/options.js';
import { Corpus } from './corpus.js';
import { idArray, IdChecksum, MemoryIds } from './ids.js';
import { checkTokenizer, type Tokenizer } from './tokenizers/tokenizer.js';
import { Vocabulary } from './vocabulary.js';

/**
 * A corpus of the ids of a tokenizer, for a language model. An unknown symbol is the zero vector as
 * an input, and has no loss as a target.
 * @throws DataError for a text of fewer than two symbols
 */
export function tokenText(text: string, tokenizer: Tokenizer): Corpus {
  checkText('text', text);
  checkTokenizer('tokenizer', tokenizer);
  const given = tokenizer.encode(text);
  if (given.length < 2)
    throw new DataError(
      `A text needs at least two symbols, one to read and one to predict, but this one has ${given.length}.`,
    );
  const ids = idArray(tokenizer.size, given.length);
  for (let i = 0; i < given.length; i++) ids[i] = Math.min(given[i], tokenizer.size);
  const checksum = new IdChecksum();
  checksum.add(ids);
  return new Corpus({
    vocabulary: Vocabulary.ofNumbers(tokenizer.size),
    ids: new MemoryIds(ids),
    checksum: checksum.value,
  });
}

import { DataError, describe, OptionError } from '../core/errors.js';
import type { Corpus } from './corpus.js';
import type { Task } from './task.js';
import { isVocabulary, type Vocabulary } from './vocabulary.js';

/** Refuses what is no corpus. @throws OptionError */
export function checkCorpus(corpus: unknown): asserts corpus is Corpus {
  if (!isCorpus(corpus)) throw new OptionError('corpus', corpus, 'a corpus, such as Corpus.fromText(text)');
}

/** Refuses what is neither a corpus nor a task, such as a plain text. @throws OptionError */
export function checkSource(source: unknown): asserts source is Corpus | Task {
  if (!isCorpus(source) && !isWholeTask(source))
    throw new OptionError(
      'source',
      source,
      'a corpus, such as Corpus.fromText(text), or a task, such as copyMemory()',
    );
}

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

function isCorpus(value: unknown): boolean {
  const { vocabulary, ids } = partsOf<Corpus>(value);
  return isVocabulary(vocabulary) && typeof ids?.read === 'function';
}

function isWholeTask(value: unknown): boolean {
  const { kind, vocabulary, batcher } = partsOf<Task>(value);
  return kind === 'task' && isVocabulary(vocabulary) && typeof batcher === 'function';
}

function partsOf<T extends object>(value: unknown): Partial<T> {
  return typeof value === 'object' && value !== null ? value : {};
}

function symbolAt({ symbols }: Vocabulary, id: number): string {
  return id < symbols.length ? describe(symbols[id]) : 'unknown';
}

import { DataError, describe, OptionError } from '../../core/errors.js';
import { labels, type Labels } from '../../data/labels.js';
import type { Records } from '../../data/records.js';
import { bpe } from '../../text/tokenizers/bpe.js';
import { characters } from '../../text/tokenizers/characters.js';
import type { Tokenizer } from '../../text/tokenizers/tokenizer.js';
import { words } from '../../text/tokenizers/words.js';
import type { TaskOptions, TokensChoice } from './task.js';

/** Labels with fewer training records than this give a warning. */
const RARE = 3;

/** Largest number of names in a message. */
const NAMED = 5;

/** The texts of an entry. @throws DataError for a record without a text there */
export function* textsOf(records: Records<object>, entry: string): Generator<string> {
  for (let place = 0; place < records.length; place++) {
    const value = entryOf(records.at(place), entry);
    if (typeof value !== 'string')
      throw new DataError(
        `${records.nameOf(place)}: expected a text in "${entry}", got ${describe(value)}; it has ` +
          `${Object.keys(records.at(place))
            .map((name) => `"${name}"`)
            .join(', ')}.`,
      );
    yield value;
  }
}

/** An entry of a record; undefined if it does not exist. */
export function entryOf(record: object, entry: string): unknown {
  return (record as Readonly<Record<string, unknown>>)[entry];
}

/**
 * A tokenizer by a rule, with the symbols of these texts; a given tokenizer is returned unchanged.
 */
export function tokenizerOf(
  choice: TokensChoice,
  texts: Iterable<string>,
  { lowercase, minCount = 1 }: Pick<TaskOptions, 'lowercase' | 'minCount'>,
): Tokenizer {
  if (choice === 'characters') return characters(texts, { minCount });
  if (choice === 'words') return words(texts, { minCount, lowercase: lowercase === true });
  return choice;
}

/** @throws OptionError for options of words or vocabularies that none of the tokenizers has */
export function checkTokensRules(
  choices: readonly TokensChoice[],
  { lowercase, minCount }: Pick<TaskOptions, 'lowercase' | 'minCount'>,
): void {
  if (lowercase === true && !choices.includes('words'))
    throw new OptionError('lowercase', lowercase, 'false unless tokens are words');
  if (minCount !== undefined && choices.every((choice) => typeof choice !== 'string'))
    throw new OptionError('minCount', minCount, 'none where a tokenizer has its own symbols');
}

/**
 * Byte-level BPE of the text of a `tokenizer.json`.
 * @param name name of the file, for messages
 * @throws DataError for a text that is no JSON, or a tokenizer of another kind
 */
export function bpeOfText(text: string, name: string): Tokenizer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DataError(`${name}: expected a tokenizer.json, but it is not JSON.`, { cause: error });
  }
  try {
    return bpe(json as object);
  } catch (error) {
    if (error instanceof DataError) throw new DataError(`${name}: ${error.message}`, { cause: error });
    if (!(error instanceof OptionError)) throw error;
    throw new DataError(
      `${name}: expected a tokenizer.json of Hugging Face, an object with "model", got ${describe(json)}.`,
      { cause: error },
    );
  }
}

/** The labels of a task, and warnings about them. */
export interface FoundLabels {
  readonly names: Labels;
  readonly warnings: readonly string[];
}

/**
 * The labels of the training part, in order.
 * @param labelsOf the labels of a record
 * @throws DataError for a label that only the held-out part has
 */
export function findLabels(
  {
    train,
    validation,
  }: { readonly train: Records<object>; readonly validation: Records<object> | undefined },
  labelsOf: (record: object, where: string) => readonly string[],
): FoundLabels {
  const counts = countLabels(train, labelsOf);
  const heldOut = validation ? [...countLabels(validation, labelsOf).keys()] : [];
  const unseen = heldOut.filter((label) => !counts.has(label));
  if (unseen.length > 0)
    throw new DataError(
      `${listOf(unseen, 'label')} ${unseen.length === 1 ? 'is' : 'are'} only in the held-out part, so the model ` +
        'cannot learn them: split with --stratify or by another --seed, or leave such records out.',
    );
  const rare = [...counts].filter(([, count]) => count < RARE).map(([label]) => label);
  return {
    names: labels([...counts.keys()].sort(inOrder)),
    warnings:
      rare.length === 0 || counts.size === rare.length
        ? []
        : [
            `${listOf(rare, 'label')} ${rare.length === 1 ? 'has' : 'have'} fewer than ${RARE} training records.`,
          ],
  };
}

/** @throws DataError where there is only one label */
export function checkChoice({ names }: Labels): void {
  if (names.length === 1)
    throw new DataError(
      `Every training record has the label "${names[0]}": a model needs at least two labels.`,
    );
}

function countLabels(
  records: Records<object>,
  labelsOf: (record: object, where: string) => readonly string[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (let place = 0; place < records.length; place++)
    for (const label of labelsOf(records.at(place), records.nameOf(place)))
      counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Whole numbers by size, everything else by its code units. */
function inOrder(a: string, b: string): number {
  const [x, y] = [a, b].map((name) => (/^\d{1,15}$/.test(name) ? Number(name) : NaN));
  if (x < y || y < x) return x - y;
  return a < b ? -1 : 1;
}

function listOf(names: readonly string[], noun: string): string {
  const listed = names.slice(0, NAMED).map((name) => `"${name}"`);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `The ${noun}${names.length === 1 ? '' : 's'} ${listed.join(', ')}${more}`;
}

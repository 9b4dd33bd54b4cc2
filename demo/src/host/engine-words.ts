import { fieldOfOption } from '../training/option-fields.js';
import type { Fault } from './messages.js';
import type { FaultWords } from './page-error.js';

type Words = FaultWords['options'];
type Named = Parameters<Words['smaller']>[0];

/** A phrase of the engine that names options, and how the page says it: by the labels of its fields. */
interface Rewording {
  readonly pattern: RegExp;
  /** @param parts what the pattern's groups have matched */
  readonly say: (words: Words, parts: readonly string[], records: boolean) => string;
}

/** Sizes that make a network need more memory, as the engine lists them. */
const SIZES: readonly (readonly [RegExp, Named[number]])[] = [
  [/hidden units \(H\)/, 'hidden'],
  [/layers/, 'layers'],
  [/batch \(N\)/, 'batch'],
  [/time(?: steps)? \(T\)/, 'time'],
];

const REWORDINGS: readonly Rewording[] = [
  {
    pattern: /^(\d+) characters are too few: batch \d+ × time \d+ needs at least (?:.*= )?(\d+)\. .*$/,
    say: (words, [characters, least]) => words.tooFew(characters, least),
  },
  {
    pattern:
      /^The gradient was not finite for (\d+) steps in a row: lower the rate(, or clip the gradient)?\.$/,
    say: (words, [steps, clip]) => words.notFinite(steps, clip === ''),
  },
  {
    pattern: /^The learning rate was 0 for (\d+) steps in a row, .*$/,
    say: (words, [steps]) => words.noRate(steps),
  },
  {
    pattern: /Choose ((?:fewer|a smaller) [^.]*(?:\([HNT]\)|layers))/,
    say: (words, [listed], records) => {
      const named = SIZES.filter(([pattern]) => pattern.test(listed)).map(([, name]) => name);
      return words.smaller(
        // Records have no time to look back: their lengths are their own.
        records ? named.filter((name) => name !== 'time').map(examples) : named,
      );
    },
  },
  { pattern: /^The saved position is in .* continue with .*$/, say: (words) => words.otherPosition },
  { pattern: /(?:another adapter or )?the cpu backend/, say: (words) => words.anotherDevice },
  // What an option needs, where that names another one.
  { pattern: /^0 for a single layer, .*$/, say: (words) => words.needed.severalLayers },
  { pattern: /^0 for the cell \w+, which has no recurrent weights$/, say: (words) => words.needed.recurrent },
  {
    pattern: /^at most (\S+) (?:time steps|rows)(?: with .*)?$/,
    say: (words, [most]) => words.needed.most(most),
  },
];

function examples(name: Named[number]): Named[number] {
  return name === 'batch' ? 'examples' : name;
}

/**
 * A message of the engine with the labels of fields in place of the names of options.
 * @param records whether the fields are those of the page of tasks
 * @returns the message, and whether all of it is in the page's words
 */
export function reworded(
  message: string,
  { options: words }: Pick<FaultWords, 'options'>,
  records = speaksOfRecords(),
): { readonly message: string; readonly whole: boolean } {
  for (const { pattern, say } of REWORDINGS) {
    const found = pattern.exec(message);
    if (!found) continue;
    const parts = found.slice(1).map((part: string | undefined) => part ?? '');
    return {
      message: message.replace(found[0], () => say(words, parts, records)),
      whole: found[0] === message,
    };
  }
  return { message, whole: false };
}

/** What the engine says, in the language of the page as far as this has words for it. */
export function engineSentence(message: string, words: FaultWords): string {
  const said = reworded(message, words);
  return said.whole ? said.message : words.engine(said.message);
}

/**
 * A fault of the engine in the page's words. That of an option has the name of its field, and its
 * message the field's label.
 */
export function toldFault(fault: Fault, words: FaultWords): Fault {
  const { option, accepted } = fault;
  if (option === undefined || accepted === undefined)
    return { ...fault, message: engineSentence(fault.message, words) };
  const field = fieldOfOption(option);
  const told = { ...fault, option: field, accepted: reworded(accepted, words).message };
  const label = labelOf(field, words);
  if (label === undefined) return { ...told, message: engineSentence(fault.message, words) };
  const { labelled, labelledEmpty, needed } = words.fields;
  const { got = '' } = fault;
  const needs = needed(told.accepted);
  return { ...told, message: got === '' ? labelledEmpty(label, needs) : labelled(label, needs, got) };
}

/** The label of a field; undefined if the page has none of this name. */
function labelOf(field: string, { labels }: FaultWords): string | undefined {
  const key = `${field === 'batch' && speaksOfRecords() ? 'examples' : field}.label`;
  return (labels as Readonly<Record<string, string>>)[key];
}

/** Whether this is a worker of the page of tasks, whose fields are others. */
function speaksOfRecords(): boolean {
  return (globalThis as { readonly name?: string }).name?.startsWith('tasks ') === true;
}

import { DataError, describe, OptionError } from '../core/errors.js';
import { bleu } from '../data/metrics/bleu.js';
import { editRate, isExactMatch } from '../data/metrics/sequences.js';
import type { SequenceGenerator } from '../generate/generator.js';
import type { GenerateOptions } from '../generate/options.js';

/** A condition and the wanted text. */
export interface WantedText<C> {
  readonly condition: C;
  readonly wanted: string;
}

/** A comparison of generated and wanted texts. */
export interface GeneratedMeasures {
  /** Share of texts that are equal to the wanted ones, with their ends. */
  readonly exactMatch: number;
  /** Edit distance per wanted symbol; see `editRate`. */
  readonly editDistance: number;
  /** From 0 to 1, over all texts together; see `bleu`. */
  readonly bleu: number;
  /** Number of texts. */
  readonly count: number;
}

/**
 * Generates from conditions and compares the best result of each with the wanted text, by symbols
 * of the model's tokenizer. A text that reaches `longest` without its end is not an exact match.
 * @throws DataError for an empty list of pairs
 */
export async function evaluateGenerated<C>(
  generator: SequenceGenerator<C>,
  pairs: Iterable<WantedText<C>>,
  options: Omit<GenerateOptions, 'count' | 'onPiece' | 'attention'> = {},
): Promise<GeneratedMeasures> {
  if (typeof (generator as Partial<typeof generator> | null | undefined)?.generateAll !== 'function')
    throw new OptionError('generator', generator, 'a generator, such as trainer.generator');
  if (typeof pairs !== 'object' || pairs === null || !(Symbol.iterator in pairs))
    throw new OptionError('pairs', pairs, 'a list of { condition, wanted }');
  const all = [...pairs];
  if (all.length === 0) throw new DataError('There are no texts to compare with: give at least one pair.');
  const { written } = generator.model;
  const references = all.map(({ wanted }, i) => {
    if (typeof wanted !== 'string')
      throw new DataError(`"wanted" of pair ${i} must be a text, but ${describe(wanted)} came.`);
    return Array.from(written.encode(wanted));
  });
  const results = await generator.generateAll(
    all.map(({ condition }) => condition),
    options,
  );
  const compared = results.map(([{ ids }], i) => {
    const ended = ids.at(-1) === written.end;
    return { candidate: ended ? ids.slice(0, -1) : ids, reference: references[i], ended };
  });
  const exact = compared.filter(
    ({ candidate, reference, ended }) =>
      (ended || written.end === undefined) && isExactMatch(candidate, reference),
  );
  return {
    exactMatch: exact.length / all.length,
    editDistance: editRate(compared.map(({ candidate, reference }) => [candidate, reference])),
    bleu: bleu(compared.map(({ candidate, reference }) => ({ candidate, references: [reference] }))),
    count: all.length,
  };
}

import { DataError } from '../core/errors.js';
import type { Scale, Source } from './source.js';

/**
 * How the records of training became arrays, as plain data. A checkpoint keeps it, so that
 * predictions and generation read records and numbers as training did.
 */
export interface Reading {
  /**
   * The columns, of which `columnFromJSON` makes each again, with means and deviations. Absent where
   * one of them cannot be plain data.
   */
  readonly columns?: readonly object[];
  /** Means and deviations by field, of features and of targets. */
  readonly scales: Readonly<Record<string, Scale>>;
}

/** The reading of a source of records; undefined of any other. */
export function readingOf(source: Pick<Source, 'columns' | 'scales'>): Reading | undefined {
  const { columns, scales } = source;
  if (!columns && !scales) return undefined;
  const plain = columns?.map((column) => column.toJSON?.());
  const isPlain = (given: typeof plain): given is object[] =>
    given?.every((column) => column !== undefined) === true;
  return { ...(isPlain(plain) ? { columns: plain } : {}), scales: scales ?? {} };
}

/**
 * Refuses a source whose numbers are scaled in another way than those that a run has learned from.
 * A network that learned on one scale reads another one wrongly, and nothing would say so; the source
 * has scaled its numbers already, so its owner must choose.
 * @throws DataError naming the field
 */
export function checkSameScales(learned: Reading, given: Reading): void {
  for (const field of new Set([...Object.keys(learned.scales), ...Object.keys(given.scales)])) {
    const [before, now] = [scaleOf(learned, field), scaleOf(given, field)];
    if (before?.mean.join() === now?.mean.join() && before?.deviation.join() === now?.deviation.join())
      continue;
    throw new DataError(
      `The run has learned from "${field}" ${described(before)}, but in this source it is ${described(now)}: ` +
        'give its column the statistics of the checkpoint, or none where it has none ' +
        `(normalize: checkpoint.reading.scales.${field}).`,
    );
  }
}

function scaleOf({ scales }: Reading, field: string): Scale | undefined {
  return Object.hasOwn(scales, field) ? scales[field] : undefined;
}

/** The first feature's numbers are enough to tell two scales apart in a message. */
function described(scale: Scale | undefined): string {
  if (!scale) return 'as it is';
  const { mean, deviation } = scale;
  const of = mean.length > 1 ? ` in feature 0 of ${mean.length}` : '';
  return `scaled by mean ${mean[0]} and deviation ${deviation[0]}${of}`;
}

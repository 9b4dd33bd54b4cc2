import { DataError } from '../core/errors.js';
import type { Scale, Source } from './source.js';

/**
 * How training turned records into arrays, as plain data. A checkpoint keeps it, so that
 * predictions and generation read records and numbers in the same way.
 */
export interface Reading {
  /**
   * The columns with their means and deviations, for `columnFromJSON`. Absent if one of them has no
   * plain data.
   */
  readonly columns?: readonly object[];
  /** Means and deviations by field, of features and of targets. */
  readonly scales: Readonly<Record<string, Scale>>;
}

/** The reading of a source of records; undefined for any other source. */
export function readingOf(source: Pick<Source, 'columns' | 'scales'>): Reading | undefined {
  const { columns, scales } = source;
  if (!columns && !scales) return undefined;
  const plain = columns?.map((column) => column.toJSON?.());
  const isPlain = (given: typeof plain): given is object[] =>
    given?.every((column) => column !== undefined) === true;
  return { ...(isPlain(plain) ? { columns: plain } : {}), scales: scales ?? {} };
}

/**
 * Refuses a source whose numbers are scaled differently from those that a run was trained on: the
 * network would misread them without an error. The source has scaled its numbers already, so only
 * the caller can change that.
 * @throws DataError that names the field
 */
export function checkSameScales(learned: Reading, given: Reading): void {
  for (const field of new Set([...Object.keys(learned.scales), ...Object.keys(given.scales)])) {
    const [before, now] = [scaleOf(learned, field), scaleOf(given, field)];
    if (before?.mean.join() === now?.mean.join() && before?.deviation.join() === now?.deviation.join())
      continue;
    throw new DataError(
      `The run was trained on "${field}" ${described(before)}, but in this source it is ` +
        `${described(now)}: give its column the statistics of the checkpoint, or none if the checkpoint ` +
        `has none (normalize: checkpoint.reading.scales.${field}).`,
    );
  }
}

function scaleOf({ scales }: Reading, field: string): Scale | undefined {
  return Object.hasOwn(scales, field) ? scales[field] : undefined;
}

/** A scale in words, with the numbers of the first feature. */
function described(scale: Scale | undefined): string {
  if (!scale) return 'without scaling';
  const { mean, deviation } = scale;
  const of = mean.length > 1 ? ` in feature 0 of ${mean.length}` : '';
  return `scaled by mean ${mean[0]} and deviation ${deviation[0]}${of}`;
}

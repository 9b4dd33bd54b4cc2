import { DataError, OptionError } from '../../core/errors.js';
import type { Column, ColumnJSON } from '../../data/column.js';
import { features, image } from '../../data/number-columns.js';
import { Records } from '../../data/records.js';
import type { ReaderInput } from '../../tasks/reader.js';
import { DEFAULT_FILTERS, type ImageReading } from './task.js';

/** The column of an image, and the model's input layer for it. */
export interface Reading {
  readonly column: Column;
  readonly input: ReaderInput;
}

/** An image of an IDX or PNG file; the images of IDX files have one channel. */
interface ImageRecord {
  readonly rows: number;
  readonly columns: number;
  readonly channels?: number;
}

/** Chooses how images are read: by rows, by pixels, or as a whole. All must have one size. */
export function imagesOf(
  train: Records<object>,
  as: ImageReading,
  filters: readonly number[] | undefined,
): Reading {
  const { rows, columns, channels = 1 } = train.at(0) as ImageRecord;
  if (as === 'image') {
    const size = { rows, columns, channels };
    return {
      column: image('image', { ...size, every: true }),
      input: { image: { ...size, filters: filters ?? DEFAULT_FILTERS } },
    };
  }
  if (filters !== undefined)
    throw new OptionError('filters', filters, 'none unless images are read as a whole');
  const size = as === 'rows' ? columns * channels : channels;
  return { column: features('image', { size }), input: { features: size } };
}

/** Numbers in a pixel. */
export function channelsOf(records: Records<object>): number {
  return (records.at(0) as Partial<ImageRecord>).channels ?? 1;
}

/**
 * Refuses images of another size than those of training, for records that contain their sizes. The
 * number of values alone is ambiguous: three channels of a pixel could be three pixels.
 * @param learnt the column and the channels of the images of training
 */
export function checkImages(
  records: Iterable<object>,
  as: ImageReading,
  learnt: { readonly column: ColumnJSON; readonly channels: number },
): void {
  const { channels: C } = learnt;
  const { size, ...sides } = learnt.column as ColumnJSON & Readonly<Record<string, unknown>>;
  const expected = readOf(as, Number(sides.rows), as === 'rows' ? Number(size) / C : Number(sides.columns));
  for (const [number, record] of [...records].entries()) {
    const { rows, columns, channels = 1 } = record as Partial<ImageRecord>;
    if (rows === undefined || columns === undefined) continue;
    const found = readOf(as, rows, columns);
    if (found !== expected || channels !== C) {
      const name = records instanceof Records ? records.nameOf(number) : `Record ${number}`;
      throw new DataError(
        `${name}: the model learnt images with ${expected} of ${counted(C)}, but this one has ${found} of ` +
          `${counted(channels)}.`,
      );
    }
  }
}

/** What one reading fixes of the size of an image: of rows their width, of pixels nothing. */
function readOf(as: ImageReading, rows: number, columns: number): string {
  if (as === 'pixels') return 'pixels';
  return as === 'rows' ? `rows of ${columns} pixels` : `${rows}·${columns} pixels`;
}

function counted(channels: number): string {
  return `${channels} ${channels === 1 ? 'channel' : 'channels'}`;
}

import { onlyKnown, wholeNumber } from '../core/options.js';
import type { Column } from './column.js';
import { features } from './number-columns.js';
import { ROW_FIELD, type RowField } from './token-columns.js';

/** f32 of an image for each step: rows, columns, channels. */
export interface FramesField {
  readonly dtype: 'f32';
  readonly shape: readonly ['T', 'N', number, number, number];
}

/** What `frames` takes. */
export interface FramesOptions {
  readonly rows: number;
  readonly columns: number;
  /** Default 1. */
  readonly channels?: number;
}

/**
 * Images one after another, which convolutions in front of a reader take step by step: `image`
 * [T,N,rows,columns,channels] and `lengths` [N]. The record's entry is a list of images, or one flat
 * array; a single image is one step.
 */
export function frames(
  name: string,
  options: FramesOptions,
): Column<{ image: FramesField; lengths: RowField }> {
  onlyKnown('frames', options, ['rows', 'columns', 'channels']);
  const [rows, columns] = [wholeNumber('rows', options.rows), wholeNumber('columns', options.columns)];
  const channels = wholeNumber('channels', options.channels ?? 1);
  const title = `frames("${name}")`;
  // A step is a flat image: the layout of [T,N,rows·columns·channels] is the same.
  const steps = features(name, { size: rows * columns * channels });
  return {
    ...{ name, title, role: 'input' },
    fields: { image: { dtype: 'f32', shape: ['T', 'N', rows, columns, channels] }, lengths: ROW_FIELD },
    pads: { image: 0, lengths: 1 },
    toJSON: () => ({ kind: 'frames', name, rows, columns, channels }),
    encode(value, where) {
      const { x, lengths } = steps.encode(value, where).arrays;
      return { arrays: { image: x, lengths } };
    },
  };
}

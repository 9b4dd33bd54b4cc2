import backwardSource from '../../../shaders/slice/backward.wgsl?raw';
import forwardSource from '../../../shaders/slice/forward.wgsl?raw';
import { ShapeError } from '../../core/errors.js';
import type { Launch } from '../../plan/kernel.js';
import { valueKernel, valueLaunch, type ValueKernel } from './elementwise.js';
import { rowValues } from './row-layout.js';

/**
 * A range of columns of `[rows,width]`: `part` columns from `start` on. A range of rows is one too,
 * when all rows together are read as one long row.
 */
export interface ColumnRange {
  readonly rows: number;
  readonly width: number;
  readonly part: number;
  readonly start: number;
}

// The start is a uniform of the launch and no constant, so that parts of one size share a pipeline.
const uniforms = ['start'];
const forward = valueKernel('slice/forward', [forwardSource], { x: 'read', y: 'read_write' }, { uniforms });
const backward = valueKernel(
  'slice/backward',
  [backwardSource],
  { dy: 'read', dx: 'read_write' },
  { uniforms },
);

/** Copies the range: one invocation for each of its values. */
export function launchSlice(range: ColumnRange): Launch {
  return launch(forward, range, range.part, []);
}

/**
 * The gradient of the whole tensor, which is zero outside the range. Where it is added to what is
 * there, only the values of the range get an invocation.
 */
export function launchSliceBackward(range: ColumnRange, accumulate: readonly string[]): Launch {
  return launch(backward, range, accumulate.includes('dx') ? range.part : range.width, accumulate);
}

function launch(
  kernelOf: ValueKernel,
  { rows, width: whole, part, start }: ColumnRange,
  owned: number,
  accumulate: readonly string[],
): Launch {
  const values = rowValues(whole, part, start);
  const { width } = values;
  const constants = { R: rows, WIDTH: whole / width, PART: part / width };
  return {
    ...valueLaunch(kernelOf, values, rows * (owned / width), constants, accumulate),
    uniforms: { start: start / width },
  };
}

/**
 * Checks that a range lies within the whole, and returns its start.
 * @param what plural noun for the message, such as `columns`
 * @throws ShapeError where it does not
 */
export function checkedRangeStart(
  op: string,
  what: string,
  start: unknown,
  part: number,
  whole: number,
): number {
  if (part > whole)
    throw new ShapeError(`${op}: ${part} ${what} were asked for, but there are only ${whole}.`);
  if (typeof start !== 'number' || !Number.isInteger(start) || start < 0 || start + part > whole) {
    throw new ShapeError(
      `${op}: ${part} ${what} from start = ${String(start)} do not lie within ${whole}; start must be ` +
        `a whole number from 0 to ${whole - part}.`,
    );
  }
  return start;
}

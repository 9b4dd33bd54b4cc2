import { SCRATCH, type NativeCall } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/planner.js';
import { elementwise, maskArguments, overElements } from '../lib/native-calls.js';

function plan(
  { dims: { E }, attributes, accumulate }: Parameters<NativePlanner>[0],
  x: string,
  y: string,
): NativeCall {
  const rate = Number(attributes.rate);
  const adds = accumulate.includes(y);
  if (rate === 0) return elementwise('affine', x, x, y, E, { accumulate: adds });
  const mask = maskArguments(rate, Number(attributes.site), attributes.recurrent === true);
  return {
    ...overElements('dropout', [x, 'key', y, ...mask, adds, SCRATCH], E, 8),
    scratch: { of: 'dropout_scratch', arguments: [] },
  };
}

export const forward: NativePlanner = (request) => [plan(request, 'x', 'y')];

/** Computes the mask again and applies it to the gradients. */
export const backward: NativePlanner = (request) => [plan(request, 'dy', 'dx')];

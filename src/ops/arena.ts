import { ShapeError } from '../core/errors.js';
import { VIEW_ALIGNMENT } from '../plan/tensor.js';

/**
 * Refuses a flat tensor that is no whole number of aligned parts: kernels over an arena go in
 * fours, without a remainder.
 */
export function checkArena(op: string, E: number): void {
  if (E % VIEW_ALIGNMENT !== 0)
    throw new ShapeError(
      `${op}: E must be a multiple of ${VIEW_ALIGNMENT}, got ${E}. Pad the arena with zeros.`,
    );
}

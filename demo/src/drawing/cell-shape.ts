import { FACTS } from '../../../src/graph.js';
import type { CellShape } from './shape.js';

/**
 * Returns the facts about a cell that the drawing needs. For workers, because it imports the
 * engine.
 */
export function cellShapeOf(kind: keyof typeof FACTS): CellShape {
  const { noun, states, savedGates, recurrentWeights } = FACTS[kind];
  return { noun, states, savedGates, recurrentWeights };
}

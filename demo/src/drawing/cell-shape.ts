import { FACTS } from '../../../src/graph.js';
import type { CellShape } from './shape.js';

/** What the drawing must know of a cell. For workers: it comes with the engine. */
export function cellShapeOf(kind: keyof typeof FACTS): CellShape {
  const { noun, states, savedGates, recurrentWeights } = FACTS[kind];
  return { noun, states, savedGates, recurrentWeights };
}

import type { OpChains } from '../../plan/chaining.js';
import { diagonalBackward, type BackwardLayers } from './diagonal-backward.js';
import { diagonalForward } from './diagonal-forward.js';
import type { DiagonalLayers } from './diagonal-stack.js';

type ForwardSteps = Pick<DiagonalLayers, 'left' | 'sources' | 'constants'>;
type BackwardSteps = ForwardSteps & Pick<BackwardLayers, 'writes' | 'finals' | 'begin' | 'after'>;

/** A cell whose layers can be planned together. */
export interface StackedCell {
  /** Name of its op: `lstm`. */
  readonly name: string;
  /** G: number of blocks of H rows in weight_hh, each of which has a sum per unit. */
  readonly gates: 1 | 3 | 4;
  /** Tensors that forward steps write and backward steps read. */
  readonly stored: readonly string[];
  readonly forward: ForwardSteps;
  readonly backward: BackwardSteps;
}

/** Returns how the layers of a stack are planned together, in both phases. */
export function diagonalChains({ name, gates, stored, forward, backward }: StackedCell): OpChains {
  return {
    forward: diagonalForward({ name, gates, products: gates, reads: [], writes: stored, ...forward }),
    backward: diagonalBackward({ name, gates, products: 1, reads: stored, ...backward }),
  };
}

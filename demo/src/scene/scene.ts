import type { CellShape } from '../drawing/shape.js';
import { LETTERS, TARGETS, type Backward, type Forward, type Weights } from './word.js';

/** The action of the next click. */
export type Phase = 'forward' | 'backward' | 'update';

/** The state of the right letters at a forward pass. */
export interface Standing {
  /** Number of updates made before it. */
  readonly update: number;
  /** The likeliest letters, one for each letter read. */
  readonly says: string;
  /** Score and probability of the right letter, for each letter read. */
  readonly scores: readonly number[];
  readonly chances: readonly number[];
  readonly loss: number;
}

/** Everything that the scene shows. */
export interface Scene {
  /** The cell of the network. */
  readonly cell: CellShape;
  readonly next: Phase;
  readonly seed: number;
  /** Number of updates so far. */
  readonly updates: number;
  readonly weights: Weights;
  /** The latest forward pass. After an update it still has the weights before. */
  readonly forward: Forward | undefined;
  /** Of the latest forward pass; undefined until backward has run. */
  readonly backward: Backward | undefined;
  /** The latest update; undefined after the next forward pass. */
  readonly change: { readonly rate: number; readonly before: Weights } | undefined;
  /** One for each forward pass. */
  readonly history: readonly Standing[];
  /** The forward pass that the latest is compared with, which was shown before. */
  readonly compared: Standing | undefined;
}

/** The probability of every right letter from which the word counts as learned. */
export const LEARNED = 0.9;

/** Whether every right letter is likely enough. */
export function isLearned({ chances }: Standing): boolean {
  return chances.every((chance) => chance >= LEARNED);
}

/** Returns the index of the largest number. */
export function likeliest(chances: readonly number[]): number {
  return chances.indexOf(Math.max(...chances));
}

/** Returns the number of the right letter, for each letter read. */
export function ofRightLetters(values: readonly (readonly number[])[]): number[] {
  return TARGETS.map((letter, t) => values[t][LETTERS.indexOf(letter)]);
}

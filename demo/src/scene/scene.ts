import type { CellShape } from '../drawing/shape.js';
import { LETTERS, TARGETS, type Backward, type Forward, type Weights } from './word.js';

/** What the next click does. */
export type Phase = 'forward' | 'backward' | 'update';

/** How the right letters stood at a forward pass. */
export interface Standing {
  /** Updates made before it. */
  readonly update: number;
  /** The likeliest letters, one for each letter read. */
  readonly says: string;
  /** Score and chance of the right letter, for each letter read. */
  readonly scores: readonly number[];
  readonly chances: readonly number[];
  readonly loss: number;
}

/** Everything that stands on the screen. */
export interface Scene {
  /** Which cell the network has. */
  readonly cell: CellShape;
  readonly next: Phase;
  readonly seed: number;
  /** Updates made so far. */
  readonly updates: number;
  readonly weights: Weights;
  /** The latest forward pass. After an update it is that of the weights before. */
  readonly forward: Forward | undefined;
  /** Of the latest forward pass; undefined until backward has run. */
  readonly backward: Backward | undefined;
  /** The update that has just been made; undefined once forward has run again. */
  readonly change: { readonly rate: number; readonly before: Weights } | undefined;
  /** One for each forward pass. */
  readonly history: readonly Standing[];
  /** The one of them that the latest is compared with: what stood on the screen before. */
  readonly compared: Standing | undefined;
}

/** The chance of every right letter from which on the word counts as learned. */
export const LEARNED = 0.9;

/** Whether every right letter is likely enough. */
export function isLearned({ chances }: Standing): boolean {
  return chances.every((chance) => chance >= LEARNED);
}

/** Place of the largest number. */
export function likeliest(chances: readonly number[]): number {
  return chances.indexOf(Math.max(...chances));
}

/** The number that belongs to the right letter, for each letter read. */
export function ofRightLetters(values: readonly (readonly number[])[]): number[] {
  return TARGETS.map((letter, t) => values[t][LETTERS.indexOf(letter)]);
}

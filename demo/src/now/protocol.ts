import type { Activations, Candidate } from '../../../src/index.js';
import type { NetworkShape } from '../drawing/shape.js';

/** Characters per reading: the strip moves through them before the next ones are requested. */
export const READ_CHARACTERS = 96;

/** Which part of the text to read, and with which weights. */
export interface ReadingRequest {
  /** Index of the first character. Beyond the end of the text it wraps around. */
  readonly from: number;
  /** The step whose stored weights are used; the current ones by default. */
  readonly at?: number;
  /** The temperature of the guesses; at 0 the likeliest has probability 1. */
  readonly temperature: number;
}

/** The states and guesses of the network while it reads a part of the text from the zero state. */
export interface Reading {
  /** The step after which the weights were taken. */
  readonly step: number;
  /** Index of the first character, and the number of characters of the text. */
  readonly from: number;
  readonly characters: number;
  readonly shape: NetworkShape;
  /** The weight matrices, with their names among the parameters. */
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number }[];
  readonly symbols: readonly string[];
  /** The five likeliest next symbols after each symbol, at the temperature. */
  readonly likeliest: readonly (readonly Candidate[])[];
  /** Probability given to the symbol that follows, [T]; NaN if that symbol is not known. */
  readonly next: Float32Array;
  /** States and gates by layer, each [T,H]. */
  readonly layers: readonly Activations[];
}

import type { Activations, Candidate } from '../../../src/index.js';
import type { NetworkShape } from '../drawing/shape.js';

/** Characters that are read at a time: what the strip goes through before the next ones are asked for. */
export const READ_CHARACTERS = 96;

/** Which part of the text is to be read, and with which weights. */
export interface ReadingRequest {
  /** The first character, from 0; beyond the end of the text it begins anew. */
  readonly from: number;
  /** The step whose weights are wanted, one of those that are kept; absent: those of this moment. */
  readonly at?: number;
  /** The temperature that guesses are told for; 0: the likeliest has all. */
  readonly temperature: number;
}

/** What the network holds and guesses while it reads a part of the text, from the zero state. */
export interface Reading {
  /** The weights are those after this step. */
  readonly step: number;
  /** Where it began, from 0, and of how many characters. */
  readonly from: number;
  readonly characters: number;
  readonly shape: NetworkShape;
  /** The matrices of weights by their names among the parameters. */
  readonly matrices: readonly { readonly name: string; readonly rows: number; readonly columns: number }[];
  readonly symbols: readonly string[];
  /** The five likeliest after each symbol, as they would be drawn at the temperature. */
  readonly likeliest: readonly (readonly Candidate[])[];
  /** Probability that it gave to the symbol that comes next, [T]; NaN where that is not known. */
  readonly next: Float32Array;
  /** States and gates by layer, each [T,H]. */
  readonly layers: readonly Activations[];
}

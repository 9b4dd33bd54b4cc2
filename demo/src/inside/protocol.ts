import type { Candidate, Connectivity, UnitScore } from '../../../src/index.js';

/** A unit of a layer, both from 0. */
export interface UnitChoice {
  readonly layer: number;
  readonly unit: number;
}

/** The prediction after a character; of `symbol`, or of the character that does come next. */
export interface PredictionChoice {
  readonly position: number;
  readonly symbol?: string;
}

/** What the page wants to see. */
export interface InsideRequest {
  /** The stretch to read; undefined: one of the text in training. */
  readonly text: string | undefined;
  /** Where that stretch lies, from 0 to 1. */
  readonly place: number;
  /** Undefined: the unit that follows the feature most closely. */
  readonly unit: UnitChoice | undefined;
  /**
   * Name of the feature whose followers are listed; undefined: of each feature the closest
   * follower.
   */
  readonly feature: string | undefined;
  readonly prediction: PredictionChoice | undefined;
  /** Whether the weights of this moment are wanted; else those that were looked at last will do. */
  readonly live: boolean;
  /** What the page shows already: see `InsideView.token`. */
  readonly shown: string | undefined;
}

/** What goes on in the network while it reads a stretch of text. */
export interface InsideView {
  /** The same for two views that show the same. */
  readonly token: string;
  /** The weights are those after this step. */
  readonly step: number;
  /** Letters of the legend: L and H. */
  readonly layers: number;
  readonly hidden: number;
  readonly symbols: readonly string[];
  /** Whether the text went on. */
  readonly cut: boolean;
  /** Characters that the network has never seen. */
  readonly unknown: readonly string[];
  readonly likeliest: readonly (readonly Candidate[])[];
  /** Bits of surprise at each character; NaN at the first, and where it is unknown. */
  readonly surprise: ArrayLike<number>;
  /** Names of all features. */
  readonly features: readonly string[];
  /** Units that follow something, the closest first. */
  readonly followers: readonly UnitScore[];
  /**
   * States and gates of the unit that is shown, by name, each a value for every character, and what
   * it follows most closely, or how closely the feature that was asked for.
   */
  readonly unit: UnitChoice & {
    readonly activations: Readonly<Record<string, Float32Array>>;
    readonly follows?: Pick<UnitScore, 'feature' | 'correlation'>;
  };
  readonly connectivity?: Connectivity;
  /** Of the last prediction of a window, over passages from all over the text. */
  readonly flow: readonly FlowLine[];
}

/** How a gradient goes back in time in one layer. */
export interface FlowLine {
  /** From 0, the layer that reads the input. */
  readonly layer: number;
  /** ‖dL/dh_t‖ by time step, over all rows and units. */
  readonly norms: readonly number[];
  /** Of an LSTM: ‖dL/dc_t‖. */
  readonly cellNorms?: readonly number[];
}

/** Most characters that are read. */
export const MOST_SYMBOLS = 600;

import type { Candidate, Connectivity, UnitScore } from '../../../src/index.js';
import type { CellShape } from '../drawing/shape.js';

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
  /** First character of the strip that is drawn. */
  readonly strip: number;
  /** The text as it was before somebody changed it: what differs is told. */
  readonly before: string | undefined;
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
  readonly cell: CellShape;
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
  readonly overview: UnitOverview;
  readonly strip: StripStates;
  readonly changed?: Change;
  /** Of the last prediction of a window, over passages from all over the text. */
  readonly flow: readonly FlowLine[];
}

/** What is known of the text, without what only maps and drawings need. */
export type TextFacts = Omit<InsideView, 'cell' | 'overview' | 'strip'>;

/** All units of all layers over the text. */
export interface UnitOverview {
  /** layer·H + unit of each row: the slowest first, those that stand still last. */
  readonly rows: Uint32Array;
  /** By state, [rows,T]: 127 stands for the scale's end. */
  readonly levels: Readonly<Partial<Record<'h' | 'c', Int8Array>>>;
  /** Largest absolute value of each state, 1 at least. */
  readonly scales: Readonly<Partial<Record<'h' | 'c', number>>>;
}

/** States and gates of the characters that are drawn. */
export interface StripStates {
  readonly from: number;
  /** By layer and name, [steps,H]. */
  readonly layers: readonly Readonly<Record<string, Float32Array>>[];
  /** Those before the first of them, [H]; absent at the beginning of the text. */
  readonly before?: readonly Readonly<Record<string, Float32Array>>[];
}

/** Characters of the strip. */
export const STRIP_STEPS = 24;

/** What a change of the text has changed, by character of the text as it is. */
export interface Change {
  /** The first character that is another one, and the first that is the same again. */
  readonly from: number;
  readonly to: number;
  /** Root mean square difference of all states h; NaN where the text was not there before. */
  readonly states: Float32Array;
  /** Whether the likeliest next character was another one, and which. */
  readonly guesses: readonly { readonly position: number; readonly before: string }[];
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

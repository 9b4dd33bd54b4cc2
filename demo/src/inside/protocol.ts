import type { Candidate, Connectivity, UnitScore } from '../../../src/index.js';
import type { CellShape } from '../drawing/shape.js';

/** A unit of a layer, both counted from 0. */
export interface UnitChoice {
  readonly layer: number;
  readonly unit: number;
}

/** The prediction after a character: of `symbol`, or of the character that follows. */
export interface PredictionChoice {
  readonly position: number;
  readonly symbol?: string;
}

/** What the page requests. */
export interface InsideRequest {
  /** The stretch to read; undefined for one of the training text. */
  readonly text: string | undefined;
  /** Position of that stretch in the text, from 0 to 1. */
  readonly place: number;
  /** Undefined for the unit that follows the feature most closely. */
  readonly unit: UnitChoice | undefined;
  /**
   * Name of the feature whose followers are listed; undefined for the closest follower of each
   * feature.
   */
  readonly feature: string | undefined;
  readonly prediction: PredictionChoice | undefined;
  /** Index of the first character of the drawn strip. */
  readonly strip: number;
  /** The text before the visitor changed it, to compare with. */
  readonly before: string | undefined;
  /** Whether to inspect the current weights rather than the last inspected ones. */
  readonly live: boolean;
  /** The view that the page has already: see `InsideView.token`. */
  readonly shown: string | undefined;
}

/** The activations of the network while it reads a stretch of text. */
export interface InsideView {
  /** Equal tokens mean equal views. */
  readonly token: string;
  /** The step after which the weights were taken. */
  readonly step: number;
  /** L and H. */
  readonly layers: number;
  readonly hidden: number;
  readonly cell: CellShape;
  readonly symbols: readonly string[];
  /** Whether the text was longer than what was read. */
  readonly cut: boolean;
  /** Characters that the network has never seen. */
  readonly unknown: readonly string[];
  readonly likeliest: readonly (readonly Candidate[])[];
  /** Surprise at each character in bits; NaN at the first, and at unknown characters. */
  readonly surprise: ArrayLike<number>;
  /** Names of all features. */
  readonly features: readonly string[];
  /** Units that follow a feature, closest first. */
  readonly followers: readonly UnitScore[];
  /**
   * The states and gates of the current unit by name, one value for each character, and the feature
   * that it follows most closely, or how closely it follows the requested one.
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
  /** layer·H + unit of each row: the slowest first, constant ones last. */
  readonly rows: Uint32Array;
  /** By state, [rows,T]: 127 is the end of the scale. */
  readonly levels: Readonly<Partial<Record<'h' | 'c', Int8Array>>>;
  /** Largest absolute value of each state, at least 1. */
  readonly scales: Readonly<Partial<Record<'h' | 'c', number>>>;
}

/** States and gates of the drawn characters. */
export interface StripStates {
  readonly from: number;
  /** By layer and name, [steps,H]. */
  readonly layers: readonly Readonly<Record<string, Float32Array>>[];
  /** Those before the first character, [H]; absent at the beginning of the text. */
  readonly before?: readonly Readonly<Record<string, Float32Array>>[];
}

/** Characters of the strip. */
export const STRIP_STEPS = 24;

/** The effect of a change of the text, by character of the current text. */
export interface Change {
  /** The first different character, and the first that is equal again. */
  readonly from: number;
  readonly to: number;
  /**
   * Root mean square difference of all states h; NaN where the earlier text has no such character.
   */
  readonly states: Float32Array;
  /** Characters whose likeliest next character has changed, and the earlier one. */
  readonly guesses: readonly { readonly position: number; readonly before: string }[];
}

/** The gradient of one layer on its way back in time. */
export interface FlowLine {
  /** Counted from 0, the layer that reads the input. */
  readonly layer: number;
  /** ‖dL/dh_t‖ by time step, over all rows and units. */
  readonly norms: readonly number[];
  /** For an LSTM: ‖dL/dc_t‖. */
  readonly cellNorms?: readonly number[];
}

/** Most characters that are read. */
export const MOST_SYMBOLS = 600;

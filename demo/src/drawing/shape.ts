/**
 * What the drawing is given: plain data. Read this file first; `NetworkDrawing` in `drawing.ts`
 * takes a `NetworkShape` and an `Example` of it.
 */

/** A recurrent cell, as far as the drawing must know it: the fields of the same names in `FACTS`. */
export interface CellShape {
  /** For sentences: `an LSTM`. */
  readonly noun: string;
  /** Names of its states, the output first: `h`, or `h` and `c`. */
  readonly states: readonly string[];
  /** Names of the gates that an example may have: see `PlaceState.activations`. */
  readonly savedGates: readonly string[];
  /** Whether its gates see the state before. */
  readonly recurrentWeights: boolean;
}

/** Recurrent layers that go over the same steps. */
export interface StackShape {
  readonly cell: CellShape;
  /** H, units of each layer and direction. */
  readonly hidden: number;
  /** L */
  readonly layers: number;
  readonly directions: 1 | 2;
  /** Every layer but the first joins two steps of the layer below into one. Default false. */
  readonly pyramidal?: boolean;
}

/** An image encoder: it makes one vector of each place of a picture, row by row. */
export interface PictureShape {
  readonly rows: number;
  readonly columns: number;
}

/** A network, from what it reads to what it answers. */
export interface NetworkShape {
  /** What reads the source before the stack begins. Absent: one stack reads and answers. */
  readonly encoder?: StackShape | PictureShape;
  /**
   * Whether each step of the stack looks at all places of the encoder. Without it the stack begins
   * with the encoder's last state, its summary. Default false.
   */
  readonly attention?: boolean;
  readonly stack: StackShape;
  /** Whether it answers after each step, or once, after the last. */
  readonly answers: 'each' | 'last';
}

/** One answer that it thinks possible. */
export interface Guess {
  readonly symbol: string;
  /** 0 to 1; absent for a number that is said, which is not one of several. */
  readonly probability?: number;
}

/** One time step, as it is seen from outside. */
export interface Step {
  /** The symbol that is read; empty where it is not shown. */
  readonly reads: string;
  /** The right answer after this step, where it is known. */
  readonly comes?: string | undefined;
  /** The likeliest first. Five are drawn. */
  readonly guesses?: readonly Guess[] | undefined;
  /** How much it looks at each place of the encoder: sums to 1. */
  readonly attention?: ArrayLike<number> | undefined;
}

/** One layer in one direction after one step. */
export interface PlaceState {
  /** [H] each, by name: states and gates. `h` is needed, all others are shown in the cell. */
  readonly activations: Readonly<Record<string, ArrayLike<number>>>;
  /** Norms of the loss's gradient with respect to states: dL/dh, dL/dc. */
  readonly gradients?: { readonly h: number; readonly c?: number | undefined } | undefined;
}

/** A run of a stack over its steps. */
export interface Strip {
  readonly steps: readonly Step[];
  /** By layer, direction and step of the layer, the one that reads the input first. */
  readonly states: readonly (readonly (readonly PlaceState[])[])[];
  /**
   * States before the first step in reading direction, by layer and direction. Default: zero where
   * the strip begins with step 1, else not known.
   */
  readonly before?: readonly (readonly PlaceState['activations'][])[] | undefined;
  /** Number of the first step, in sentences. Default 1. */
  readonly first?: number | undefined;
}

/** A matrix of weights, the same at every step. */
export interface WeightBlock {
  /** From what to what: `letter → state`. */
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** Row by row; drawn where there are at most 256 of them. */
  readonly values?: ArrayLike<number> | undefined;
}

/** A real example, with what is known of it. Empty lists are drawn as an empty network. */
export interface Example extends Strip {
  /** What the encoder read: of a stack its strip, of a picture its address (a data URL). */
  readonly source?: Strip | { readonly picture: string } | undefined;
  readonly weights?: readonly WeightBlock[] | undefined;
  /** Where the loss of the gradients comes from: the last answer, or all of them. Default `last`. */
  readonly errors?: 'last' | 'each' | undefined;
  /** What a step is called. Default `letter`. */
  readonly stepName?: string | undefined;
}

/** Whether an encoder is one of pictures. */
export function isPicture(encoder: StackShape | PictureShape): encoder is PictureShape {
  return 'rows' in encoder;
}

/** A cell at one step of the stack, all from 0. */
export interface CellPlace {
  readonly layer: number;
  readonly direction: 0 | 1;
  readonly step: number;
}

/** One product of a sum: a weight times what it weighs. */
export interface Term {
  /** What is weighed: a letter, a unit. */
  readonly label: string;
  readonly weight: number;
  readonly value: number;
}

/** How one number of a unit comes about: its state, or one of its gates. */
export interface Sum {
  /** Name of the number: `h` of an RNN, or a gate. */
  readonly name: string;
  /** Products with what is read, and with the state before. */
  readonly inputs: readonly Term[];
  readonly states: readonly Term[];
  readonly bias: number;
  /** What the products with the state and their bias are multiplied by: a GRU's reset gate. */
  readonly factor?: { readonly name: string; readonly value: number; readonly bias: number } | undefined;
  /** The nonlinearity, by name, and what it makes of the sum. */
  readonly squash: 'sigmoid' | 'tanh' | 'relu' | 'none';
  readonly result: number;
}

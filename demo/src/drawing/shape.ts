/**
 * The input of the drawing, as plain data. Read this file first: `NetworkDrawing` in `drawing.ts`
 * takes a `NetworkShape` and an `Example`.
 */

/**
 * The facts about a recurrent cell that the drawing needs: the fields of the same names in `FACTS`.
 */
export interface CellShape {
  /** For sentences: `an LSTM`. */
  readonly noun: string;
  /** Names of its states, the output first: `h`, or `h` and `c`. */
  readonly states: readonly string[];
  /** Names of the gates that an example may have: see `PlaceState.activations`. */
  readonly savedGates: readonly string[];
  /** Whether its gates depend on the previous state. */
  readonly recurrentWeights: boolean;
}

/** Recurrent layers over the same steps. */
export interface StackShape {
  readonly cell: CellShape;
  /** H: units of each layer and direction. */
  readonly hidden: number;
  /** L. */
  readonly layers: number;
  readonly directions: 1 | 2;
  /**
   * Whether every layer but the first joins two steps of the layer below into one. Default false.
   */
  readonly pyramidal?: boolean;
}

/** An image encoder: it returns one vector for each place of a picture, row by row. */
export interface PictureShape {
  readonly rows: number;
  readonly columns: number;
}

/** A network, from input to output. */
export interface NetworkShape {
  /** Reads the source before the stack begins. Absent: one stack reads and answers. */
  readonly encoder?: StackShape | PictureShape;
  /**
   * Whether each step of the stack attends to all places of the encoder. Without attention the
   * stack begins with the encoder's last state, its summary. Default false.
   */
  readonly attention?: boolean;
  readonly stack: StackShape;
  /** Whether it answers after each step, or once after the last. */
  readonly answers: 'each' | 'last';
}

/** A possible answer. */
export interface Guess {
  readonly symbol: string;
  /** 0 to 1; absent for a predicted number. */
  readonly probability?: number;
}

/** One time step as seen from outside. */
export interface Step {
  /** The symbol that is read; empty where it is not shown. */
  readonly reads: string;
  /** The right answer after this step, if it is known. */
  readonly comes?: string | undefined;
  /** Likeliest first. Five are drawn. */
  readonly guesses?: readonly Guess[] | undefined;
  /** Attention weights over the places of the encoder, which sum to 1. */
  readonly attention?: ArrayLike<number> | undefined;
}

/** One layer in one direction after one step. */
export interface PlaceState {
  /** [H] each, by name: states and gates. `h` is required; the cell view shows all others. */
  readonly activations: Readonly<Record<string, ArrayLike<number>>>;
  /** Norms of the loss's gradient with respect to the states: dL/dh, dL/dc. */
  readonly gradients?: { readonly h: number; readonly c?: number | undefined } | undefined;
}

/** A run of a stack over its steps. */
export interface Strip {
  readonly steps: readonly Step[];
  /** By layer, direction and step of the layer, in the order of the input. */
  readonly states: readonly (readonly (readonly PlaceState[])[])[];
  /**
   * States before the first step in reading direction, by layer and direction. Default: zero if the
   * strip begins with step 1, else not known.
   */
  readonly before?: readonly (readonly PlaceState['activations'][])[] | undefined;
  /** Number of the first step, for sentences. Default 1. */
  readonly first?: number | undefined;
}

/** A weight matrix, the same at every step. */
export interface WeightBlock {
  /** Its input and output: `letter → state`. */
  readonly label: string;
  readonly rows: number;
  readonly columns: number;
  /** Row by row; drawn if there are at most 256. */
  readonly values?: ArrayLike<number> | undefined;
}

/** A real example and the network's activations over it. Empty lists draw an empty network. */
export interface Example extends Strip {
  /** The input of the encoder: a strip for a stack, an address (a data URL) for a picture. */
  readonly source?: Strip | { readonly picture: string } | undefined;
  readonly weights?: readonly WeightBlock[] | undefined;
  /** Which answers the loss of the gradients includes: the last one, or all. Default `last`. */
  readonly errors?: 'last' | 'each' | undefined;
  /** The word for a step. Default `letter`. */
  readonly stepName?: string | undefined;
}

/** Whether an encoder reads pictures. */
export function isPicture(encoder: StackShape | PictureShape): encoder is PictureShape {
  return 'rows' in encoder;
}

/** A cell at one step of the stack, all counted from 0. */
export interface CellPlace {
  readonly layer: number;
  readonly direction: 0 | 1;
  readonly step: number;
}

/** One product of a sum: a weight times a value. */
export interface Term {
  /** Name of the value: a letter, a unit. */
  readonly label: string;
  readonly weight: number;
  readonly value: number;
}

/** The terms of one number of a unit: its state, or one of its gates. */
export interface Sum {
  /** Name of the number: `h` of an RNN, or a gate. */
  readonly name: string;
  /** Products with the inputs, and with the previous state. */
  readonly inputs: readonly Term[];
  readonly states: readonly Term[];
  readonly bias: number;
  /** The factor of the products with the state and their bias: a GRU's reset gate. */
  readonly factor?: { readonly name: string; readonly value: number; readonly bias: number } | undefined;
  /** The nonlinearity and its result. */
  readonly squash: 'sigmoid' | 'tanh' | 'relu' | 'none';
  readonly result: number;
}

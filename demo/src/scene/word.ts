/** The network reads all letters of the word but the last, and should guess all but the first. */
export const WORD = 'hello';
export const READS: readonly string[] = [...WORD.slice(0, -1)];
export const TARGETS: readonly string[] = [...WORD.slice(1)];
/** In the order of their ids. */
export const LETTERS: readonly string[] = ['h', 'e', 'l', 'o'];
export const UNITS = 3;

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[];

/** Results of the forward pass by letter read: T rows. */
export interface Forward {
  /** W_ih·x_t, [T,H]. */
  readonly fromLetter: Matrix;
  /** W_hh·h_{t−1}, [T,H]. */
  readonly fromBefore: Matrix;
  /** h_t = tanh(fromLetter + fromBefore + bias), [T,H]. */
  readonly states: Matrix;
  /** [T,V]. */
  readonly scores: Matrix;
  /** softmax(scores), [T,V]. */
  readonly chances: Matrix;
  /** −log of the right letter's probability in nats, [T]. */
  readonly losses: readonly number[];
  /** Sum of the losses. */
  readonly loss: number;
  /** Probabilities if each letter is read from the zero state, as if it were the first, [T,V]. */
  readonly forgetful: Matrix;
}

/** One number for each weight: the weights themselves, or their gradients. */
export interface Weights {
  /** [H,V]. */
  readonly fromLetter: Matrix;
  /** [H,H]. */
  readonly fromBefore: Matrix;
  /** [H]. */
  readonly stateBias: readonly number[];
  /** [V,H]. */
  readonly toScores: Matrix;
  /** [V]. */
  readonly scoreBias: readonly number[];
}

/** Results of the backward pass: gradients of the sum of the losses. */
export interface Backward {
  /** [T,V]. */
  readonly scores: Matrix;
  /** [T,H]. */
  readonly states: Matrix;
  readonly weights: Weights;
}

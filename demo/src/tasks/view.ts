/**
 * What a view of a task gets and gives. The page makes one view for the task that trains, hands it
 * moments of the training (live ones, and earlier ones that its slider goes back to), and answers its
 * questions. A view shows plain data and knows neither the worker nor the library.
 */
import type { Answer } from '../host/messages.js';

/** The shapes of tasks by what they read and write. */
export const SHAPES = [
  'one-to-one',
  'one-to-many',
  'many-to-one',
  'many-to-many-aligned',
  'many-to-many-unequal',
] as const;
export type Shape = (typeof SHAPES)[number];

/** What a network reads, as it is shown. Pixels go row by row, each with its channels, from 0 to 1. */
export type Read =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tokens'; readonly tokens: readonly string[] }
  | {
      readonly kind: 'picture';
      readonly rows: number;
      readonly columns: number;
      readonly channels: number;
      readonly pixels: Float32Array;
    }
  /** [frames·rows·columns] */
  | {
      readonly kind: 'film';
      readonly frames: number;
      readonly rows: number;
      readonly columns: number;
      readonly pixels: Float32Array;
    }
  | { readonly kind: 'class'; readonly name: string }
  /** The steps that are read, by series. */
  | { readonly kind: 'series'; readonly names: readonly string[]; readonly values: readonly Float32Array[] };

/** Where a network looked while it wrote: for each symbol of `output` a weight for each of `source`. */
export interface Attention {
  /** Symbols that were read; of a picture, the numbers of its places, row by row. */
  readonly source: readonly string[];
  readonly output: readonly string[];
  readonly weights: readonly (readonly number[])[];
}

/** A text that a search has found. */
export interface Candidate {
  readonly text: string;
  /** Natural logarithm of its probability. */
  readonly logProbability: number;
}

/** A symbol that one of a beam's hypotheses has taken in a step. */
export interface BeamChoice {
  readonly symbol: string;
  /** Place of the hypothesis in the step before that it goes on from; 0 in the first step. */
  readonly parent: number;
  /** Of the whole hypothesis so far: natural logarithm. */
  readonly logProbability: number;
  /** Whether the hypothesis ends with it. */
  readonly ends: boolean;
}

/** Probabilities by label. */
export type Belief = Readonly<Record<string, number>>;

/** An example with the network's answer, of any task: what a task does not have is absent. */
export interface Reply {
  readonly read: Read;
  /** The answer in one line: the label, the text that was written, the number, tags with spaces. */
  readonly text: string;
  /** The right answer, where it is known. */
  readonly wanted?: string;
  readonly right?: boolean;
  /** Of a label: how sure it is of each. */
  readonly probabilities?: Belief;
  /** The same after each word, row or symbol that was read. */
  readonly belief?: readonly Belief[];
  /**
   * By word of a text, or row of a picture: by how much the probability of the answer falls when it
   * is left out; below zero where it rises.
   */
  readonly influence?: readonly number[];
  /** Of tags: one for each step, how sure it is of it, and the right ones. */
  readonly tags?: readonly string[];
  readonly tagProbabilities?: readonly number[];
  readonly wantedTags?: readonly (string | null)[];
  readonly attention?: Attention;
  /** Of a search: the best first. */
  readonly candidates?: readonly Candidate[];
  /** Of a search: its choices, step by step. */
  readonly beam?: readonly (readonly BeamChoice[])[];
  /** Of a picture that is described: for each word that is wanted, the place of what it names. */
  readonly wantedPlaces?: readonly (number | null)[];
  /** Of a prediction of a series: the number, the true one, and the steps between it and the last read. */
  readonly value?: number;
  readonly wantedValue?: number;
  /** Several texts that were drawn for the same input. */
  readonly drawn?: readonly Candidate[];
}

/** The same examples at one step of the training. */
export interface Moment {
  readonly step: number;
  /** Share of right answers on examples that are never learned, from 0 to 1. */
  readonly share: number;
  /** The fixed examples, with attention where the network attends. */
  readonly examples: readonly Reply[];
}

/** What is to be answered: an example by its number in `Moment.examples`, or an input of a visitor. */
export type Asked =
  | { readonly example: number }
  /** Of tasks that read a text, or words with spaces between them. */
  | { readonly text: string }
  | { readonly class: string }
  /** Of tasks that read pictures: as many pixels as those of the examples. */
  | { readonly picture: Float32Array };

/** A question. What is not asked for is not computed. */
export interface Question {
  readonly asked: Asked;
  /** Width of a beam search; with it come `candidates` and `beam`. Default: none. */
  readonly width?: number;
  readonly attention?: boolean;
  readonly belief?: boolean;
  readonly influence?: boolean;
  /** Draws so many texts in place of the likeliest one. */
  readonly draw?: { readonly count: number; readonly temperature: number; readonly seed: number };
}

/** When a picture is given: once, with every word, or place by place as the network looks at it. */
export type PictureGiven = 'first' | 'every' | 'attention';

/** What a network writes from; of pictures `summary` gives them with every word, `first` once. */
export type Memory = 'attention' | 'summary' | 'first';

/** What is true of a run from its first step to its last. */
export interface TaskFacts {
  /** Number of the run in its worker. */
  readonly run: number;
  /** Name of the task in the list, or `own` for a visitor's records. */
  readonly task: string;
  readonly shape: Shape;
  /** What is learned: a label, tags, a number, or a text. */
  readonly kind: 'classify' | 'tag' | 'regress' | 'translate' | 'caption';
  readonly reads: Read['kind'];
  /** Labels or tags, or the classes that are written for. */
  readonly labels: readonly string[];
  readonly attends: boolean;
  /** Of pictures that are described: when the picture is given. */
  readonly given?: PictureGiven;
  readonly parameters: number;
  readonly records: number;
  readonly heldOut: number;
  /** Of pictures that are written: their width in symbols. */
  readonly width?: number;
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  readonly adapter: string;
  /** Why it is not a GPU that computes. */
  readonly notice?: string;
  readonly warnings: readonly string[];
  readonly step: number;
}

/** What a view is made from. */
export interface ViewGiven {
  /** An empty element that is the view's own. */
  readonly host: HTMLElement;
  readonly facts: TaskFacts;
  /** Answered between two steps, with the weights of the moment; training goes on afterwards. */
  readonly ask: (question: Question) => Promise<Answer<Reply>>;
  /** Says which example is looked at, or what has been typed: the network is drawn over it. */
  readonly looked: (asked: Asked) => void;
  /**
   * Goes over to a network for the same task that attends, or to one that writes from a summary
   * alone: its own training begins, or goes on where it was.
   */
  readonly change: (memory: Memory) => void;
}

/** A view of the task that trains. */
export interface TaskView {
  /**
   * Shows the fixed examples at a step: called with every new moment while the slider is at its end,
   * and with an earlier one where somebody moves it.
   * @param live whether this is the training's last moment, so that questions belong to it
   */
  show(moment: Moment, live: boolean): void;
  /** The view's element is about to be emptied. */
  dispose(): void;
}

export type MakeView = (given: ViewGiven) => TaskView;

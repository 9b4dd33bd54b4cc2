/**
 * The interface of a task's view. The page makes one view for the current task, gives it moments of
 * the training (the latest, or an earlier one of the slider), and answers its questions. A view
 * shows plain data and knows neither the worker nor the library.
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

/**
 * An input of a network as the page shows it. Pixels are row by row, each with its channels, from 0
 * to 1.
 */
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
  /** Levels of frequency bands, the low ones first: [frames·bands]. A tone has the level 1. */
  | {
      readonly kind: 'sound';
      readonly frames: number;
      readonly bands: number;
      readonly levels: Float32Array;
    }
  /** The steps that are read, by series. */
  | { readonly kind: 'series'; readonly names: readonly string[]; readonly values: readonly Float32Array[] };

/**
 * The attention of a network while it wrote: for each symbol of `output` one weight for each of
 * `source`.
 */
export interface Attention {
  /** The symbols of the input; for a picture the numbers of its places, row by row. */
  readonly source: readonly string[];
  readonly output: readonly string[];
  readonly weights: readonly (readonly number[])[];
}

/** A text found by a search. */
export interface Candidate {
  readonly text: string;
  /** Natural logarithm of its probability. */
  readonly logProbability: number;
}

/** A symbol that one hypothesis of a beam has taken in a step. */
export interface BeamChoice {
  readonly symbol: string;
  /** Index of the hypothesis of the previous step that it continues; 0 in the first step. */
  readonly parent: number;
  /** Natural logarithm of the probability of the whole hypothesis so far. */
  readonly logProbability: number;
  /** Whether the hypothesis ends with it. */
  readonly ends: boolean;
}

/** Probabilities by label. */
export type Belief = Readonly<Record<string, number>>;

/** An example with the network's answer, for any task. What a task does not have is absent. */
export interface Reply {
  readonly read: Read;
  /** The answer in one line: the label, the text, the number, or tags separated by spaces. */
  readonly text: string;
  /** The right answer, if it is known. */
  readonly wanted?: string;
  readonly right?: boolean;
  /** Letters or words of a typed text that the network has never read. */
  readonly unknown?: readonly string[];
  /** For a label: the probability of each label. */
  readonly probabilities?: Belief;
  /** The same after each word, row or symbol of the input. */
  readonly belief?: readonly Belief[];
  /**
   * For each word of a text or row of a picture: by how much the probability of the answer falls
   * without it; negative if it rises.
   */
  readonly influence?: readonly number[];
  /** For tags: one for each step, its probability, and the right one. */
  readonly tags?: readonly string[];
  readonly tagProbabilities?: readonly number[];
  readonly wantedTags?: readonly (string | null)[];
  readonly attention?: Attention;
  /** For a search: the hypotheses, best first. */
  readonly candidates?: readonly Candidate[];
  /** For a search: its choices, step by step. */
  readonly beam?: readonly (readonly BeamChoice[])[];
  /**
   * For a picture that is described: for each wanted word, the place of the object that it names.
   */
  readonly wantedPlaces?: readonly (number | null)[];
  /**
   * For a prediction of a series: the number, the true one, and the steps between it and the last
   * input.
   */
  readonly value?: number;
  readonly wantedValue?: number;
  /** Several texts drawn for the same input. */
  readonly drawn?: readonly Candidate[];
}

/** The same examples at one step of the training. */
export interface Moment {
  readonly step: number;
  /** Share of right answers on held-out examples, from 0 to 1. */
  readonly share: number;
  /** The fixed examples, with attention if the network attends. */
  readonly examples: readonly Reply[];
}

/** What to answer: an example by its index in `Moment.examples`, or a visitor's input. */
export type Asked =
  | { readonly example: number }
  /** For tasks that read a text, or words separated by spaces; letters to be sent as sound. */
  | { readonly text: string }
  | { readonly class: string }
  /** For tasks that read pictures: as many pixels as the examples have. */
  | { readonly picture: Float32Array };

/** A question. Only what is requested is computed. */
export interface Question {
  readonly asked: Asked;
  /** Width of a beam search, which returns `candidates` and `beam`. Default: none. */
  readonly width?: number;
  readonly attention?: boolean;
  readonly belief?: boolean;
  readonly influence?: boolean;
  /** Draws so many texts instead of the likeliest one. */
  readonly draw?: { readonly count: number; readonly temperature: number; readonly seed: number };
}

/** When a picture is given: once, with every word, or place by place by attention. */
export type PictureGiven = 'first' | 'every' | 'attention';

/** What a network writes from; a picture is given with every word by `summary`, once by `first`. */
export type Memory = 'attention' | 'summary' | 'first';

/** Facts that stay the same during a run. */
export interface TaskFacts {
  /** Number of the run in its worker. */
  readonly run: number;
  /** Name of the task in the catalogue, or `own` for a visitor's records. */
  readonly task: string;
  readonly shape: Shape;
  /** What is learned: a label, tags, a number, or a text. */
  readonly kind: 'classify' | 'tag' | 'regress' | 'translate' | 'caption';
  readonly reads: Read['kind'];
  /** The labels or tags, or the classes to write for. */
  readonly labels: readonly string[];
  readonly attends: boolean;
  /** For pictures that are described: when the picture is given. */
  readonly given?: PictureGiven;
  readonly parameters: number;
  readonly records: number;
  readonly heldOut: number;
  /** For pictures that are written: their width in symbols. */
  readonly width?: number;
  readonly backend: 'webgpu' | 'cpu' | 'reference';
  readonly adapter: string;
  /** Why no GPU computes. */
  readonly notice?: string;
  readonly warnings: readonly string[];
  readonly step: number;
}

/** What a view is made from. */
export interface ViewGiven {
  /** An empty element that belongs to the view. */
  readonly host: HTMLElement;
  readonly facts: TaskFacts;
  /** Answers between two steps with the current weights; training continues afterwards. */
  readonly ask: (question: Question) => Promise<Answer<Reply>>;
  /**
   * Reports which example the visitor looks at or has typed, so that the network is drawn over it.
   */
  readonly looked: (asked: Asked) => void;
  /**
   * Switches to a network for the same task that attends, or that writes from a summary only. Its
   * own training starts, or continues where it was.
   */
  readonly change: (memory: Memory) => void;
}

/** A view of the current task. */
export interface TaskView {
  /**
   * Shows the fixed examples at a step: every new moment while the slider is at its end, else the
   * moment of the slider.
   * @param live whether this is the latest moment, whose weights answer questions
   */
  show(moment: Moment, live: boolean): void;
  /** Called before the view's element is emptied. */
  dispose(): void;
}

export type MakeView = (given: ViewGiven) => TaskView;

import { hasDigits, hasNames } from 'virtual:real-data';
import type { MadeOptions, TaskLayers, TaskName, TaskOptions } from '../../../src/graph.js';
import type { Read, Shape } from './view.js';

/** Where the records of a task come from: the library's made-up ones, or made in the page. */
export type TaskData =
  | { readonly made: string; readonly options?: MadeOptions }
  | { readonly drawn: 'opinions' | 'names' | 'digits' | 'written-digits' }
  /** Real ones, which the build has cut from a package. */
  | { readonly real: 'digits' | 'names' };

/** When an answer counts as right. */
export type Right =
  /** It is the wanted text, label, or tag of each step. */
  | 'same'
  /** The number is within half of the deviation of all that are wanted. */
  | 'near'
  /** A text that is drawn for a class keeps the rules of the class, or is a real one of it. */
  | 'of-class';

/** A task of the page, with sizes at which a processor alone learns it within a minute or so. */
export interface TaskEntry {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: TaskName;
  readonly reads: Read['kind'];
  readonly data: TaskData;
  /** Records to learn from. */
  readonly rows: number;
  readonly right: Right;
  readonly options: TaskOptions;
  readonly layers: TaskLayers;
  readonly train: { readonly batch: number; readonly rate: number; readonly clipNorm: number };
}

const BATCHES = { batch: 32, clipNorm: 5 };
const TRANSLATION = {
  shape: 'many-to-many-unequal',
  kind: 'translate',
  right: 'same',
  reads: 'text',
} as const;

/** All tasks, in the order in which the page lists them. */
const ENTRIES: readonly TaskEntry[] = [
  {
    ...TRANSLATION,
    name: 'dates',
    data: { made: 'dates' },
    rows: 8000,
    options: { tokens: 'characters', attention: 'additive' },
    layers: { cell: 'gru', hidden: 48, embedding: 24, bidirectional: true },
    train: { ...BATCHES, rate: 6e-3 },
  },
  {
    ...TRANSLATION,
    name: 'number-words',
    data: { made: 'number-words', options: { digits: 4 } },
    rows: 6000,
    options: { sourceTokens: 'characters', targetTokens: 'words', attention: 'additive' },
    layers: { cell: 'gru', hidden: 48, embedding: 24, bidirectional: true },
    train: { ...BATCHES, rate: 4e-3 },
  },
  {
    ...TRANSLATION,
    name: 'reversing',
    data: { made: 'reversing', options: { shortest: 3, longest: 8 } },
    rows: 8000,
    options: { tokens: 'characters', attention: 'general' },
    layers: { cell: 'gru', hidden: 48, embedding: 16 },
    train: { ...BATCHES, rate: 6e-3 },
  },
  {
    name: 'reviews',
    shape: 'many-to-one',
    kind: 'classify',
    reads: 'text',
    data: { made: 'negation' },
    rows: 3000,
    right: 'same',
    options: { tokens: 'words' },
    layers: { cell: 'lstm', hidden: 24, embedding: 16 },
    train: { ...BATCHES, rate: 8e-3 },
  },
  {
    name: 'handwriting',
    shape: 'many-to-one',
    kind: 'classify',
    reads: 'picture',
    data: { real: 'digits' },
    rows: 2000,
    right: 'same',
    options: { as: 'rows' },
    layers: { cell: 'lstm', hidden: 64 },
    train: { ...BATCHES, rate: 5e-3 },
  },
  {
    name: 'digits',
    shape: 'many-to-one',
    kind: 'classify',
    reads: 'picture',
    data: { drawn: 'digits' },
    rows: 3000,
    right: 'same',
    options: { as: 'rows' },
    layers: { cell: 'lstm', hidden: 48 },
    train: { ...BATCHES, rate: 5e-3 },
  },
  {
    name: 'series',
    shape: 'many-to-one',
    kind: 'regress',
    reads: 'series',
    data: { made: 'sensors' },
    rows: 4000,
    right: 'near',
    options: {
      ...{ inputs: ['temperature', 'humidity', 'pressure'], target: 'temperature' },
      ...{ window: 24, horizon: 6 },
    },
    layers: { cell: 'lstm', hidden: 24 },
    train: { ...BATCHES, rate: 5e-3 },
  },
  {
    name: 'opinions',
    shape: 'many-to-many-aligned',
    kind: 'tag',
    reads: 'tokens',
    data: { drawn: 'opinions' },
    rows: 3000,
    right: 'same',
    options: { text: 'tokens', label: 'tags' },
    layers: { cell: 'lstm', hidden: 24, embedding: 16, bidirectional: true },
    train: { ...BATCHES, rate: 8e-3 },
  },
  {
    name: 'film',
    shape: 'many-to-many-aligned',
    kind: 'tag',
    reads: 'film',
    data: { made: 'moving-shapes', options: { time: 12 } },
    rows: 800,
    right: 'same',
    options: { text: 'frames', label: 'tags', as: 'image', filters: [6, 12] },
    layers: { cell: 'lstm', hidden: 32, bidirectional: true },
    train: { ...BATCHES, batch: 16, rate: 5e-3 },
  },
  {
    name: 'first-names',
    shape: 'one-to-many',
    kind: 'caption',
    reads: 'class',
    data: { real: 'names' },
    rows: 6000,
    right: 'of-class',
    options: { tokens: 'characters', inject: 'every' },
    layers: { cell: 'gru', hidden: 96, embedding: 16 },
    train: { ...BATCHES, rate: 5e-3 },
  },
  {
    name: 'names',
    shape: 'one-to-many',
    kind: 'caption',
    reads: 'class',
    data: { drawn: 'names' },
    rows: 4000,
    right: 'of-class',
    options: { tokens: 'characters', inject: 'every' },
    layers: { cell: 'gru', hidden: 64, embedding: 16 },
    train: { ...BATCHES, rate: 5e-3 },
  },
  {
    name: 'written-digits',
    shape: 'one-to-many',
    kind: 'caption',
    reads: 'class',
    data: { drawn: 'written-digits' },
    rows: 2000,
    right: 'of-class',
    options: { tokens: 'characters', inject: 'every' },
    layers: { cell: 'gru', hidden: 64, embedding: 8 },
    train: { ...BATCHES, rate: 1e-2 },
  },
  {
    name: 'scenes',
    shape: 'one-to-many',
    kind: 'caption',
    reads: 'picture',
    data: { made: 'scenes', options: { pixels: 4 } },
    rows: 2000,
    right: 'same',
    options: { tokens: 'words', inject: 'attention', as: 'image', filters: [12, 24] },
    layers: { cell: 'lstm', hidden: 48, embedding: 24 },
    train: { ...BATCHES, rate: 5e-3 },
  },
];

/** The tasks of this build: those of real records where it has them. */
export const TASK_ENTRIES: readonly TaskEntry[] = ENTRIES.filter(
  ({ data }) => !('real' in data) || (data.real === 'digits' ? hasDigits : hasNames),
);

/** The task of this name. */
export function entryOf(name: string): TaskEntry | undefined {
  return TASK_ENTRIES.find((entry) => entry.name === name);
}

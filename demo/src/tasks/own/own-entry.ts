import type { TaskOptions } from '../../../../src/graph.js';
import type { TaskEntry } from '../catalogue.js';
import type { OwnChoice, OwnTask } from './choice.js';

type OwnKind = Pick<TaskEntry, 'shape' | 'reads' | 'layers' | 'train' | 'right'>;

const TRAIN = { batch: 32, rate: 5e-3, clipNorm: 5 };

const KINDS: Readonly<Record<OwnTask, OwnKind>> = {
  classify: {
    ...{ shape: 'many-to-one', reads: 'text', right: 'same', train: TRAIN },
    layers: { cell: 'lstm', hidden: 32, embedding: 24, bidirectional: true },
  },
  tag: {
    ...{ shape: 'many-to-many-aligned', reads: 'tokens', right: 'same', train: TRAIN },
    layers: { cell: 'lstm', hidden: 32, embedding: 24, bidirectional: true },
  },
  translate: {
    ...{ shape: 'many-to-many-unequal', reads: 'text', right: 'same', train: TRAIN },
    layers: { cell: 'gru', hidden: 64, embedding: 24, bidirectional: true },
  },
  regress: {
    ...{ shape: 'many-to-one', reads: 'series', right: 'near', train: TRAIN },
    layers: { cell: 'lstm', hidden: 32 },
  },
};

/** Steps per window of a series, if it is long enough. */
const WINDOW = 24;
/** Least number of windows of a series. */
const WINDOWS = 8;

/** Returns the options of the library's task for a visitor's records. */
function optionsOf({ task, read, learned }: OwnChoice, rows: number): TaskOptions {
  switch (task) {
    case 'classify':
      return { text: read[0], label: learned, tokens: 'words', lowercase: true };
    case 'tag':
      return { text: read[0], label: learned };
    case 'translate':
      return { tokens: 'characters', attention: 'additive' };
    case 'regress': {
      const window = Math.max(2, Math.min(WINDOW, Math.floor(rows / WINDOWS)));
      return { inputs: read, target: learned, window, horizon: 1 };
    }
  }
}

/** Returns the task of a visitor's records in the form of the catalogue. */
export function ownEntry(choice: OwnChoice, rows: number): Omit<TaskEntry, 'data'> {
  return {
    name: 'own',
    kind: choice.task,
    rows,
    options: optionsOf(choice, rows),
    ...KINDS[choice.task],
  };
}

import { OptionError } from '../../../../src/index.js';
import {
  given,
  LARGEST_SEED,
  RECORDS_PRESET,
  stepOptions,
  type Changes,
  type StepOptions,
  type TaskLayers,
  type TaskOptions,
} from '../../../../src/graph.js';
import { wholeEntry } from '../../host/answers.js';
import type { TaskEntry } from '../catalogue.js';
import { attentionOf } from '../defaults.js';
import type { TaskSettings } from '../protocol.js';

/** Largest hidden size. Larger networks are trained with the command. */
const MOST_HIDDEN = 1024;
const MOST_LAYERS = 8;

/** The checked settings of a run. The engine checks the rest. */
export interface TaskPlan {
  readonly entry: Omit<TaskEntry, 'data'>;
  readonly options: TaskOptions;
  readonly layers: TaskLayers;
  readonly steps: Omit<StepOptions, 'time' | 'sampling'>;
  readonly seed: number;
}

/** @throws OptionError with the name of the wrong setting */
export function planOf(entry: Omit<TaskEntry, 'data'>, settings: TaskSettings): TaskPlan {
  const { cell, layers, hidden, bidirectional, attention, batch, rate } = settings;
  if (bidirectional !== '0' && bidirectional !== '1')
    throw new OptionError('bidirectional', bidirectional, '0 or 1');
  const seed = wholeEntry('seed', settings.seed, 0, LARGEST_SEED);
  const {
    time: _,
    sampling: __,
    ...steps
  } = stepOptions(RECORDS_PRESET, {
    ...{ batch, rate, seed },
    clipNorm: entry.train.clipNorm,
  } as Changes);
  const { embedding, pyramidal = false } = entry.layers;
  wholeEntry('hidden', hidden, 1, MOST_HIDDEN);
  wholeEntry('layers', layers, 1, MOST_LAYERS);
  return {
    entry,
    options: withAttention(entry, attention),
    layers: {
      ...given({ cell, hidden, layers, embedding }),
      ...(bidirectional === '1' ? { bidirectional: true } : {}),
      ...(pyramidal && Number(layers) > 1 ? { pyramidal } : {}),
    } as TaskLayers,
    steps,
    seed,
  };
}

/** How a picture is given, by the choice made instead of attention. */
const INJECTS: Readonly<Record<string, NonNullable<TaskOptions['inject']>>> = {
  none: 'every',
  first: 'first',
};

function withAttention({ kind, options }: Omit<TaskEntry, 'data'>, attention: string): TaskOptions {
  if (attentionOf(kind, options) === '') {
    if (attention !== '') throw new OptionError('attention', attention, 'none for this task: it reads alone');
    return options;
  }
  if (kind === 'caption') return { ...options, inject: INJECTS[attention] ?? 'attention' };
  return { ...options, attention } as TaskOptions;
}

import type { TaskOptions } from '../../../src/graph.js';
import type { TaskEntry } from './catalogue.js';
import type { TaskSettings } from './protocol.js';

/** Returns the default settings of an entry. */
export function defaultsOf(
  { options, layers, train, kind }: Omit<TaskEntry, 'data'>,
  task: string,
): TaskSettings {
  return {
    task,
    cell: layers.cell ?? 'lstm',
    layers: layers.layers ?? 1,
    hidden: layers.hidden,
    bidirectional: layers.bidirectional === true ? '1' : '0',
    attention: attentionOf(kind, options),
    batch: train.batch,
    rate: train.rate,
    seed: 1,
    backend: 'auto',
  };
}

/** A picture is either attended to or given at every step. */
export function attentionOf(kind: TaskEntry['kind'], { attention, inject, as }: TaskOptions): string {
  if (kind === 'translate') return attention ?? 'none';
  if (kind === 'caption' && as === 'image') return inject === 'attention' ? 'additive' : 'none';
  return '';
}

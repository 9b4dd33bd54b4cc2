import type { TaskOptions } from '../../graph.js';

/** What recipes with a way of their own are told by options of the command. */
export const OWN_OPTIONS: Readonly<Record<string, TaskOptions & { readonly embedding?: number }>> = {
  'copy-memory': { embedding: 0 },
  'moving-shapes': { text: 'frames', as: 'image', filters: [8, 16] },
  'adding-100': { inputs: ['steps'], target: 'sum', stepSize: 2 },
  'adding-200': { inputs: ['steps'], target: 'sum', stepSize: 2 },
  'scenes-first': { as: 'image', filters: [16, 32] },
  'scenes-every': { as: 'image', filters: [16, 32] },
  'scenes-attention': { as: 'image', filters: [16, 32] },
};

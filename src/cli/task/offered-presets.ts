import { TASK_PRESETS, type TaskOptions, type TaskPreset } from '../../graph.js';

/**
 * Recipes that the command leaves to programs: this one starts from recurrent weights that no option
 * of the tasks of records gives.
 */
const OF_PROGRAMS = ['digits-pixels'];

/** The recipes of tasks that the command offers. */
export const OFFERED_PRESETS: readonly TaskPreset[] = TASK_PRESETS.filter(
  ({ name }) => !OF_PROGRAMS.includes(name),
);

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

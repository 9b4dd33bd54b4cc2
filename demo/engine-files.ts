import type { Rolldown } from 'vite';

/**
 * What many parts of the workers share is a file for what reads a network, one for what trains it and
 * one for files of states: in dozens of small ones, each compressed by itself, it is a tenth larger.
 * The first letters need no trainer.
 */
export const engineFiles: Rolldown.CodeSplittingGroup[] = [
  { name: 'states', test: /[\\/]src[\\/](?:io|train[\\/](?:checkpoint|save-))/, minShareCount: 2 },
  {
    name: 'trainer',
    test: /[\\/]src[\\/](?:layers[\\/]match-names|text[\\/]sampler|train[\\/](?!model\.|batch|evaluation-measures|optimizers|schedules|source))/,
    minShareCount: 4,
  },
  // Few models need a launch before their first backward step.
  {
    name: 'engine',
    test: /(?<![\\/]demo)[\\/](?:src|shaders)[\\/](?!.*recurrent[\\/]backward[-_]begin)/,
    minShareCount: 4,
  },
].map((group) => ({ ...group, includeDependenciesRecursively: false }));

import type { Preset } from '../presets.js';

/** How records are learnt where a user says nothing. */
export const RECORDS_PRESET: Pick<Preset, 'about' | 'train' | 'show'> = {
  about: 'batches of 32 records; Adam, gradients scaled down to norm 5',
  train: {
    batch: 32,
    // Of texts alone: records have their own lengths.
    time: 1,
    sampling: 'random',
    loss: 'mean',
    report: 'mean',
    clip: { norm: 5 },
    optimizer: { kind: 'adam', options: { rate: 3e-3 } },
  },
  show: { epochs: 10, every: { epochs: 1 }, sample: { length: 1, temperature: 0 } },
};

/** H where a user says nothing. */
export const DEFAULT_HIDDEN = 64;

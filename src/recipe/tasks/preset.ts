import type { Preset } from '../presets.js';

/** Default options of training on records. */
export const RECORDS_PRESET: Pick<Preset, 'about' | 'train' | 'show'> = {
  about: 'batches of 32 records; Adam, gradients scaled down to norm 5',
  train: {
    batch: 32,
    // Not used for records, which have lengths of their own.
    time: 1,
    sampling: 'random',
    loss: 'mean',
    report: 'mean',
    clip: { norm: 5 },
    optimizer: { kind: 'adam', options: { rate: 3e-3 } },
  },
  show: { epochs: 10, every: { epochs: 1 }, sample: { length: 1, temperature: 0 } },
};

/** Default of H. */
export const DEFAULT_HIDDEN = 64;

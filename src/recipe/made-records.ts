import { records as makeRecords, type Records } from '../data/records.js';
import type { MadeOptions } from '../data/toys/catalogue.js';
import { toys } from '../data/toys/index.js';
import type { TaskOptions } from './tasks/task.js';

/** Made-up records by name: the same for the same seed. */
export interface MadePlace {
  readonly name: string;
  readonly rows: number;
  readonly seed: number;
  readonly options: MadeOptions;
}

/** Both parts: see `madeParts`. */
export interface MadeParts {
  readonly train: Records<object>;
  /** Undefined where none are held out. */
  readonly heldOut: Records<object> | undefined;
}

/**
 * Made-up records, and others that are never learned; of scenes with the features that a captioner
 * reads. How many are held out does not change what is learned.
 */
export function madeParts(
  { name, rows, seed, options }: MadePlace,
  { as }: TaskOptions,
  heldOut = 0,
): MadeParts {
  const parts = toys.parts(name, { rows, heldOut, seed, options });
  const tensors = toys.catalogue.find((each) => each.name === name)?.tensors;
  if (!tensors) return parts;
  const entry = as === 'image' ? 'image' : 'grid';
  const F = tensors[entry];
  const withFeatures = (records: Records<object>): Records<object> =>
    makeRecords.of(
      Array.from(records, (record) => {
        const features = (record as Readonly<Record<string, Float32Array>>)[entry];
        return { ...record, features, shape: [features.length / F, F] };
      }),
    );
  return { train: withFeatures(parts.train), heldOut: parts.heldOut && withFeatures(parts.heldOut) };
}

/** The records that are learned alone. */
export function madeRecords(place: MadePlace, options: TaskOptions): Records<object> {
  return madeParts(place, options).train;
}

import { records as makeRecords, type Records } from '../data/records.js';
import type { MadeOptions } from '../data/toys/catalogue.js';
import { toys } from '../data/toys/index.js';
import type { TaskOptions } from './tasks/task.js';

/** Name and options of synthetic records. Equal options give equal records. */
export interface MadePlace {
  readonly name: string;
  readonly rows: number;
  readonly seed: number;
  readonly options: MadeOptions;
}

/** Result of `madeParts`. */
export interface MadeParts {
  readonly train: Records<object>;
  /** Undefined if none are held out. */
  readonly heldOut: Records<object> | undefined;
}

/**
 * Makes synthetic records to train on, and others to hold out. Scenes get the features that a
 * captioner reads. The number of held-out records does not change the records to train on.
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

/** Makes only the records to train on. */
export function madeRecords(place: MadePlace, options: TaskOptions): Records<object> {
  return madeParts(place, options).train;
}

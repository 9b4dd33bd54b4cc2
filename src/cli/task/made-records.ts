import { records as makeRecords, type Records } from '../../node.js';
import { toys, type MadeOptions, type TaskOptions } from '../../graph.js';

/** Made-up records by name: the same for the same seed. */
export interface MadePlace {
  readonly name: string;
  readonly rows: number;
  readonly seed: number;
  readonly options: MadeOptions;
}

/** Made-up records; of scenes with the features that a captioner reads. */
export function madeRecords({ name, rows, seed, options }: MadePlace, { as }: TaskOptions): Records<object> {
  const { train } = toys.parts(name, { rows, seed, options });
  const tensors = toys.catalogue.find((each) => each.name === name)?.tensors;
  if (!tensors) return train;
  const entry = as === 'image' ? 'image' : 'grid';
  const F = tensors[entry];
  return makeRecords.of(
    Array.from(train, (record) => {
      const features = (record as Readonly<Record<string, Float32Array>>)[entry];
      return { ...record, features, shape: [features.length / F, F] };
    }),
  );
}

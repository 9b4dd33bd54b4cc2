import { elementCount } from '../core/notation.js';
import { Random, STREAM } from '../core/random.js';
import { fieldShape, type Batch, type Sizes } from '../train/batch.js';
import type { Model } from '../train/model.js';

/** Numbers of symbols by field. Ids lie below this number; the number itself marks padding. */
export type Symbols = Readonly<Record<string, number>>;

/** Fields of targets. No loss counts a padded id in them. */
const TARGETS = ['tags', 'targets', 'labels'];

/**
 * A batch with rows of different lengths for a model: random ids and numbers, and padding that no
 * loss counts.
 * @param sizes T and N, and S where the model has a source
 */
export function raggedBatch(model: Model, sizes: Sizes, symbols: Symbols, seed = 1): Batch {
  const { N, T } = sizes;
  const arrays: Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> = {};
  let count = 0;
  for (const [name, field] of Object.entries(model.fields)) {
    const length = elementCount(fieldShape(field, sizes));
    const random = new Random(seed + name.length, STREAM.test);
    if (field.dtype === 'f32') {
      // Every row starts from zero: a carried state would change every run of the batch.
      const next = name === 'keep' ? () => 0 : () => random.normal();
      arrays[name] = Float32Array.from({ length }, next);
      if (name === 'y') count = length;
      continue;
    }
    if (name.toLowerCase().endsWith('lengths')) {
      const most = name === 'lengths' ? T : sizes.S;
      arrays[name] = Uint32Array.from({ length: N }, (_, n) => lengthOf(n, most));
      continue;
    }
    const V = symbols[name];
    const ids = Uint32Array.from({ length }, () => random.below(V));
    if (name === 'tags' || name === 'targets')
      for (let i = 0; i < length; i++) if (Math.floor(i / N) >= lengthOf(i % N, T)) ids[i] = V;
    if (TARGETS.includes(name)) count = ids.filter((id) => id < V).length;
    arrays[name] = ids;
  }
  // A regressor of every step has one target for each step of a row.
  const outputs = Number(model.fields.y?.shape.at(-1));
  if (arrays.lengths && arrays.y && arrays.y.length !== N * outputs)
    count = Array.from(arrays.lengths).reduce((a, b) => a + b, 0) * outputs;
  return { arrays, sizes, count, epoch: 0, index: 0 };
}

/** The lengths of rows differ, and the first row has all steps. */
function lengthOf(n: number, most: number): number {
  return 1 + ((3 * n + most - 1) % most);
}

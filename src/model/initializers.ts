import { numberAbove, oneOf } from '../core/options.js';
import { elementCount } from '../core/notation.js';
import { Random, STREAM } from '../core/random.js';
import type { ParameterLayout } from './parameters.js';

/** How weights start: `normal` with mean 0 and a deviation, biases 0; or `uniform` in ±bound, biases too. */
export type Initializer = { readonly kind: 'normal'; readonly deviation: number } | { readonly kind: 'uniform'; readonly bound: number };

/** PyTorch's default for recurrent layers and their heads: uniform in ±1/√H. */
export function torchDefault(hidden: number): Initializer {
  return { kind: 'uniform', bound: 1 / Math.sqrt(hidden) };
}

/** Checks an initializer that came from a caller or a file. */
export function checkInitializer(init: Initializer): Initializer {
  oneOf('init.kind', init.kind, ['normal', 'uniform']);
  if (init.kind === 'normal') numberAbove('init.deviation', init.deviation, 0, true);
  else numberAbove('init.bound', init.bound, 0, true);
  return init;
}

/** The arena of initial parameters. The same seed gives the same weights on every device. */
export function initialParameters(layout: ParameterLayout, init: Initializer, seed: number): Float32Array {
  const random = new Random(seed, STREAM.weights);
  const values = layout.specs.map(({ name, shape }) => {
    const data = new Float32Array(elementCount(shape));
    const isBias = shape.length === 1;
    if (init.kind === 'uniform') for (let i = 0; i < data.length; i++) data[i] = (2 * random.uniform() - 1) * init.bound;
    else if (!isBias) for (let i = 0; i < data.length; i++) data[i] = init.deviation * random.normal();
    return [name, { shape, data }] as const;
  });
  return layout.pack(Object.fromEntries(values), 'initial weights');
}

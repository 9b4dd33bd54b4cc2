import { DataError, OptionError } from '../core/errors.js';
import { onlyKnown } from '../core/options.js';
import { FEATURES, type Feature } from './features.js';
import type { Inspection } from './inspector.js';

/** How well one unit follows one feature. */
export interface UnitScore {
  /** Number of the layer; layer 0 reads the input. */
  readonly layer: number;
  readonly unit: number;
  /** Name of the feature with the largest absolute correlation. */
  readonly feature: string;
  /** Pearson's correlation of the unit's state with the feature over the text, −1 to 1. */
  readonly correlation: number;
}

/** Options of `scoreUnits`. */
export interface ScoreOptions {
  /** Name of the activations, such as `h`, `c` or a gate. Default `h`. */
  readonly of?: string;
  /** Features to compare with. Default: FEATURES. */
  readonly features?: readonly Feature[];
}

/**
 * For each unit, the feature with the largest absolute correlation. Units with the largest
 * correlation come first. Units and features that are constant over the text are left out. Over a
 * short text, some of many units correlate with a feature by chance.
 * @throws OptionError for activations that the cell does not have, DataError for a feature whose
 *   length is not that of the text
 */
export function scoreUnits(inspection: Inspection, options: ScoreOptions = {}): UnitScore[] {
  onlyKnown('scoreUnits', options, ['of', 'features']);
  const { of = 'h', features = FEATURES } = options;
  const {
    layers,
    hidden: H,
    symbols,
  } = (typeof inspection === 'object' && inspection !== null ? inspection : {}) as Partial<Inspection>;
  if (!layers || H === undefined || !symbols)
    throw new OptionError(
      'inspection',
      inspection,
      'an inspection, as `await inspector.inspect(text)` gives it',
    );
  const T = symbols.length;
  const known = layers.map((layer) => layer[of]);
  if (known.some((states) => states === undefined))
    throw new OptionError('scoreUnits.of', of, `one of ${Object.keys(layers[0]).join(', ')}`);
  const readable = features.flatMap((feature) => {
    const { name } = feature;
    const values = feature.values(symbols);
    if (values.length !== T)
      throw new DataError(`The feature "${name}" has ${values.length} values for ${T} symbols.`);
    const standard = standardised(values, 0, 1, T);
    return standard ? [{ name, standard }] : [];
  });
  const scores: UnitScore[] = [];
  for (const [layer, states] of known.entries()) {
    for (let unit = 0; unit < H; unit++) {
      const state = standardised(states, unit, H, T);
      if (!state) continue;
      let best: UnitScore | undefined;
      for (const { name, standard } of readable) {
        const correlation = dot(state, standard);
        if (!best || Math.abs(correlation) > Math.abs(best.correlation))
          best = { layer, unit, feature: name, correlation };
      }
      if (best) scores.push(best);
    }
  }
  return scores.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
}

/** Relative spread below which numbers in single precision count as constant. */
const CONSTANT_SPREAD = 1e-6;

/**
 * Every `stride`-th value from `start`, minus their mean and scaled to norm 1; undefined if they
 * are constant or not all finite.
 */
function standardised(
  values: ArrayLike<number>,
  start: number,
  stride: number,
  count: number,
): Float64Array | undefined {
  const taken = Float64Array.from({ length: count }, (_, t) => values[start + t * stride]);
  const mean = taken.reduce((sum, value) => sum + value, 0) / count;
  const size = Math.sqrt(dot(taken, taken));
  for (let t = 0; t < count; t++) taken[t] -= mean;
  const norm = Math.sqrt(dot(taken, taken));
  if (!(norm > CONSTANT_SPREAD * size) || !Number.isFinite(norm)) return undefined;
  for (let t = 0; t < count; t++) taken[t] /= norm;
  return taken;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

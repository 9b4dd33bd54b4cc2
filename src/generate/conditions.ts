import { ShapeError } from '../core/errors.js';
import type { Fields } from '../train/batch.js';
import type { Scale } from '../train/source.js';
import type { Conditions } from './model.js';

/**
 * Scales the numbers of conditions as training scaled them: (x − mean) / deviation over the last
 * axis.
 * @param scales scales by field. Fields of ids, and fields without a scale, do not change
 * @throws ShapeError for a scale with another number of features
 */
export function scaledConditions(
  fields: Fields,
  conditions: Conditions,
  scales: Readonly<Record<string, Scale>>,
): Conditions {
  const arrays = Object.entries(conditions.arrays).map(([name, array]) => {
    const scale = Object.hasOwn(scales, name) ? scales[name] : undefined;
    if (!scale || fields[name].dtype !== 'f32') return [name, array] as const;
    const { mean, deviation } = scale;
    const C = Number(fields[name].shape.at(-1));
    if (mean.length !== C)
      throw new ShapeError(`"${name}" has ${C} features, but its scale has ${mean.length} means.`);
    return [name, Float32Array.from(array, (value, i) => (value - mean[i % C]) / deviation[i % C])] as const;
  });
  return { ...conditions, arrays: Object.fromEntries(arrays) };
}

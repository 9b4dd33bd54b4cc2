import { ShapeError } from '../core/errors.js';
import type { Fields } from '../train/batch.js';
import type { Scale } from '../train/source.js';
import type { Conditions } from './model.js';

/**
 * Conditions with their numbers scaled as those of training were: (x − mean) / deviation over the
 * last axis.
 * @param scales by field; fields of ids, and those that are not named, stay as they are
 * @throws ShapeError for a scale of another number of features
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
      throw new ShapeError(`"${name}" has ${C} features, but is scaled by ${mean.length} means.`);
    return [name, Float32Array.from(array, (value, i) => (value - mean[i % C]) / deviation[i % C])] as const;
  });
  return { ...conditions, arrays: Object.fromEntries(arrays) };
}

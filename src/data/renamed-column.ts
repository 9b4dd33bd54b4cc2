import { OptionError } from '../core/errors.js';
import type { Fields } from '../train/batch.js';
import type { Column } from './column.js';
import { checkColumns } from './encode-records.js';

/** The fields F with the new names M. */
export type RenamedFields<F extends Fields, M extends { readonly [K in keyof F]?: string }> = {
  readonly [K in keyof F as K extends keyof M ? (M[K] extends string ? M[K] : K) : K]: F[K];
};

/**
 * A column with other names for its fields, for a model with two heads:
 * `renamed(classes('topic', topics), { labels: 'topics' })`.
 * @param names the new name by field. Default for a field: its own name
 * @throws OptionError if `column` is not a column or does not write a named field
 */
export function renamed<F extends Fields, const M extends { readonly [K in keyof F]?: string }>(
  column: Column<F>,
  names: M,
): Column<RenamedFields<F, M>> {
  checkColumns([column]);
  if (typeof names !== 'object' || names === null)
    throw new OptionError('renamed', names, 'an object with the new name of each field');
  const given: Readonly<Record<string, string | undefined>> = names;
  for (const field of Object.keys(given))
    if (!Object.hasOwn(column.fields, field))
      throw new OptionError(
        `renamed.${field}`,
        given[field],
        `one of ${Object.keys(column.fields).join(', ')}`,
      );
  const rename = <V>(values: Readonly<Record<string, V>>): Record<string, V> =>
    Object.fromEntries(Object.entries(values).map(([field, value]) => [given[field] ?? field, value]));
  const build = (own: Column): Column => {
    const { fit, toJSON } = own;
    return {
      ...own,
      fields: rename(own.fields),
      pads: rename(own.pads),
      encode: (value, where) => {
        const { arrays, ...rest } = own.encode(value, where);
        return { arrays: rename(arrays), ...rest };
      },
      ...(fit ? { fit: (values) => build(fit(values)) } : {}),
      ...(toJSON ? { toJSON: () => ({ kind: 'renamed', name: own.name, column: toJSON(), names }) } : {}),
    };
  };
  // The cast is safe: `rename` does for the values what `RenamedFields` does for the types.
  return build(column) as Column<RenamedFields<F, M>>;
}

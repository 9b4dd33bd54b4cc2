import { DataError, messageOf } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { isListOfValues, wrongValue, type Column } from './column.js';
import { checkLabels, type Labels } from './labels.js';
import { idField, ROW_FIELD, type IdField, type RowField, type TokensOptions } from './token-columns.js';

function idOf(labels: Labels, name: unknown, title: string, where: string): number {
  try {
    return labels.id(name);
  } catch (error) {
    throw new DataError(`${where}: ${title}: ${messageOf(error)}.`, { cause: error });
  }
}

/** One label for each record: `labels` [N]. The entry of the record is a name. */
export function classes(name: string, labels: Labels): Column<{ labels: RowField }> {
  const title = `classes("${name}")`;
  checkLabels(labels);
  return {
    ...{ name, title, role: 'target', leavesPadsOut: true },
    fields: { labels: ROW_FIELD },
    pads: { labels: labels.size },
    toJSON: () => ({ kind: 'classes', name, labels: labels.names }),
    encode: (value, where) => ({ arrays: { labels: [idOf(labels, value, title, where)] }, count: 1 }),
  };
}

/**
 * A label for each step: `tags` [T,N]. The entry of the record is a list of names. A step with null
 * instead of a name has no loss.
 * @param options longest: the same as for the input column, since both must have equal lengths
 */
export function tags(
  name: string,
  labels: Labels,
  options: TokensOptions = {},
): Column<{ tags: IdField<'T'> }> {
  const title = `tags("${name}")`;
  checkLabels(labels);
  onlyKnown(title, options, ['longest']);
  const longest = options.longest === undefined ? Infinity : wholeNumber('longest', options.longest);
  return {
    ...{ name, title, role: 'target', leavesPadsOut: true },
    fields: { tags: idField('T') },
    pads: { tags: labels.size },
    toJSON: () => ({ kind: 'tags', name, labels: labels.names, ...options }),
    encode: (value, where) => {
      if (!isListOfValues(value)) throw wrongValue(where, title, 'a list of names', value);
      const ids = Array.from(value)
        .slice(0, longest)
        .map((tag) => (tag === null ? labels.size : idOf(labels, tag, title, where)));
      return { arrays: { tags: ids }, count: ids.filter((id) => id < labels.size).length };
    },
  };
}

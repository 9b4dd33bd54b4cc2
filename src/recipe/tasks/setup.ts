import { OptionError } from '../../core/errors.js';
import type { Column, ColumnJSON } from '../../data/column.js';
import { entryOf } from './texts.js';

/** Columns as plain data. @throws OptionError for a column without toJSON */
export function jsonOf(columns: readonly Column[]): ColumnJSON[] {
  return columns.map((column) => {
    if (!column.toJSON) throw new OptionError('columns', column.title, 'a column with toJSON');
    return column.toJSON();
  });
}

/**
 * Whether a record has at least one symbol for a column of texts, which may be a list of symbols. A
 * text of white space alone has no words. Other entries always have something to read.
 */
export function isReadable(record: object, { name, tokenizer }: ColumnJSON): boolean {
  const value = entryOf(record, name);
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value !== 'string') return true;
  const { kind } = (tokenizer ?? {}) as { readonly kind?: string };
  return (kind === 'words' ? value.trim() : value) !== '';
}

import { DataError, describe } from '../core/errors.js';
import { tokenizerFromJSON } from '../text/tokenizers/registry.js';
import type { Column, ColumnJSON } from './column.js';
import { classes, tags } from './label-columns.js';
import { labels } from './labels.js';
import {
  features,
  grid,
  image,
  numbers,
  vector,
  type FeaturesOptions,
  type GridOptions,
  type ImageOptions,
  type NumbersOptions,
  type StepsOptions,
} from './number-columns.js';
import { renamed } from './renamed-column.js';
import { series, type SeriesOptions } from './series-column.js';
import { sourceTokens, targetTokens, tokens, type TokensOptions } from './token-columns.js';

interface TextJSON extends TokensOptions {
  readonly tokenizer: unknown;
}

interface LabelsJSON extends TokensOptions {
  readonly labels: readonly string[];
}

/** By kind: makes a column from its name and its options as plain data, which the makers check. */
const MAKERS: Readonly<Record<string, (name: string, options: object) => Column>> = {
  tokens: textColumn(tokens),
  sourceTokens: textColumn(sourceTokens),
  targetTokens: textColumn(targetTokens),
  classes: (name, options) => classes(name, labels((options as LabelsJSON).labels)),
  tags: (name, options) => {
    const { labels: names, ...rest } = options as LabelsJSON;
    return tags(name, labels(names), rest);
  },
  series: (name, options) => series(name, options as SeriesOptions),
  features: (name, options) => {
    const { source, ...rest } = options as StepsOptions;
    return source === true ? features(name, { ...rest, source }) : features(name, rest);
  },
  vector: (name, options) => vector(name, options as FeaturesOptions),
  numbers: (name, options) => {
    const { every, ...rest } = options as NumbersOptions;
    return every === true ? numbers(name, { ...rest, every }) : numbers(name, rest);
  },
  grid: (name, options) => grid(name, options as GridOptions),
  image: (name, options) => {
    const { every, source, ...rest } = options as ImageOptions;
    if (every !== true) return image(name, rest);
    return source === true ? image(name, { ...rest, every, source }) : image(name, { ...rest, every });
  },
  renamed: (_, options) => {
    const { column, names } = options as { readonly column: unknown; readonly names: Record<string, string> };
    return renamed(columnFromJSON(column), names);
  },
};

function textColumn(make: typeof tokens | typeof sourceTokens | typeof targetTokens) {
  return (name: string, options: object): Column => {
    const { tokenizer, ...rest } = options as TextJSON;
    return make(name, tokenizerFromJSON(tokenizer), rest);
  };
}

/**
 * Makes a column from the plain data of `Column.toJSON`, for predictions from a checkpoint.
 * @throws DataError for an unknown kind, OptionError for a wrong option of that kind
 */
export function columnFromJSON(json: unknown): Column {
  const { kind, name, ...options } = (
    typeof json === 'object' && json !== null ? json : {}
  ) as Partial<ColumnJSON>;
  if (typeof kind !== 'string' || typeof name !== 'string' || !Object.hasOwn(MAKERS, kind))
    throw new DataError(
      `A column as plain data needs a name and one of the kinds ${Object.keys(MAKERS).join(', ')}, but got ` +
        `${describe(json)}.`,
    );
  return MAKERS[kind](name, options);
}

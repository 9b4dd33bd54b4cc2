import { DataError, describe, OptionError } from '../core/errors.js';

/** Largest number of names that a message lists. */
const MAX_LISTED_NAMES = 20;

/** The names of K classes, each with an id from 0 to K − 1. Immutable. */
export class Labels {
  readonly names: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  /** @throws OptionError or DataError, see `labels` */
  constructor(names: Iterable<string>) {
    if (typeof names !== 'object' || names === null || !(Symbol.iterator in names))
      throw new OptionError('labels', names, "a list of names, such as ['negative', 'positive']");
    this.names = Object.freeze([...names]);
    this.#ids = new Map(this.names.map((name, id) => [name, id]));
    for (const [id, name] of this.names.entries()) {
      if (typeof name !== 'string')
        throw new DataError(`Label ${id}: expected a name, got ${describe(name)}.`);
      if (this.#ids.get(name) !== id)
        throw new DataError(
          `The label "${name}" is in the list twice. Take each once: labels(new Set(names)).`,
        );
    }
    if (this.names.length === 0) throw new DataError('Labels need at least one name, but the list is empty.');
  }

  /** K: number of names. The id K means "no label". */
  get size(): number {
    return this.names.length;
  }

  /** The id of a name, from 0 to K − 1. @throws DataError for an unknown name */
  id(name: unknown): number {
    const id = typeof name === 'string' ? this.#ids.get(name) : undefined;
    if (id !== undefined) return id;
    const more = this.size > MAX_LISTED_NAMES ? ` and ${this.size - MAX_LISTED_NAMES} more` : '';
    throw new DataError(
      `${describe(name)} is not among the labels ${this.names.slice(0, MAX_LISTED_NAMES).join(', ')}${more}`,
    );
  }

  /** The names as plain data. `labels` is the inverse. */
  toJSON(): readonly string[] {
    return this.names;
  }
}

/**
 * Makes labels.
 * @param names of the classes, in the order of their ids
 * @throws OptionError if `names` is not a list, DataError if it is empty or has a name twice
 */
export function labels(names: Iterable<string>): Labels {
  return new Labels(names);
}

/** @throws OptionError for any other value, such as a plain list of names */
export function checkLabels(value: unknown): asserts value is Labels {
  if (!(value instanceof Labels))
    throw new OptionError('labels', value, "labels, such as labels(['negative', 'positive'])");
}

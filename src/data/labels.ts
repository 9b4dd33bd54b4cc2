import { DataError, describe, OptionError } from '../core/errors.js';

/** How many names a message lists. */
const NAMED = 20;

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

  /** K: number of names. The id K stands for a place without a label. */
  get size(): number {
    return this.names.length;
  }

  /** The id of a name. @throws DataError listing the names if it is not among them */
  id(name: unknown): number {
    const id = typeof name === 'string' ? this.#ids.get(name) : undefined;
    if (id !== undefined) return id;
    const more = this.size > NAMED ? ` and ${this.size - NAMED} more` : '';
    throw new DataError(
      `${describe(name)} is not among the labels ${this.names.slice(0, NAMED).join(', ')}${more}`,
    );
  }

  /** Plain data: `labels` makes equal labels of it. */
  toJSON(): readonly string[] {
    return this.names;
  }
}

/**
 * The names of classes, in the order of their ids.
 * @throws OptionError for what is no list, DataError for an empty list and for a name that is
 *   there twice
 */
export function labels(names: Iterable<string>): Labels {
  return new Labels(names);
}

/** Refuses what is no labels, such as a plain list of names. @throws OptionError */
export function checkLabels(value: unknown): asserts value is Labels {
  if (!(value instanceof Labels))
    throw new OptionError('labels', value, "labels, such as labels(['negative', 'positive'])");
}

/**
 * What a person typed into a field: a number where the text is one. Anything else goes to the
 * engine's own checks as it is, whose messages quote it.
 */
export type Entry = number | string;

/** An error in a form that survives the way from worker to page. */
export interface Fault {
  /** Name of the error's class. */
  readonly name: string;
  readonly message: string;
  /** The option that is wrong, for an OptionError. */
  readonly option?: string;
  /** Of an OptionError: what would have been accepted, as a phrase, and what came. */
  readonly accepted?: string;
  readonly got?: string;
}

/** A result, or why there is none. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

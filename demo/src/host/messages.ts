/**
 * What a person typed into a field: a number if the text is one. Other texts go to the checks of
 * the engine unchanged, whose messages quote them.
 */
export type Entry = number | string;

/** An error as plain data, which can be sent from worker to page. */
export interface Fault {
  /** Name of the error's class. */
  readonly name: string;
  readonly message: string;
  /** The field that it concerns. Of an OptionError in a worker: the wrong option. */
  readonly option?: string;
  /** Of an OptionError: a phrase for what is accepted, and the value that was given. */
  readonly accepted?: string;
  readonly got?: string;
}

/** A result, or the error that prevented it. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

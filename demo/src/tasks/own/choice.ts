/** Formats of records that a visitor may bring. */
export const OWN_FORMATS = ['tsv', 'csv', 'jsonl'] as const;
export type OwnFormat = (typeof OWN_FORMATS)[number];

/** Tasks that can be learned from a visitor's records. */
export const OWN_TASKS = ['classify', 'tag', 'translate', 'regress'] as const;
export type OwnTask = (typeof OWN_TASKS)[number];

/** How a file is read and what is learned from it: first guessed, then chosen by the visitor. */
export interface OwnChoice {
  readonly format: OwnFormat;
  /** For tables: whether the first line names the columns. */
  readonly header: boolean;
  /** For CSV: the separator of fields. */
  readonly separator: string;
  readonly task: OwnTask;
  /** Names of the input columns: one, or several for a series. */
  readonly read: readonly string[];
  /** Name of the target column. */
  readonly learned: string;
}

/** The guessed content of a column. */
export type ColumnKind = 'numbers' | 'names' | 'words' | 'text' | 'list' | 'other';

/** A column as the page shows it. */
export interface OwnColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Number of distinct values among the first records. */
  readonly different: number;
  /** A few values. */
  readonly examples: readonly string[];
}

/** The result of looking at a file. */
export interface OwnLook {
  readonly choice: OwnChoice;
  readonly columns: readonly OwnColumn[];
  readonly rows: number;
  /** Problems that do not prevent reading, such as bytes that are not UTF-8. */
  readonly warnings: readonly string[];
  /** A sentence why nothing can be learned from it with this choice. */
  readonly fault?: string;
}

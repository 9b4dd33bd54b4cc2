/** Files of records that a visitor may bring. */
export const OWN_FORMATS = ['tsv', 'csv', 'jsonl'] as const;
export type OwnFormat = (typeof OWN_FORMATS)[number];

/** What can be learned of a visitor's records. */
export const OWN_TASKS = ['classify', 'tag', 'translate', 'regress'] as const;
export type OwnTask = (typeof OWN_TASKS)[number];

/** How a file is read, and what is learned of it: guessed first, and then a visitor's choice. */
export interface OwnChoice {
  readonly format: OwnFormat;
  /** Of tables: whether the first line names the columns. */
  readonly header: boolean;
  /** Of CSV: what stands between fields. */
  readonly separator: string;
  readonly task: OwnTask;
  /** Names of the columns that are read: one, and of series several. */
  readonly read: readonly string[];
  /** Name of the column that is learned. */
  readonly learned: string;
}

/** What a column seems to hold. */
export type ColumnKind = 'numbers' | 'names' | 'words' | 'text' | 'list' | 'other';

/** A column as it is shown. */
export interface OwnColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Different values among the first records. */
  readonly different: number;
  /** A few values. */
  readonly examples: readonly string[];
}

/** A file that has been looked at. */
export interface OwnLook {
  readonly choice: OwnChoice;
  readonly columns: readonly OwnColumn[];
  readonly rows: number;
  /** What was amiss, such as bytes that are no UTF-8. */
  readonly warnings: readonly string[];
  /** Why nothing can be learned of it as it is chosen, in a sentence. */
  readonly fault?: string;
}

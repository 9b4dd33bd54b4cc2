// Apart from match-names.ts: every model has these names, but few programs match those of a file.

/** Where a model has its modules: prefixes of the weights' names. */
export interface ModuleNames {
  /** Prefix of the recurrent layers: `rnn.`, or empty. */
  readonly layers: string;
  /** Whether the model may have modules `head.` and `embedding.` */
  readonly whole: boolean;
}

/** Module names of `charModel` and `taskModel`. */
export const CHAR_MODEL_NAMES: ModuleNames = { layers: 'rnn.', whole: true };
/** Module names of `RecurrentLayers`. */
export const LAYERS_NAMES: ModuleNames = { layers: '', whole: false };

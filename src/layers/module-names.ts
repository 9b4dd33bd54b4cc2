/** Modules of a model, by the prefixes of their weights' names. */
export interface ModuleNames {
  /** Prefix of the recurrent layers: `rnn.`, or nothing. */
  readonly layers: string;
  /** Whether there may be `head.` and `embedding.` */
  readonly whole: boolean;
}

/** Of `charModel` and `taskModel`, and of `RecurrentLayers`. */
export const CHAR_MODEL_NAMES: ModuleNames = { layers: 'rnn.', whole: true };
export const LAYERS_NAMES: ModuleNames = { layers: '', whole: false };

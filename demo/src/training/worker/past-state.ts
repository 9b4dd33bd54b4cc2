import { readCheckpoint } from '../../../../src/index.js';
import type { CharModel } from '../../../../src/graph.js';

/** The weights of an earlier step. */
export interface PastState {
  /** The checkpoint that they were read from. */
  readonly checkpoint: Uint8Array;
  readonly model: CharModel;
  /** The parameters of the model. */
  readonly arena: Float32Array;
}

/**
 * Reads the weights of a checkpoint. A module of its own, so that it is loaded with the first look
 * back.
 */
export function pastStateOf(checkpoint: Uint8Array): PastState {
  const { model, parameters } = readCheckpoint(checkpoint);
  return { checkpoint, model, arena: model.layout.pack(parameters) };
}

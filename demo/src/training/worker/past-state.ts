import { readCheckpoint } from '../../../../src/index.js';
import type { CharModel } from '../../../../src/graph.js';

/** Weights of an earlier moment. */
export interface PastState {
  /** Where they come from. */
  readonly checkpoint: Uint8Array;
  readonly model: CharModel;
  /** The arena of the model's parameters. */
  readonly arena: Float32Array;
}

/**
 * Reads the weights of a checkpoint. It is a module of its own since nobody looks back before there is
 * something to look back at.
 */
export function pastStateOf(checkpoint: Uint8Array): PastState {
  const { model, parameters } = readCheckpoint(checkpoint);
  return { checkpoint, model, arena: model.layout.pack(parameters) };
}

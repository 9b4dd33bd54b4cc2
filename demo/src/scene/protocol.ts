import type { Answer } from '../host/messages.js';
import type { Scene } from './scene.js';

/** Requests to the worker that computes the scene. Every answer is what the page shows next. */
export interface SceneService {
  /** Begins again with the weights of a seed. */
  begin(seed: number): Promise<Answer<Scene>>;
  /** Goes forward, backward or updates, whatever is next. */
  advance(rate: number): Promise<Answer<Scene>>;
  /** Makes so many updates, and goes forward once more. */
  rounds(updates: number, rate: number): Promise<Answer<Scene>>;
}

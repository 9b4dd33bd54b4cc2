import type { Answer } from '../host/messages.js';
import type { Scene } from './scene.js';

/**
 * What the page asks of the worker that computes the scene. Every answer is what the screen shows
 * next.
 */
export interface SceneService {
  /** Begins anew with the weights of a seed. */
  begin(seed: number): Promise<Answer<Scene>>;
  /** Forward, backward or update, whatever comes next. */
  advance(rate: number): Promise<Answer<Scene>>;
  /** So many updates, and forward once more. */
  rounds(updates: number, rate: number): Promise<Answer<Scene>>;
}

import { cellShapeOf } from '../drawing/cell-shape.js';
import { Network } from './network.js';
import { likeliest, ofRightLetters, type Scene, type Standing } from './scene.js';
import { LETTERS, type Forward, type Weights } from './word.js';

/** The sequence forward, backward, update, repeated. */
export class Story {
  #scene: Scene;

  private constructor(
    readonly network: Network,
    seed: number,
    weights: Weights,
  ) {
    this.#scene = {
      cell: cellShapeOf('rnn'),
      next: 'forward',
      seed,
      updates: 0,
      weights,
      forward: undefined,
      backward: undefined,
      change: undefined,
      history: [],
      compared: undefined,
    };
  }

  /** @param seed of the weights */
  static async begin(seed: number): Promise<Story> {
    const network = await Network.create(seed);
    return new Story(network, seed, await network.weights());
  }

  get scene(): Scene {
    return this.#scene;
  }

  /** Does the next action. @param rate learning rate of an update */
  async advance(rate: number): Promise<void> {
    const { network } = this;
    const scene = this.#scene;
    if (scene.next === 'forward') {
      const forward = await network.forward();
      const history = [...scene.history, standing(forward, scene.updates)];
      this.#scene = {
        ...scene,
        next: 'backward',
        forward,
        backward: undefined,
        change: undefined,
        history,
        compared: scene.history.at(-1),
      };
    } else if (scene.next === 'backward') {
      this.#scene = { ...scene, next: 'update', backward: await network.backward() };
    } else {
      await network.update(rate);
      this.#scene = {
        ...scene,
        next: 'forward',
        updates: scene.updates + 1,
        weights: await network.weights(),
        change: { rate, before: scene.weights },
      };
    }
  }

  /**
   * Completes the current round and makes more, so many updates in all, then goes forward once more
   * to show their effect.
   */
  async rounds(updates: number, rate: number): Promise<void> {
    const last = this.#scene.updates + updates;
    const shown = this.#scene.history.length - 1;
    while (this.#scene.updates < last || this.#scene.next === 'forward') await this.advance(rate);
    this.#scene = { ...this.#scene, compared: this.#scene.history[Math.max(0, shown)] };
  }

  dispose(): void {
    this.network.dispose();
  }
}

function standing({ chances, scores, loss }: Forward, update: number): Standing {
  return {
    update,
    says: chances.map((row) => LETTERS[likeliest(row)]).join(''),
    scores: ofRightLetters(scores),
    chances: ofRightLetters(chances),
    loss,
  };
}

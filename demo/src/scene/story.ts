import { LETTERS, Network, TARGETS, type Backward, type Forward, type Weights } from './network.js';

/** What the next click does. */
export type Phase = 'forward' | 'backward' | 'update';

/** How the right letters stood at a forward pass. */
export interface Standing {
  /** Updates made before it. */
  readonly update: number;
  /** The likeliest letters, one for each letter read. */
  readonly says: string;
  /** Score and chance of the right letter, for each letter read. */
  readonly scores: readonly number[];
  readonly chances: readonly number[];
  readonly loss: number;
}

/** Everything that stands on the screen. */
export interface Scene {
  readonly next: Phase;
  readonly seed: number;
  /** Updates made so far. */
  readonly updates: number;
  readonly weights: Weights;
  /** The latest forward pass. After an update it is that of the weights before. */
  readonly forward: Forward | undefined;
  /** Of the latest forward pass; undefined until backward has run. */
  readonly backward: Backward | undefined;
  /** The update that has just been made; undefined once forward has run again. */
  readonly change: { readonly rate: number; readonly before: Weights } | undefined;
  /** One for each forward pass. */
  readonly history: readonly Standing[];
  /** The one of them that the latest is compared with: what stood on the screen before. */
  readonly compared: Standing | undefined;
}

/** The chance of every right letter from which on the word counts as learned. */
export const LEARNED = 0.9;

/** Forward, backward, update, and again. */
export class Story {
  #scene: Scene;

  private constructor(
    readonly network: Network,
    seed: number,
    weights: Weights,
  ) {
    this.#scene = { next: 'forward', seed, updates: 0, weights, forward: undefined, backward: undefined, change: undefined, history: [], compared: undefined };
  }

  /** @param seed of the weights */
  static async begin(seed: number): Promise<Story> {
    const network = await Network.create(seed);
    return new Story(network, seed, await network.weights());
  }

  get scene(): Scene {
    return this.#scene;
  }

  /** Does what comes next. @param rate learning rate, where that is an update */
  async advance(rate: number): Promise<void> {
    const { network } = this;
    const scene = this.#scene;
    if (scene.next === 'forward') {
      const forward = await network.forward();
      const history = [...scene.history, standing(forward, scene.updates)];
      this.#scene = { ...scene, next: 'backward', forward, backward: undefined, change: undefined, history, compared: scene.history.at(-1) };
    } else if (scene.next === 'backward') {
      this.#scene = { ...scene, next: 'update', backward: await network.backward() };
    } else {
      await network.update(rate);
      this.#scene = { ...scene, next: 'forward', updates: scene.updates + 1, weights: await network.weights(), change: { rate, before: scene.weights } };
    }
  }

  /** Ends the round that is under way and makes more, so many updates in all, and goes forward once more to show what they did. */
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

/** Whether every right letter is likely enough. */
export function isLearned({ chances }: Standing): boolean {
  return chances.every((chance) => chance >= LEARNED);
}

/** Place of the largest number. */
export function likeliest(chances: readonly number[]): number {
  return chances.indexOf(Math.max(...chances));
}

/** The number that belongs to the right letter, for each letter read. */
export function ofRightLetters(values: readonly (readonly number[])[]): number[] {
  return TARGETS.map((letter, t) => values[t][LETTERS.indexOf(letter)]);
}

function standing({ chances, scores, loss }: Forward, update: number): Standing {
  return { update, says: chances.map((row) => LETTERS[likeliest(row)]).join(''), scores: ofRightLetters(scores), chances: ofRightLetters(chances), loss };
}

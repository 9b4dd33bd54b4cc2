import { wrap, type Remote } from 'comlink';
import { crashOf } from '../page/crash.js';
import type { Answer } from '../host/messages.js';
import type { SceneService } from './protocol.js';
import type { Scene } from './scene.js';
import { openWorker } from '../host/open.js';

/** The worker that computes the scene. Its faults, and a crash, are thrown as errors. */
export class SceneClient {
  readonly #service: Remote<SceneService>;
  readonly #crash: Promise<Answer<Scene>>;

  constructor() {
    const worker = openWorker('scene');
    this.#crash = crashOf(worker);
    this.#service = wrap<SceneService>(worker);
  }

  begin(seed: number): Promise<Scene> {
    return this.#sceneOf(this.#service.begin(seed));
  }

  advance(rate: number): Promise<Scene> {
    return this.#sceneOf(this.#service.advance(rate));
  }

  rounds(updates: number, rate: number): Promise<Scene> {
    return this.#sceneOf(this.#service.rounds(updates, rate));
  }

  async #sceneOf(asked: Promise<Answer<Scene>>): Promise<Scene> {
    const answer = await Promise.race([asked, this.#crash]);
    if (answer.ok) return answer.value;
    throw new Error(answer.fault.message);
  }
}

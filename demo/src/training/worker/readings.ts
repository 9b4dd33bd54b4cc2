import { PageError } from '../../host/page-error.js';
import type { Reading, ReadingRequest } from '../../now/protocol.js';
import { count } from '../../page/format.js';
import type { Settings } from '../protocol.js';
import type { TrainingLoop } from './loop.js';
import type { PastState } from './past-state.js';
import { planOf } from './plan.js';
import { passageOf, Reader } from './reader.js';
import { readText } from './texts.js';

/**
 * Most parameters of a network that is read before its training. With larger ones, the reading
 * would take longer than the start of training.
 */
const MOST_PARAMETERS = 300_000;

/** What the network reads from the text: before its training, now, and at the stored steps. */
export class Readings {
  readonly #reader = new Reader();
  #past: PastState | undefined;

  /**
   * Reads with the initial weights of these settings.
   * @returns undefined if the network or the text is too large
   * @throws OptionError, DataError, as the training itself would
   */
  async first(settings: Settings, { from, temperature }: ReadingRequest): Promise<Reading | undefined> {
    if (settings.text.kind === 'file') return undefined;
    const plan = planOf(settings);
    const { corpus } = await readText(settings.text, plan.text);
    try {
      const model = plan.model(corpus);
      if (model.layout.count > MOST_PARAMETERS) return undefined;
      const parameters = model.initialParameters(plan.options.seed ?? 0);
      return await this.#reader.read(model, parameters, await passageOf(corpus, from), {
        step: 0,
        temperature,
      });
    } finally {
      corpus.dispose();
    }
  }

  /** @throws PageError for a step whose state is not kept */
  async read(loop: TrainingLoop, { from, at, temperature }: ReadingRequest): Promise<Reading> {
    const { trainer, whole } = loop.run;
    const passage = await passageOf(whole, from);
    if (at === undefined) {
      const { step, parameters } = await loop.between(async () => ({
        step: trainer.step,
        parameters: (await trainer.memory.read('parameters')) as Float32Array,
      }));
      return this.#reader.read(trainer.model, parameters, passage, { step, temperature });
    }
    const checkpoint = loop.snapshots.at(at);
    if (!checkpoint) throw new PageError(({ stepGone }) => stepGone(count(at)));
    const { model, arena } = await this.#stateOf(checkpoint);
    return this.#reader.read(model, arena, passage, { step: at, temperature });
  }

  async #stateOf(checkpoint: Uint8Array): Promise<PastState> {
    if (this.#past?.checkpoint === checkpoint) return this.#past;
    const { pastStateOf } = await import('./past-state.js');
    return (this.#past = pastStateOf(checkpoint));
  }
}

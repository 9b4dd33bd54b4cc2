import { DataError } from '../core/errors.js';
import { wholeNumber } from '../core/options.js';
import { Sequence } from '../core/sequence.js';
import { createBatcher } from '../data/batches.js';
import type { Corpus } from '../data/corpus.js';
import type { CharModel } from '../model/char-model.js';
import type { Device, Feeds, Memory, Program } from '../plan/device.js';
import { evaluationGraph } from './training-graph.js';

/** How well a model predicts a text. */
export interface Evaluation {
  /** Mean loss per character in nats. */
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerChar: number;
  /** Predictions that count. */
  readonly characters: number;
  /** Predictions left out, since their character is not in the model's vocabulary. */
  readonly unknown: number;
}

/** Time steps of a window: states are carried, so the length decides about speed alone. */
const WINDOW = 100;

/** Runs a model over texts without training it. Programs are kept for the next evaluation. */
export class Evaluator {
  readonly #programs = new Map<number, Program>();
  /** Evaluations carry states in the same tensors: one after another. */
  readonly #sequence = new Sequence();

  constructor(
    readonly model: CharModel,
    readonly device: Device,
    readonly memory: Memory,
  ) {}

  /**
   * The text is cut into `batch` rows that run side by side, each with its state carried from end to end. With 1, the default, that is the text as a whole.
   * @throws DataError where there is nothing to predict
   */
  run(corpus: Corpus, { batch = 1 }: { readonly batch?: number } = {}): Promise<Evaluation> {
    return this.#sequence.run(() => this.#evaluate(corpus, wholeNumber('batch', batch)));
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }

  async #evaluate(corpus: Corpus, batch: number): Promise<Evaluation> {
    const predictions = corpus.length - 1;
    if (predictions < 1) throw new DataError(`A text of ${corpus.length} characters has nothing to predict: at least 2 are needed.`);
    const N = Math.min(batch, predictions);
    const program = await this.#program(N);
    const batcher = createBatcher(corpus, { sampling: 'whole', batch: N, time: WINDOW });
    const V = this.model.vocabulary.size;
    let loss = 0;
    let known = 0;
    for (let left = batcher.windowsPerEpoch; left > 0;) {
      const feeds: Feeds[] = [];
      for (; left > 0 && feeds.length < program.maxSteps; left--) {
        const { inputs, targets, keep } = await batcher.next();
        for (const id of targets) if (id < V) known++;
        feeds.push({ inputs, targets, keep });
      }
      for (const report of await program.submit(feeds)) loss += report.loss[0];
    }
    if (known === 0) throw new DataError(`The text cannot be evaluated: none of its ${predictions} predictions is in the model's vocabulary of ${V} symbols.`);
    const mean = loss / known;
    return { loss: mean, perplexity: Math.exp(mean), bitsPerChar: mean / Math.LN2, characters: known, unknown: predictions - known };
  }

  async #program(N: number): Promise<Program> {
    let program = this.#programs.get(N);
    if (!program) {
      program = await this.device.prepare(evaluationGraph(this.model, { T: WINDOW, N }), this.memory);
      this.#programs.set(N, program);
    }
    return program;
  }
}

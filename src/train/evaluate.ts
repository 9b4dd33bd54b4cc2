import { DataError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { Sequence } from '../core/sequence.js';
import { createBatcher, knownTargets } from '../data/batches.js';
import { checkSameSymbols, checkSource } from '../data/check-source.js';
import type { Corpus } from '../data/corpus.js';
import { isTask, type Task } from '../data/task.js';
import { readsNoFuture, type CharModel } from '../model/char-model.js';
import { checkModel } from '../model/check-model.js';
import { checkDevice, checkMemory } from '../plan/check-device.js';
import type { Device, Feeds, Memory, Program } from '../plan/device.js';
import { checkFits } from './fits.js';
import { evaluationGraph } from './training-graph.js';

/** How well a model predicts a text, or does a task. */
export interface Evaluation {
  /** Mean loss per character in nats; of a task, per target that counts. */
  readonly loss: number;
  readonly perplexity: number;
  readonly bitsPerChar: number;
  /** Predictions that count. */
  readonly characters: number;
  /** Predictions left out, since their character is not in the model's vocabulary. */
  readonly unknown: number;
  /** Of a task: share of the targets that count that are the model's likeliest symbol. */
  readonly accuracy?: number;
}

/** How much is evaluated at once. */
export interface EvaluateOptions {
  /** Rows that run side by side. Default 1 for a text, 128 for a task. */
  readonly batch?: number;
  /** Windows of a task. Default 8. */
  readonly windows?: number;
}

/** Time steps of a window: states are carried, so the length decides about speed alone. */
const WINDOW = 100;

/** What is evaluated of a task: about a thousand rows. */
const TASK = { batch: 128, windows: 8 };

/** Runs a model over texts without training it. Programs are kept for the next evaluation. */
export class Evaluator {
  readonly #programs = new Map<string, Program>();
  /** Evaluations carry states in the same tensors: one after another. */
  readonly #sequence = new Sequence();

  constructor(
    readonly model: CharModel,
    readonly device: Device,
    readonly memory: Memory,
  ) {
    checkModel(model);
    checkDevice(device);
    checkMemory(memory);
  }

  /**
   * A text is cut into `batch` rows that run side by side, each with its state carried from end to
   * end. With 1, the default, that is the text as a whole. Of a task, the same held-out windows are
   * evaluated every time.
   * @throws DataError where there is nothing to predict, and for other symbols than the model's
   */
  run(source: Corpus | Task, options: EvaluateOptions = {}): Promise<Evaluation> {
    onlyKnown('evaluate', options, ['batch', 'windows']);
    checkSource(source);
    if (!isTask(source)) readsNoFuture(this.model);
    checkSameSymbols(this.model.vocabulary, source.vocabulary, isTask(source) ? source.name : 'the text');
    return this.#sequence.run(() =>
      isTask(source)
        ? this.#evaluateTask(source, options)
        : this.#evaluate(source, wholeNumber('batch', options.batch ?? 1)),
    );
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
  }

  async #evaluate(corpus: Corpus, batch: number): Promise<Evaluation> {
    const predictions = corpus.length - 1;
    if (predictions < 1)
      throw new DataError(
        `A text of ${corpus.length} characters has nothing to predict: at least 2 are needed.`,
      );
    const N = Math.min(batch, predictions);
    const program = await this.#program({ T: WINDOW, N });
    const batcher = createBatcher(corpus, { sampling: 'whole', batch: N, time: WINDOW });
    const V = this.model.vocabulary.size;
    let loss = 0;
    let known = 0;
    for (let left = batcher.windowsPerEpoch; left > 0;) {
      const feeds: Feeds[] = [];
      for (; left > 0 && feeds.length < program.maxSteps; left--) {
        const { inputs, targets, keep } = await batcher.next();
        known += knownTargets(targets, V);
        feeds.push({ inputs, targets, keep });
      }
      for (const report of await program.submit(feeds)) loss += report.loss[0];
    }
    if (known === 0)
      throw new DataError(
        `The text cannot be evaluated: none of its ${predictions} predictions is in the model's ` +
          `vocabulary of ${V} symbols.`,
      );
    const mean = loss / known;
    return {
      loss: mean,
      perplexity: Math.exp(mean),
      bitsPerChar: mean / Math.LN2,
      characters: known,
      unknown: predictions - known,
    };
  }

  async #evaluateTask(task: Task, options: EvaluateOptions): Promise<Evaluation> {
    const N = wholeNumber('batch', options.batch ?? TASK.batch);
    const windows = wholeNumber('windows', options.windows ?? TASK.windows);
    const V = this.model.vocabulary.size;
    const program = await this.#program({ T: task.time, N, logits: true });
    const batcher = task.batcher({ batch: N, heldOut: true });
    let [loss, correct, characters] = [0, 0, 0];
    for (let i = 0; i < windows; i++) {
      const { inputs, targets, keep } = await batcher.next();
      const [report] = await program.submit([{ inputs, targets, keep }]);
      loss += report.loss[0];
      characters += knownTargets(targets, V);
      const logits = await program.read('logits');
      for (const [r, target] of targets.entries())
        if (target < V && likeliest(logits, r * V, V) === target) correct++;
    }
    if (characters === 0)
      throw new DataError(
        `${task.name} cannot be evaluated: none of its targets counts in ${windows} windows.`,
      );
    const mean = loss / characters;
    return {
      loss: mean,
      perplexity: Math.exp(mean),
      bitsPerChar: mean / Math.LN2,
      characters,
      unknown: 0,
      accuracy: correct / characters,
    };
  }

  async #program(size: {
    readonly T: number;
    readonly N: number;
    readonly logits?: boolean;
  }): Promise<Program> {
    const key = JSON.stringify(size);
    let program = this.#programs.get(key);
    if (!program) {
      checkFits(this.model, this.device.info, size);
      program = await this.device.prepare(evaluationGraph(this.model, size), this.memory);
      this.#programs.set(key, program);
    }
    return program;
  }
}

/** Index of the largest of `count` values from `start`, the first of equal ones. */
function likeliest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let v = 1; v < count; v++) if (values[start + v] > values[start + best]) best = v;
  return best;
}

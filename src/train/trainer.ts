import { OptionError, UnrolledError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { Sequence } from '../core/sequence.js';
import {
  createBatcher,
  knownTargets,
  type Batcher,
  type BatcherState,
  type Window,
} from '../data/batches.js';
import { checkSameSymbols, checkSource } from '../data/check-source.js';
import type { Corpus } from '../data/corpus.js';
import { isTask, type Task } from '../data/task.js';
import { DEFAULT_LENGTH, SAMPLE_OPTIONS, Sampler, type SampleOptions } from '../generate/sampler.js';
import { carriedStateName, readsNoFuture, type CharModel } from '../model/char-model.js';
import { checkModel } from '../model/check-model.js';
import { initialParameters } from '../model/initializers.js';
import { CHAR_MODEL_NAMES, packMatched, type LoadOptions, type MatchedNames } from '../model/match-names.js';
import { PARAMETERS, type StateDict } from '../model/parameters.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, Feeds, Memory, Program, Reports } from '../plan/device.js';
import type { PlanSummary } from '../plan/print.js';
import { Evaluator, type EvaluateOptions, type Evaluation } from './evaluate.js';
import { checkFits } from './fits.js';
import { GradientProbe, type GradientFlow } from './gradient-flow.js';
import { Metrics, type DoneStep, type StepReport } from './metrics.js';
import { Pacing } from './pacing.js';
import { rateAt } from './schedules.js';
import { completeOptions, type TrainerConfig, type TrainerOptions } from './trainer-options.js';
import { trainingGraph } from './training-graph.js';

/** Where a training run stands, as plain data. */
export interface TrainerProgress {
  readonly step: number;
  readonly smoothLoss: number;
  readonly skippedTotal: number;
  /** Symbols drawn by `sample` so far: each sample goes on with fresh random numbers. */
  readonly sampled: number;
  /** Set where the next window must start from zero states. */
  readonly reset?: boolean;
  readonly batcher?: BatcherState;
}

/** How long to run. Without either: until the caller leaves the loop. */
export interface RunOptions {
  /** Steps of this run. */
  readonly steps?: number;
  /** Passes over the data of this run. */
  readonly epochs?: number;
  /** Stops after the steps that are under way. */
  readonly signal?: AbortSignal;
}

/**
 * Submits that may be under way at once: one runs while the next is recorded and the one before is
 * read.
 */
const IN_FLIGHT = 2;

/** Trains a character model by truncated back-propagation through time. */
export class Trainer {
  readonly #metrics: Metrics;
  readonly #pacing: Pacing;
  #step = 0;
  #sampled = 0;
  #source: Corpus | Task | undefined;
  #batcher: Batcher | undefined;
  #restore: BatcherState | undefined;
  #resetState = false;
  #running = false;
  #sampler: Sampler | undefined;
  readonly #samples = new Sequence();
  #evaluator: Evaluator | undefined;
  #probe: GradientProbe | undefined;
  readonly #probes = new Sequence();

  private constructor(
    readonly model: CharModel,
    readonly config: TrainerConfig,
    readonly device: Device,
    readonly memory: Memory,
    readonly program: Program,
  ) {
    this.#metrics = new Metrics(config, Math.log(model.vocabulary.size));
    this.#pacing = new Pacing(program.maxSteps);
  }

  /**
   * Prepares training: initial weights from the seed, buffers, kernels.
   * @throws OptionError for a wrong option, OutOfMemoryError where the model does not fit the
   *   device
   */
  static async create(model: CharModel, options: TrainerOptions): Promise<Trainer> {
    checkModel(model);
    const config = completeOptions(options);
    const { device } = options;
    checkFits(model, device.info, { T: config.time, N: config.batch });
    const memory = await device.createMemory();
    let program: Program | undefined;
    try {
      const graph = trainingGraph(model, {
        T: config.time,
        N: config.batch,
        loss: config.loss,
        scored: config.scored,
        clip: config.clip,
        optimizer: config.optimizer,
      });
      program = await device.prepare(graph, memory);
      await memory.write(PARAMETERS, initialParameters(model.layout, model.config.init, config.seed));
      return new Trainer(model, config, device, memory, program);
    } catch (error) {
      program?.dispose();
      memory.dispose();
      throw error;
    }
  }

  /** Steps done, and those under way while `run` is between two reports. */
  get step(): number {
    return this.#step;
  }

  /** Dispatches, buffers and bytes of one training step. */
  get plan(): PlanSummary {
    return this.program.summary;
  }

  /**
   * Loss of a network that has learnt nothing, as `loss` is told: that of uniform guessing, log V per
   * target, and from the first step of a task on `Task.baseline`.
   */
  get baseline(): number {
    return this.#metrics.baseline;
  }

  get smoothLoss(): number {
    return this.#metrics.smoothLoss;
  }

  get progress(): TrainerProgress {
    const batcher = this.#batcher?.state() ?? this.#restore;
    return {
      step: this.#step,
      smoothLoss: this.#metrics.smoothLoss,
      skippedTotal: this.#metrics.skippedTotal,
      sampled: this.#sampled,
      ...(this.#resetState ? { reset: true } : {}),
      ...(batcher ? { batcher } : {}),
    };
  }

  /**
   * Goes on where another trainer of the same model and options stood; the memory must hold its
   * tensors.
   */
  restore(progress: TrainerProgress): void {
    this.#step = progress.step;
    this.#sampled = progress.sampled;
    this.#metrics.smoothLoss = progress.smoothLoss;
    this.#metrics.skippedTotal = progress.skippedTotal;
    this.#resetState = progress.reset ?? false;
    this.#restore = progress.batcher;
    this.#batcher = this.#source = undefined;
  }

  /**
   * Trains, and yields a report of every step. Several steps are under way at once; leaving the
   * loop early waits for them. A second run over the same corpus or task goes on where the first
   * ended.
   * @throws OptionError where a task has other windows than the trainer's, DataError where the text
   *   or task has other symbols than the model
   */
  async *run(source: Corpus | Task, options: RunOptions = {}): AsyncGenerator<StepReport, void, void> {
    if (this.#running)
      throw new UnrolledError(
        'This trainer is running already: leave the loop over run() before you start another.',
      );
    onlyKnown('run', options, ['steps', 'epochs', 'signal']);
    const batcher = this.#attach(source);
    const { signal } = options;
    let left = options.steps ?? Infinity;
    if (options.epochs !== undefined)
      left = Math.min(left, wholeNumber('epochs', options.epochs) * batcher.windowsPerEpoch);
    if (left !== Infinity) wholeNumber('steps', left);
    const queue: Submitted[] = [];
    this.#running = true;
    try {
      while (left > 0 || queue.length > 0) {
        while (left > 0 && queue.length < IN_FLIGHT && signal?.aborted !== true) {
          const count = this.#pacing.next(left);
          if (queue.length === 0) this.#pacing.begin(performance.now());
          queue.push(await this.#submit(batcher, count));
          left -= count;
        }
        const first = queue.shift();
        if (!first) return;
        yield* await this.#collect(first);
      }
    } finally {
      await Promise.allSettled(queue.map((submitted) => this.#collect(submitted)));
      this.#running = false;
    }
  }

  /** Starts the next window from zero states. */
  resetState(): void {
    this.#resetState = true;
  }

  /**
   * Loss of the model on a whole text, state carried from end to end; or on held-out windows of a
   * task. Training goes on unchanged.
   */
  async evaluate(source: Corpus | Task, options: EvaluateOptions = {}): Promise<Evaluation> {
    this.#evaluator ??= new Evaluator(this.model, this.device, this.memory);
    return this.#evaluator.run(source, options);
  }

  /**
   * How large the gradients of the states are, by layer and time step, and what clipping does.
   * Training goes on unchanged; dropout is off.
   * @param source a window [T,N], or a text or task, of which the next window to be trained is
   *   taken
   */
  gradientFlow(source: Corpus | Task | Pick<Window, 'inputs' | 'targets' | 'keep'>): Promise<GradientFlow> {
    const isWindow = (given: typeof source): given is Pick<Window, 'inputs' | 'targets' | 'keep'> =>
      typeof given === 'object' && given !== null && 'inputs' in given;
    return this.#probes.run(async () => {
      const { time: T, batch: N, loss, scored, clip } = this.config;
      this.#probe ??= await GradientProbe.create(
        this.model,
        { T, N, loss, scored, clip },
        this.device,
        this.memory,
      );
      return this.#probe.measure(isWindow(source) ? source : await this.#nextWindow(source));
    });
  }

  /** What the next step trains on; it will still be the next after this. */
  async #nextWindow(source: Corpus | Task): Promise<Window> {
    const state = this.#attach(source).state();
    const ahead = this.#batcherOf(source);
    ahead.restore(state);
    const window = await ahead.next();
    return this.#resetState ? { ...window, keep: new Float32Array(window.keep.length) } : window;
  }

  /**
   * Continues a text, seeded by the run's seed: two runs draw the same samples after the same
   * steps; with a seed of its own, a sample depends on the weights alone. In the loop over `run`,
   * steps that are under way come first. Where training follows a single pointer through the text,
   * the sample goes on from the carried state, as min-char-rnn does: the zero state is one that
   * such a network has seen only once. Else it starts from zero.
   * @param onPiece told each piece of the text as it comes from the device
   */
  sample(options: SampleOptions = {}, onPiece?: (piece: string) => void): Promise<string> {
    return this.#samples.run(() => this.#sample(options, onPiece));
  }

  async #sample(options: SampleOptions, onPiece?: (piece: string) => void): Promise<string> {
    onlyKnown('sample', options, SAMPLE_OPTIONS);
    this.#sampler ??= await Sampler.create(this.model, this.device, this.memory);
    const random = options.seed === undefined ? { seed: this.config.seed, position: this.#sampled } : {};
    const initial = this.config.sampling === 'pointer' ? { initial: await this.#carried() } : {};
    let text = '';
    for await (const piece of this.#sampler.stream({ ...random, ...initial, ...options })) {
      text += piece;
      onPiece?.(piece);
    }
    if (options.seed === undefined) this.#sampled += options.length ?? DEFAULT_LENGTH;
    return text;
  }

  /** The carried states [1,H] of the single row. */
  async #carried(): Promise<Record<string, Float32Array>> {
    const states = this.model.states.map(
      async (name) =>
        [name, (await this.memory.read(carriedStateName('train', name))) as Float32Array] as const,
    );
    return Object.fromEntries(await Promise.all(states));
  }

  /** Parameters by PyTorch's names and shapes. */
  async parameters(): Promise<StateDict> {
    return this.model.layout.unpack(await this.memory.read(PARAMETERS));
  }

  /**
   * Replaces the weights and nothing else: not the optimizer's state, not the position. Names may
   * have any prefix, and modules any name, as long as it is plain which is which.
   * @returns what was renamed and left out
   * @throws ShapeError naming everything that does not fit, OptionError for a wrong `map`, DataError
   *   for a number that is not finite
   */
  async loadParameters(values: StateDict, options: LoadOptions = {}): Promise<Omit<MatchedNames, 'values'>> {
    const { arena, match } = packMatched(this.model.layout, values, CHAR_MODEL_NAMES, options);
    await this.memory.write(PARAMETERS, arena);
    return match;
  }

  /**
   * Memory tensors that make up the state of training, by name: parameters, optimizer state and
   * carried states.
   */
  get memoryTensors(): string[] {
    const { optimizer } = this.config;
    return [
      PARAMETERS,
      ...optimizer.stateTensors,
      ...this.model.states.map((name) => carriedStateName('train', name)),
    ];
  }

  /** Frees what the trainer holds on the device. */
  dispose(): void {
    this.#sampler?.dispose();
    this.#evaluator?.dispose();
    this.#probe?.dispose();
    this.program.dispose();
    this.memory.dispose();
  }

  #attach(source: Corpus | Task): Batcher {
    if (this.#batcher && this.#source === source) return this.#batcher;
    checkSource(source);
    if (!isTask(source)) readsNoFuture(this.model);
    const { vocabulary } = this.model;
    checkSameSymbols(vocabulary, source.vocabulary, isTask(source) ? source.name : 'the text');
    if (isTask(source)) this.#checkTask(source);
    const batcher = this.#batcherOf(source);
    this.#metrics.setBaseline(isTask(source) ? source.baseline : Math.log(vocabulary.size), this.#step === 0);
    if (this.#restore) batcher.restore(this.#restore);
    this.#restore = undefined;
    this.#source = source;
    return (this.#batcher = batcher);
  }

  #batcherOf(source: Corpus | Task): Batcher {
    const { sampling, batch, time, seed, carry } = this.config;
    return isTask(source)
      ? source.batcher({ batch, seed })
      : createBatcher(source, { sampling, batch, time, seed, carry });
  }

  /** A task has windows of its own length, and targets that do not count. */
  #checkTask({ name, time, scoredPerRow }: Task): void {
    const { config } = this;
    const scored = config.batch * scoredPerRow;
    if (config.time !== time)
      throw new OptionError('time', config.time, `${time}, the length of a window of ${name}`);
    if (config.scored !== scored)
      throw new OptionError(
        'scored',
        config.scored,
        `${scored}: ${name} scores ${scoredPerRow} targets in each of ${config.batch} rows`,
      );
  }

  async #submit(batcher: Batcher, count: number): Promise<Submitted> {
    const { optimizer, schedule } = this.config;
    const feeds: Feeds[] = [];
    const steps: DoneStep[] = [];
    for (let i = 0; i < count; i++) {
      const next = batcher.next();
      const window = next instanceof Promise ? await next : next;
      const step = this.#step + i + 1;
      const rate = rateAt(schedule, step, window.epoch, optimizer.options.rate as number);
      if (this.#resetState) window.keep.fill(0);
      this.#resetState = false;
      const { inputs, targets, keep } = window;
      feeds.push({
        inputs,
        targets,
        keep,
        hyper: optimizer.hyper(step, rate),
        ...(this.model.usesDropout ? { key: Uint32Array.of(this.config.seed, step) } : {}),
      });
      const counted = knownTargets(targets, this.model.vocabulary.size);
      steps.push({ step, epoch: window.epoch, rate, counted });
    }
    this.#step += count;
    const reports = this.program.submit(feeds);
    reports.catch(() => undefined); // it is awaited later; until then it must not count as unhandled
    return { steps, reports };
  }

  async #collect({ steps, reports }: Submitted): Promise<StepReport[]> {
    const arrived = await reports;
    this.#pacing.arrived(steps.length, performance.now());
    return steps.map((step, i) => this.#metrics.next(step, arrived[i].report));
  }
}

interface Submitted {
  readonly steps: readonly DoneStep[];
  readonly reports: Promise<readonly Reports[]>;
}

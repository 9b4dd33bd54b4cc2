import { DataError, OptionError, UnrolledError } from '../core/errors.js';
import { wholeNumber } from '../core/options.js';
import { Sequence } from '../core/sequence.js';
import { createBatcher, type Batcher, type BatcherState, type Window } from '../data/batches.js';
import type { Corpus } from '../data/corpus.js';
import { isTask, type Task } from '../data/task.js';
import { DEFAULT_LENGTH, Sampler, type SampleOptions } from '../generate/sampler.js';
import { carriedStateName, readsNoFuture, type CharModel } from '../model/char-model.js';
import { initialParameters } from '../model/initializers.js';
import { PARAMETERS, type StateDict } from '../model/parameters.js';
import type { Device, Feeds, Memory, Program, Reports } from '../plan/device.js';
import type { PlanSummary } from '../plan/print.js';
import { Evaluator, type EvaluateOptions, type Evaluation } from './evaluate.js';
import { checkFits } from './fits.js';
import { GradientProbe, type GradientFlow } from './gradient-flow.js';
import { Metrics, uniformLoss, type StepReport } from './metrics.js';
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
    this.#metrics = new Metrics({
      V: model.vocabulary.size,
      scored: config.scored,
      report: config.report,
      clips: Object.keys(config.clip).length > 0,
    });
    this.#pacing = new Pacing(program.maxSteps);
  }

  /**
   * Prepares training: initial weights from the seed, buffers, kernels.
   * @throws OptionError for a wrong option, OutOfMemoryError where the model does not fit the
   *   device
   */
  static async create(model: CharModel, options: TrainerOptions): Promise<Trainer> {
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

  /** Loss of uniform guessing, as `loss` is told. */
  get baseline(): number {
    return uniformLoss(this.#metrics.meaning);
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
   * @throws OptionError where a task has other windows than the trainer's
   */
  async *run(source: Corpus | Task, options: RunOptions = {}): AsyncGenerator<StepReport, void, void> {
    if (this.#running)
      throw new UnrolledError(
        'This trainer is running already: leave the loop over run() before you start another.',
      );
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
    return this.#probes.run(async () => {
      const { time: T, batch: N, loss, scored, clip } = this.config;
      this.#probe ??= await GradientProbe.create(
        this.model,
        { T, N, loss, scored, clip },
        this.device,
        this.memory,
      );
      return this.#probe.measure('inputs' in source ? source : await this.#nextWindow(source));
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
   * Replaces the weights and nothing else: not the optimizer's state, not the position.
   * @throws ShapeError naming everything that does not fit
   */
  async loadParameters(values: StateDict): Promise<void> {
    await this.memory.write(PARAMETERS, this.model.layout.pack(values));
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
    if (isTask(source)) this.#checkTask(source);
    else readsNoFuture(this.model);
    const batcher = this.#batcherOf(source);
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
  #checkTask({ name, vocabulary, time, scoredPerRow }: Task): void {
    const { config, model } = this;
    const scored = config.batch * scoredPerRow;
    if (vocabulary.symbols.join() !== model.vocabulary.symbols.join())
      throw new DataError(
        `The model has ${model.vocabulary.size} symbols, but not those of ${name}: make it with the ` +
          `task's vocabulary.`,
      );
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
    const steps: { readonly step: number; readonly epoch: number; readonly rate: number }[] = [];
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
      steps.push({ step, epoch: window.epoch, rate });
    }
    this.#step += count;
    const reports = this.program.submit(feeds);
    reports.catch(() => undefined); // it is awaited later; until then it must not count as unhandled
    return { steps, reports };
  }

  async #collect({ steps, reports }: Submitted): Promise<StepReport[]> {
    const arrived = await reports;
    this.#pacing.arrived(steps.length, performance.now());
    return steps.map(({ step, epoch, rate }, i) => this.#metrics.next(step, epoch, rate, arrived[i].report));
  }
}

interface Submitted {
  readonly steps: readonly { readonly step: number; readonly epoch: number; readonly rate: number }[];
  readonly reports: Promise<readonly Reports[]>;
}

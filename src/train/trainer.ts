/**
 * The file to read first. `Trainer` joins a source and a model: `training-batches.ts` takes
 * batches, `training-steps.ts` hands them to the device as programs (`training-graph.ts`,
 * `update.ts`), `rounds.ts` keeps two submits under way; `model-uses.ts` and `samples.ts` use the
 * weights besides.
 */
import { OptionError, UnrolledError } from '../core/errors.js';
import { packMatched, type LoadOptions, type MatchedNames } from '../layers/match-names.js';
import { PARAMETERS, type StateDict } from '../layers/parameters.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, Memory, Program } from '../plan/device.js';
import type { Variants } from '../plan/op.js';
import type { PlanSummary } from '../plan/print.js';
import type { Batch, Sizes } from './batch.js';
import type { EvaluateOptions, Evaluation } from './evaluate.js';
import { checkFits } from './fits.js';
import type { GradientFlow } from './gradient-flow.js';
import { optimizerTensors } from './groups.js';
import { Metrics, type StepReport } from './metrics.js';
import {
  carriedStateName,
  checkModel,
  type FieldsOf,
  type GeneratedOf,
  type Generating,
  type GeneratorOf,
  type Model,
  type WriteOptionsOf,
} from './model.js';
import { ModelUses } from './model-uses.js';
import { Pacing } from './pacing.js';
import type { PredictionOf, PredictOptions } from './predict.js';
import { checkProgress, type TrainerProgress } from './progress.js';
import type { Reading } from './reading.js';
import { runRounds } from './rounds.js';
import { stepsOfRun, type RunOptions } from './run-options.js';
import { Samples } from './samples.js';
import type { Loader, Source } from './source.js';
import { completeOptions, type TrainerConfig, type TrainerOptions } from './trainer-options.js';
import { TrainingBatches } from './training-batches.js';
import { arrivals, TrainingSteps, type StepUnderWay } from './training-steps.js';

/** Steps of a round; a device may take fewer in one submit. */
const MOST_STEPS = 64;

/** Trains a model on the batches of a source. */
export class Trainer<M extends Model = Model> {
  readonly #metrics: Metrics;
  readonly #pacing = new Pacing(MOST_STEPS);
  readonly #batches: TrainingBatches<M>;
  readonly #steps: TrainingSteps;
  readonly #samples: Samples<M>;
  readonly #uses: ModelUses<M>;
  #step = 0;
  #running = false;

  private constructor(
    readonly model: M,
    config: TrainerConfig,
    readonly device: Device,
    readonly memory: Memory,
    variants: Variants | undefined,
  ) {
    this.#batches = new TrainingBatches(model, config);
    this.#steps = new TrainingSteps(model, config, device, memory, variants);
    this.#samples = new Samples(model, device, memory);
    this.#uses = new ModelUses(model, device, memory);
    const count = Object.values(config.sizes ?? {}).reduce((product, size) => product * size, 1);
    const clips = Object.keys(config.clip).length > 0;
    this.#metrics = new Metrics(config.report, model.baseline, count, clips);
  }

  /**
   * Prepares training: initial weights from the seed, and buffers and kernels where the sizes of
   * batches are known.
   * @throws OptionError for a wrong option, OutOfMemoryError where the model does not fit the device
   */
  static async create<M extends Model>(model: M, options: TrainerOptions): Promise<Trainer<M>> {
    checkModel(model);
    const config = completeOptions(model.layout, options);
    const { device } = options;
    checkDevice(device);
    checkFits(model, device.info, config.sizes);
    const memory = await device.createMemory();
    const trainer = new Trainer(model, config, device, memory, options.variants);
    try {
      const arena = { shape: [model.layout.elements], dtype: 'f32', kind: 'memory' } as const;
      // The optimizer's state is zero before the first step, which a checkpoint may come before.
      for (const name of [PARAMETERS, ...optimizerTensors(config)]) await memory.ensure({ name, ...arena });
      if (config.sizes) await trainer.#steps.prepare(config.sizes);
      await memory.write(PARAMETERS, model.initialParameters(config.seed));
      return trainer;
    } catch (error) {
      trainer.dispose();
      throw error;
    }
  }

  /** The options, complete. */
  get config(): TrainerConfig {
    return this.#steps.config;
  }

  /** Steps done, and those under way while `run` is between two reports. */
  get step(): number {
    return this.#step;
  }

  /** The sizes of batches, such as `{ T: 25, N: 32 }`. @throws UnrolledError where they are not known */
  get sizes(): Sizes {
    const { sizes } = this.config;
    if (!sizes)
      throw new UnrolledError(
        'The sizes of batches are not known yet: give Trainer.create the option sizes, or batch and time.',
      );
    return sizes;
  }

  /**
   * The program of a training step whose sizes were known to `create`.
   * @throws UnrolledError where they were not
   */
  get program(): Program {
    const program = this.#steps.prepared(this.sizes);
    if (!program) throw new UnrolledError('The program of these sizes was disposed of.');
    return program;
  }

  /** Dispatches, buffers and bytes of one training step. @throws UnrolledError, see `program` */
  get plan(): PlanSummary {
    return this.program.summary;
  }

  /**
   * The variants of the kernels that it has trained with, by what they are for: by rules or measured,
   * as the device has it. Empty on the CPU, where there is no choice.
   */
  get variants(): Variants {
    return this.#steps.variants;
  }

  /** Loss of guessing, as `loss` is reported; NaN where neither model nor source knows it. */
  get baseline(): number {
    return this.#metrics.uniformLoss;
  }

  get smoothLoss(): number {
    return this.#metrics.smoothLoss;
  }

  get progress(): TrainerProgress {
    return {
      step: this.#step,
      smoothLoss: this.#metrics.smoothLoss,
      skippedTotal: this.#metrics.skippedTotal,
      sampled: this.#samples.drawn,
      ...this.#batches.progress,
    };
  }

  /** How the records of training became arrays; undefined where it has read no records. */
  get reading(): Reading | undefined {
    return this.#batches.reading;
  }

  /**
   * Goes on where another trainer of the same model and options stood; the memory must hold its
   * tensors.
   * @param reading how it read records. A source that scales numbers otherwise is refused
   * @throws OptionError for what is no progress
   */
  restore(progress: TrainerProgress, reading?: Reading): void {
    if (typeof progress !== 'object' || progress === null)
      throw new OptionError('progress', progress, 'where a trainer stood, as trainer.progress gives it');
    checkProgress(progress);
    this.#step = progress.step;
    this.#samples.drawn = progress.sampled;
    this.#metrics.smoothLoss = progress.smoothLoss ?? NaN;
    this.#metrics.skippedTotal = progress.skippedTotal;
    this.#batches.restore(progress, reading);
  }

  /**
   * Changes the learning rate from the next step on. Nothing is built anew; a schedule goes on from
   * the new rate.
   * @param group number of the parameter group. Default 0
   * @throws OptionError
   */
  setRate(rate: number, group = 0): void {
    this.#steps.setRate(rate, group);
  }

  /**
   * Trains, and yields a report of every step. Several steps are under way at once; leaving the loop
   * early waits for them. A second run over the same source goes on where the first ended.
   * @throws DataError, ShapeError or OptionError where the source does not fit the model
   */
  async *run(source: Source<FieldsOf<M>>, options: RunOptions = {}): AsyncGenerator<StepReport, void, void> {
    if (this.#running)
      throw new UnrolledError(
        'This trainer is running already: leave the loop over run() before you start another.',
      );
    const loader = this.#attach(source);
    const { batchesPerEpoch } = loader;
    const steps = stepsOfRun(options, { batchesPerEpoch, accumulate: this.config.accumulate });
    this.#running = true;
    try {
      yield* runRounds<StepReport>(this.#pacing, {
        steps,
        signal: options.signal,
        submit: (count) => this.#submit(loader, count),
        collect: (round) => this.#collect(round),
      });
    } finally {
      this.#running = false;
    }
  }

  /** Starts the next batch from zero states, or from the learned ones. */
  resetState(): void {
    this.#batches.resetState();
  }

  /** Loss and measures of the model on a source. Training goes on unchanged. */
  async evaluate(source: Source<FieldsOf<M>>, options: EvaluateOptions = {}): Promise<Evaluation> {
    return this.#uses.evaluator.run(source, options);
  }

  /**
   * Predictions for records without targets, in a user's terms and in their order. Training goes on
   * unchanged; dropout is off.
   * @throws OptionError where no data set is known, DataError for a record that does not fit
   */
  async predict(rows: Iterable<object>, options: PredictOptions = {}): Promise<PredictionOf<M>[]> {
    const { source, reading } = this.#batches;
    return this.#uses.predictor.run(rows, options, { source, reading });
  }

  /**
   * How large the gradients of the states are, by layer and time step, and what clipping does.
   * Training goes on unchanged; dropout is off.
   * @param source a batch, or a source of which the next batch to be trained is taken
   */
  gradientFlow(source: Source<FieldsOf<M>> | Batch<FieldsOf<M>>): Promise<GradientFlow> {
    const isBatch = (given: typeof source): given is Batch<FieldsOf<M>> =>
      typeof given === 'object' && given !== null && 'arrays' in given;
    return this.#uses.gradientFlow(this.config, () => {
      if (isBatch(source)) return source;
      this.#attach(source);
      return this.#batches.ahead(source);
    });
  }

  /**
   * Continues a sequence, seeded by the run's seed: two runs draw the same samples after the same
   * steps; with a seed of its own, a sample depends on the weights alone. In the loop over `run`,
   * steps that are under way come first. Where training follows a single pointer through the data,
   * the sample goes on from the carried state, as min-char-rnn does: the zero state is one that such
   * a network has seen only once. Else it starts from zero.
   * @param onPiece called with each piece of the text as it comes from the device
   * @throws UnrolledError for a model that cannot write
   */
  sample(options?: WriteOptionsOf<M>, onPiece?: (piece: string) => void): Promise<string> {
    const { seed, sampling } = this.config;
    return this.#samples.write({ seed, carried: sampling === 'pointer' }, options, onPiece);
  }

  /**
   * Generates sequences from a condition, such as a text, with the weights as they are; steps of
   * training that are under way come first. See `SequenceGenerator.generate`.
   * @throws UnrolledError for a model that does not generate
   */
  async generate(...given: Parameters<GeneratorOf<M>['generate']>): Promise<GeneratedOf<M>> {
    const generator: Generating = this.generator;
    return (await generator.generate(...(given as [unknown, unknown?]))) as GeneratedOf<M>;
  }

  /** What `generate` asks; it generates from several conditions at once too. @throws UnrolledError */
  get generator(): GeneratorOf<M> {
    return this.#uses.generator(this.#batches.reading?.scales);
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
    const { layout, moduleNames } = this.model;
    const { arena, match } = packMatched(layout, values, moduleNames, options);
    await this.memory.write(PARAMETERS, arena);
    return match;
  }

  /** Memory tensors that make up the state of training, by name: parameters, optimizer state and carried states. */
  get memoryTensors(): string[] {
    return [
      PARAMETERS,
      ...optimizerTensors(this.config),
      ...Object.keys(this.model.states ?? {}).map((name) => carriedStateName('train', name)),
    ];
  }

  /** Frees what the trainer holds on the device. */
  dispose(): void {
    this.#samples.dispose();
    this.#uses.dispose();
    this.#steps.dispose();
    this.memory.dispose();
  }

  #attach(source: Source<FieldsOf<M>>): Loader<FieldsOf<M>> {
    const loader = this.#batches.attach(source);
    this.#metrics.baseline = source.baseline ?? this.model.baseline;
    return loader;
  }

  async #submit(loader: Loader<FieldsOf<M>>, count: number): Promise<StepUnderWay[]> {
    const steps = await this.#steps.submit(this.#step, count, () => this.#batches.take(loader));
    this.#step += count;
    return steps;
  }

  async #collect(steps: readonly StepUnderWay[]): Promise<StepReport[]> {
    const arrived = await arrivals(steps);
    this.#pacing.arrived(steps.length, performance.now());
    return arrived.map(({ facts, loss, report }) => this.#metrics.next(facts, loss, report));
  }
}

/**
 * The first file to read in src/train. `Trainer` trains a model on a source: `training-batches.ts`
 * reads batches, `training-steps.ts` submits them to the device as programs (`training-graph.ts`,
 * `update.ts`), `submit-loop.ts` keeps two submits under way. `model-uses.ts` and `samples.ts` use the
 * weights for anything else.
 */
import { OptionError, UnrolledError } from '../core/errors.js';
import { packMatched, type LoadOptions, type MatchedNames } from '../layers/match-names.js';
import { PARAMETERS, type StateDict } from '../layers/parameters.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, Memory, Program } from '../plan/device.js';
import type { Variants } from '../plan/target.js';
import type { PlanSummary } from '../plan/print.js';
import type { Batch, Sizes } from './batch.js';
import type { EvaluateOptions, Evaluation } from './evaluate.js';
import { checkFits } from './device-limits.js';
import { FIRST_LOSS_SCALE, LOSS_SCALE } from './loss-scale.js';
import type { GradientFlow } from './gradient-flow.js';
import { optimizerTensors } from './parameter-groups.js';
import { StepReporter, type StepReport } from './step-report.js';
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
import { StepsPerSubmit } from './steps-per-submit.js';
import type { PredictionOf, PredictOptions } from './predict.js';
import { checkProgress, type TrainerProgress } from './trainer-progress.js';
import type { Reading } from './record-reading.js';
import { runSubmits } from './submit-loop.js';
import { stepsOfRun, type RunOptions } from './run-options.js';
import { Samples } from './samples.js';
import type { Loader, Source } from './source.js';
import { completeOptions, type TrainerConfig, type TrainerOptions } from './trainer-options.js';
import { TrainingBatches } from './training-batches.js';
import { finishedSteps, TrainingSteps, type SubmittedStep } from './training-steps.js';

/** Largest number of steps in a round. A device may take fewer in one submit. */
const MOST_STEPS = 64;

/** Trains a model on the batches of a source. */
export class Trainer<M extends Model = Model> {
  readonly #reporter: StepReporter;
  readonly #stepsPerSubmit = new StepsPerSubmit(MOST_STEPS);
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
    { variants, onVariantsReplaced }: Pick<TrainerOptions, 'variants' | 'onVariantsReplaced'>,
  ) {
    this.#batches = new TrainingBatches(model, config);
    this.#steps = new TrainingSteps(model, config, device, memory, variants, onVariantsReplaced);
    this.#samples = new Samples(model, device, memory);
    this.#uses = new ModelUses(model, device, memory);
    const count = Object.values(config.sizes ?? {}).reduce((product, size) => product * size, 1);
    const clips = Object.keys(config.clip).length > 0;
    const scales = config.precision !== undefined;
    this.#reporter = new StepReporter(config.report, model.baseline, count, clips, scales);
  }

  /**
   * Creates a trainer with initial weights from the seed. If the sizes of batches are known, it
   * also compiles the program of a step.
   * @throws OptionError for a wrong option, OutOfMemoryError where the device is too small for the
   *   model
   */
  static async create<M extends Model>(model: M, options: TrainerOptions): Promise<Trainer<M>> {
    checkModel(model);
    const config = completeOptions(model.layout, options);
    const { device } = options;
    checkDevice(device);
    checkFits(model, device.info, config.sizes);
    const memory = await device.createMemory();
    const trainer = new Trainer(model, config, device, memory, options);
    try {
      const arena = { shape: [model.layout.elements], dtype: 'f32', kind: 'memory' } as const;
      // A checkpoint can be saved before the first step, so the optimizer's state must exist.
      for (const name of [PARAMETERS, ...optimizerTensors(config)]) await memory.ensure({ name, ...arena });
      if (config.sizes) await trainer.#steps.prepare(config.sizes);
      if (config.precision) {
        await memory.ensure({ name: LOSS_SCALE, shape: [2], dtype: 'f32', kind: 'memory' });
        await memory.write(LOSS_SCALE, Float32Array.from(FIRST_LOSS_SCALE));
      }
      await memory.write(PARAMETERS, model.initialParameters(config.seed));
      return trainer;
    } catch (error) {
      trainer.dispose();
      throw error;
    }
  }

  /** The options with defaults. */
  get config(): TrainerConfig {
    return this.#steps.config;
  }

  /** Number of steps so far, including steps that are under way. */
  get step(): number {
    return this.#step;
  }

  /**
   * The sizes of batches, such as `{ T: 25, N: 32 }`.
   * @throws UnrolledError if the options have none
   */
  get sizes(): Sizes {
    const { sizes } = this.config;
    if (!sizes)
      throw new UnrolledError(
        'The sizes of batches are not known yet: give Trainer.create the option sizes, or batch and time.',
      );
    return sizes;
  }

  /**
   * The program of a training step for `sizes`.
   * @throws UnrolledError if the options have no sizes
   */
  get program(): Program {
    const program = this.#steps.prepared(this.sizes);
    if (!program) throw new UnrolledError('The program of these sizes was disposed of.');
    return program;
  }

  /** Dispatches, buffers and bytes of one training step. @throws UnrolledError as `program` does */
  get plan(): PlanSummary {
    return this.program.summary;
  }

  /**
   * The variants of the kernels that training has used so far. Empty on devices without variants,
   * such as the CPU.
   */
  get variants(): Variants {
    return this.#steps.variants;
  }

  /**
   * Loss of guessing, as a sum or mean like reports; NaN if neither model nor source has a
   * baseline.
   */
  get baseline(): number {
    return this.#reporter.uniformLoss;
  }

  /** Exponential average of the loss, see `StepReport.smoothLoss`. */
  get smoothLoss(): number {
    return this.#reporter.smoothLoss;
  }

  /** The position of the run, for `restore`. */
  get progress(): TrainerProgress {
    return {
      step: this.#step,
      smoothLoss: this.#reporter.smoothLoss,
      skippedTotal: this.#reporter.skippedTotal,
      sampled: this.#samples.drawn,
      ...this.#batches.progress,
    };
  }

  /** How training turned records into arrays; undefined if it has read no records. */
  get reading(): Reading | undefined {
    return this.#batches.reading;
  }

  /**
   * Sets the position to that of another trainer with the same model and options. The memory must
   * already hold the other trainer's tensors.
   * @param reading how the other trainer read records; sources that scale numbers differently are
   *   refused
   * @throws OptionError where `progress` is not the position of a run
   */
  restore(progress: TrainerProgress, reading?: Reading): void {
    if (typeof progress !== 'object' || progress === null)
      throw new OptionError('progress', progress, 'the position of a run, as trainer.progress gives it');
    checkProgress(progress);
    this.#step = progress.step;
    this.#samples.drawn = progress.sampled;
    this.#reporter.smoothLoss = progress.smoothLoss ?? NaN;
    this.#reporter.skippedTotal = progress.skippedTotal;
    this.#batches.restore(progress, reading);
  }

  /**
   * Changes the base learning rate from the next step on. Nothing is compiled again, and the
   * schedule then applies to the new rate.
   * @param group index of the parameter group. Default 0
   * @throws OptionError
   */
  setRate(rate: number, group = 0): void {
    this.#steps.setRate(rate, group);
  }

  /**
   * Trains, and yields a report of every step. Several steps are under way at once; if the caller
   * leaves the loop early, it waits for them. Another run on the same source continues where the
   * last one ended.
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
      yield* runSubmits<StepReport>(this.#stepsPerSubmit, {
        steps,
        signal: options.signal,
        submit: (count) => this.#submit(loader, count),
        collect: (round) => this.#collect(round),
      });
    } finally {
      this.#running = false;
    }
  }

  /**
   * Starts the next batch from zero states, or from learned ones, instead of the carried states.
   */
  resetState(): void {
    this.#batches.resetState();
  }

  /** Loss and measures of the model on a source. It does not change the state of training. */
  async evaluate(source: Source<FieldsOf<M>>, options: EvaluateOptions = {}): Promise<Evaluation> {
    return this.#uses.evaluator.run(source, options);
  }

  /**
   * Predictions for records without targets, in a user's terms and in the order of the records.
   * Dropout is off. It does not change the state of training.
   * @throws OptionError where no source is known that reads records, DataError for a record that
   *   does not fit
   */
  async predict(rows: Iterable<object>, options: PredictOptions = {}): Promise<PredictionOf<M>[]> {
    const { source, reading } = this.#batches;
    return this.#uses.predictor.run(rows, options, { source, reading });
  }

  /**
   * Norms of the gradients of states, by recurrent layer and time step, and of parameters before and
   * after clipping. Dropout is off. It does not change the state of training.
   * @param source a batch, or a source, of which the next batch to be trained on is used
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
   * Continues a sequence. Its random numbers come from the run's seed, so equal runs draw equal
   * samples after the same steps. With the option `seed` a sample depends on the weights alone. In
   * the loop over `run`, steps that are under way end first. It starts from zero states, but with
   * the sampling `pointer` from the carried state, as in min-char-rnn: such a network was trained
   * from the zero state only once.
   * @param onPiece called with each piece of the text that the device returns
   * @throws UnrolledError for a model that cannot write
   */
  sample(options?: WriteOptionsOf<M>, onPiece?: (piece: string) => void): Promise<string> {
    const { seed, sampling } = this.config;
    return this.#samples.write({ seed, carried: sampling === 'pointer' }, options, onPiece);
  }

  /**
   * Generates sequences from a condition, such as a text, with the current weights. Training steps
   * that are under way end first. See `SequenceGenerator.generate`.
   * @throws UnrolledError for a model that does not generate
   */
  async generate(...given: Parameters<GeneratorOf<M>['generate']>): Promise<GeneratedOf<M>> {
    const generator: Generating = this.generator;
    return (await generator.generate(...(given as [unknown, unknown?]))) as GeneratedOf<M>;
  }

  /**
   * The generator that `generate` uses; it can also generate from several conditions at once.
   * @throws UnrolledError for a model that does not generate
   */
  get generator(): GeneratorOf<M> {
    return this.#uses.generator(this.#batches.reading?.scales);
  }

  /** A copy of the parameters, with PyTorch's names and shapes. */
  async parameters(): Promise<StateDict> {
    return this.model.layout.unpack(await this.memory.read(PARAMETERS));
  }

  /**
   * Replaces the weights, but neither the optimizer's state nor the position. Names may have any
   * prefix, and modules any name, if that is unambiguous.
   * @returns the names that were changed and left out
   * @throws ShapeError that lists everything that does not fit, OptionError for a wrong `map`,
   *   DataError for a number that is not finite
   */
  async loadParameters(values: StateDict, options: LoadOptions = {}): Promise<Omit<MatchedNames, 'values'>> {
    const { layout, moduleNames } = this.model;
    const { arena, match } = packMatched(layout, values, moduleNames, options);
    await this.memory.write(PARAMETERS, arena);
    return match;
  }

  /**
   * Names of the memory tensors with the state of training: parameters, optimizer state, the factor of
   * the loss in mixed precision, carried states.
   */
  get memoryTensors(): string[] {
    return [
      PARAMETERS,
      ...optimizerTensors(this.config),
      ...(this.config.precision ? [LOSS_SCALE] : []),
      ...Object.keys(this.model.states ?? {}).map((name) => carriedStateName('train', name)),
    ];
  }

  /** Frees the trainer's memory and programs on the device. */
  dispose(): void {
    this.#samples.dispose();
    this.#uses.dispose();
    this.#steps.dispose();
    this.memory.dispose();
  }

  #attach(source: Source<FieldsOf<M>>): Loader<FieldsOf<M>> {
    const loader = this.#batches.attach(source);
    this.#reporter.baseline = source.baseline ?? this.model.baseline;
    return loader;
  }

  async #submit(loader: Loader<FieldsOf<M>>, count: number): Promise<SubmittedStep[]> {
    const steps = await this.#steps.submit(this.#step, count, () => this.#batches.take(loader));
    this.#step += count;
    return steps;
  }

  async #collect(steps: readonly SubmittedStep[]): Promise<StepReport[]> {
    const arrived = await finishedSteps(steps);
    this.#stepsPerSubmit.arrived(steps.length, performance.now());
    return arrived.map(({ facts, loss, report }) => this.#reporter.next(facts, loss, report));
  }
}

import { DataError, OptionError, UnrolledError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { Sequence } from '../core/sequence.js';
import { packMatched, type LoadOptions, type MatchedNames } from '../layers/match-names.js';
import { PARAMETERS, type StateDict } from '../layers/parameters.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, Feeds, Memory, Program, Reports } from '../plan/device.js';
import type { PlanSummary } from '../plan/print.js';
import type { Batch, Sizes } from './batch.js';
import { Evaluator, type EvaluateOptions, type Evaluation } from './evaluate.js';
import { checkFits } from './fits.js';
import { GradientProbe, type GradientFlow } from './gradient-flow.js';
import { withRate } from './groups.js';
import { Metrics, type StepFacts, type StepReport } from './metrics.js';
import {
  carriedStateName,
  checkBatchOf,
  checkModel,
  type FieldsOf,
  type Generating,
  type GeneratingModel,
  type GeneratedOf,
  type GeneratorOf,
  type Model,
  type WriteOptionsOf,
  type Writer,
  type WritingModel,
} from './model.js';
import { Pacing } from './pacing.js';
import { Predictor, type PredictionOf, type PredictOptions } from './predict.js';
import { Programs } from './programs.js';
import { rateAt } from './schedules.js';
import { checkFields, type Loader, type LoaderState, type Source } from './source.js';
import { completeOptions, type TrainerConfig, type TrainerOptions } from './trainer-options.js';
import { COUNT, KEY, TOTAL_LOSS, trainingGraph, type StepPart } from './training-graph.js';
import { hyperName, REPORT } from './update.js';

/** Where a training run stands, as plain data. */
export interface TrainerProgress {
  readonly step: number;
  readonly smoothLoss: number;
  readonly skippedTotal: number;
  /** Random numbers drawn by `sample` so far: each sample goes on with fresh ones. */
  readonly sampled: number;
  /** Set where the next batch must start from zero states. */
  readonly reset?: boolean;
  readonly loader?: LoaderState;
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

/** Rounds of submits that may be under way at once: one runs while the next is recorded. */
const IN_FLIGHT = 2;

/** Steps of a round; a device may take fewer in one submit. */
const MOST_STEPS = 64;

/** A step that is under way: the reports of its batches, in order. */
interface StepUnderWay extends StepFacts {
  readonly reports: readonly (() => Promise<Reports>)[];
}

/** Trains a model on the batches of a source. */
export class Trainer<M extends Model = Model> {
  readonly #metrics: Metrics;
  readonly #pacing = new Pacing(MOST_STEPS);
  readonly #programs: Programs;
  #config: TrainerConfig;
  #step = 0;
  #sampled = 0;
  #source: Source<FieldsOf<M>> | undefined;
  #loader: Loader<FieldsOf<M>> | undefined;
  #restore: LoaderState | undefined;
  #resetState = false;
  #running = false;
  #underWay: Promise<unknown> = Promise.resolve();
  #carriedSizes: Sizes | undefined;
  #writer: Writer<WriteOptionsOf<M>> | undefined;
  #generator: Generating | undefined;
  readonly #samples = new Sequence();
  #evaluator: Evaluator<M> | undefined;
  #predictor: Predictor<M> | undefined;
  #probe: GradientProbe | undefined;
  readonly #probes = new Sequence();

  private constructor(
    readonly model: M,
    config: TrainerConfig,
    readonly device: Device,
    readonly memory: Memory,
  ) {
    this.#config = config;
    this.#programs = new Programs(device, memory);
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
    const trainer = new Trainer(model, config, device, memory);
    try {
      const arena = {
        name: PARAMETERS,
        shape: [model.layout.elements],
        dtype: 'f32',
        kind: 'memory',
      } as const;
      await memory.ensure(arena);
      if (config.sizes) await trainer.#program(config.sizes, trainer.#parts[0]);
      await memory.write(PARAMETERS, model.initialParameters(config.seed));
      return trainer;
    } catch (error) {
      trainer.dispose();
      throw error;
    }
  }

  /** The options, complete. */
  get config(): TrainerConfig {
    return this.#config;
  }

  /** Steps done, and those under way while `run` is between two reports. */
  get step(): number {
    return this.#step;
  }

  /** The sizes of batches, such as `{ T: 25, N: 32 }`. @throws UnrolledError where they are not known */
  get sizes(): Sizes {
    const { sizes } = this.#config;
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
    const program = this.#programs.peek(this.sizes, this.#parts[0]);
    if (!program) throw new UnrolledError('The program of these sizes was disposed of.');
    return program;
  }

  /** Dispatches, buffers and bytes of one training step. @throws UnrolledError, see `program` */
  get plan(): PlanSummary {
    return this.program.summary;
  }

  /** Loss of guessing, as `loss` is reported; NaN where neither model nor source knows it. */
  get baseline(): number {
    return this.#metrics.uniformLoss;
  }

  get smoothLoss(): number {
    return this.#metrics.smoothLoss;
  }

  get progress(): TrainerProgress {
    const loader = this.#loader?.state() ?? this.#restore;
    return {
      step: this.#step,
      smoothLoss: this.#metrics.smoothLoss,
      skippedTotal: this.#metrics.skippedTotal,
      sampled: this.#sampled,
      ...(this.#resetState ? { reset: true } : {}),
      ...(loader ? { loader } : {}),
    };
  }

  /** Goes on where another trainer of the same model and options stood; the memory must hold its tensors. */
  restore(progress: TrainerProgress): void {
    this.#step = progress.step;
    this.#sampled = progress.sampled;
    this.#metrics.smoothLoss = progress.smoothLoss ?? NaN;
    this.#metrics.skippedTotal = progress.skippedTotal;
    this.#resetState = progress.reset ?? false;
    this.#restore = progress.loader;
    this.#loader = this.#source = undefined;
  }

  /**
   * Changes the learning rate from the next step on. Nothing is built anew; a schedule goes on from
   * the new rate.
   * @param group number of the parameter group. Default 0
   * @throws OptionError
   */
  setRate(rate: number, group = 0): void {
    const { groups } = this.#config;
    if (!(group in groups))
      throw new OptionError('group', group, `a number of a group, 0 to ${groups.length - 1}`);
    const changed = groups.map((each, i) =>
      i === group ? { ...each, optimizer: withRate(each.optimizer, rate) } : each,
    );
    this.#config = { ...this.#config, groups: changed, optimizer: changed[0].optimizer };
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
    onlyKnown('run', options, ['steps', 'epochs', 'signal']);
    const loader = this.#attach(source);
    const { signal } = options;
    let left = options.steps ?? Infinity;
    if (options.epochs !== undefined) {
      const batches = wholeNumber('epochs', options.epochs) * loader.batchesPerEpoch;
      left = Math.min(left, Math.max(1, Math.floor(batches / this.#config.accumulate)));
    }
    if (left !== Infinity) wholeNumber('steps', left);
    const queue: StepUnderWay[][] = [];
    this.#running = true;
    try {
      while (left > 0 || queue.length > 0) {
        while (left > 0 && queue.length < IN_FLIGHT && signal?.aborted !== true) {
          const count = this.#pacing.next(left);
          if (queue.length === 0) this.#pacing.begin(performance.now());
          const steps = await this.#submit(loader, count);
          queue.push(steps);
          left -= steps.length;
        }
        const first = queue.shift();
        if (!first) return;
        yield* await this.#collect(first);
      }
    } finally {
      await Promise.allSettled(queue.map((steps) => this.#collect(steps)));
      this.#running = false;
    }
  }

  /** Starts the next batch from zero states, or from the learned ones. */
  resetState(): void {
    this.#resetState = true;
  }

  /** Loss and measures of the model on a source. Training goes on unchanged. */
  async evaluate(source: Source<FieldsOf<M>>, options: EvaluateOptions = {}): Promise<Evaluation> {
    this.#evaluator ??= new Evaluator(this.model, this.device, this.memory);
    return this.#evaluator.run(source, options);
  }

  /**
   * Predictions for records without targets, in a user's terms and in their order. Training goes on
   * unchanged; dropout is off.
   * @throws OptionError where no data set is known, DataError for a record that does not fit
   */
  async predict(rows: Iterable<object>, options: PredictOptions = {}): Promise<PredictionOf<M>[]> {
    this.#predictor ??= new Predictor(this.model, this.device, this.memory);
    return this.#predictor.run(rows, options, this.#source);
  }

  /**
   * How large the gradients of the states are, by layer and time step, and what clipping does.
   * Training goes on unchanged; dropout is off.
   * @param source a batch, or a source of which the next batch to be trained is taken
   */
  gradientFlow(source: Source<FieldsOf<M>> | Batch<FieldsOf<M>>): Promise<GradientFlow> {
    return this.#probes.run(async () => {
      const { loss, clip } = this.#config;
      this.#probe ??= new GradientProbe(this.model, { loss, clip }, this.device, this.memory);
      const isBatch = (given: typeof source): given is Batch<FieldsOf<M>> =>
        typeof given === 'object' && given !== null && 'arrays' in given;
      return this.#probe.measure(isBatch(source) ? source : await this.#nextBatch(source));
    });
  }

  /** What the next step trains on; it will still be the next after this. */
  async #nextBatch(source: Source<FieldsOf<M>>): Promise<Batch<FieldsOf<M>>> {
    const state = this.#attach(source).state();
    const ahead = this.#loaderOf(source);
    ahead.restore(state);
    const batch = await ahead.next();
    return this.#resetState ? withoutStates(batch) : batch;
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
    return this.#samples.run(() =>
      this.#sample(options === undefined ? ({} as WriteOptionsOf<M>) : options, onPiece),
    );
  }

  async #sample(options: WriteOptionsOf<M>, onPiece?: (piece: string) => void): Promise<string> {
    this.#writer ??= await openWriter(this.model, this.device, this.memory);
    const { seed, sampling } = this.#config;
    if (typeof options !== 'object' || options === null || Array.isArray(options))
      throw new OptionError('sample', options, 'an object with options of the sample');
    const ownSeed = (options as { readonly seed?: number }).seed !== undefined;
    const place = ownSeed ? {} : { seed, position: this.#sampled };
    const initial = sampling === 'pointer' ? { initial: await this.#carried() } : {};
    let text = '';
    const all = { ...place, ...initial, ...(options as object) } as WriteOptionsOf<M>;
    for await (const piece of this.#writer.stream(all)) {
      text += piece;
      onPiece?.(piece);
    }
    if (!ownSeed) this.#sampled += this.#writer.drawn(options);
    return text;
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
    return (this.#generator ??= openGenerator(this.model, this.device, this.memory)) as GeneratorOf<M>;
  }

  /** The carried states of the single row. */
  async #carried(): Promise<Record<string, Float32Array>> {
    const states = this.#stateNames.map(
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
    const { layout, moduleNames } = this.model;
    const { arena, match } = packMatched(layout, values, moduleNames, options);
    await this.memory.write(PARAMETERS, arena);
    return match;
  }

  /** Memory tensors that make up the state of training, by name: parameters, optimizer state and carried states. */
  get memoryTensors(): string[] {
    return [
      PARAMETERS,
      ...optimizerTensors(this.#config),
      ...this.#stateNames.map((name) => carriedStateName('train', name)),
    ];
  }

  /** Frees what the trainer holds on the device. */
  dispose(): void {
    this.#writer?.dispose();
    this.#generator?.dispose();
    this.#evaluator?.dispose();
    this.#predictor?.dispose();
    this.#probe?.dispose();
    this.#programs.dispose();
    this.memory.dispose();
  }

  get #stateNames(): string[] {
    return Object.keys(this.model.states ?? {});
  }

  /** The parts of a step, in order. */
  get #parts(): StepPart[] {
    const { accumulate } = this.#config;
    if (accumulate === 1) return ['whole'];
    return ['first', ...Array.from({ length: accumulate - 2 }, (): StepPart => 'next'), 'last'];
  }

  #program(sizes: Sizes, part: StepPart): Promise<Program> {
    const { loss, clip, groups, frozen } = this.#config;
    const graph = () => trainingGraph(this.model, { sizes, loss, clip, grouping: { groups, frozen }, part });
    return this.#programs.get(sizes, part, graph);
  }

  #attach(source: Source<FieldsOf<M>>): Loader<FieldsOf<M>> {
    if (this.#loader && this.#source === source) return this.#loader;
    checkFields(this.model.fields, source);
    this.model.checkSource?.(source);
    const loader = this.#loaderOf(source);
    if (this.#restore) loader.restore(this.#restore);
    this.#restore = undefined;
    this.#source = source;
    this.#metrics.baseline = source.baseline ?? this.model.baseline;
    return (this.#loader = loader);
  }

  #loaderOf(source: Source<FieldsOf<M>>): Loader<FieldsOf<M>> {
    const { sampling, batch, time, seed, carry } = this.#config;
    return source.loader({
      sampling,
      carry,
      seed,
      ...(batch === undefined ? {} : { batch }),
      ...(time === undefined ? {} : { time }),
    });
  }

  /** Reads and hands over the batches of `count` steps; neighbours of one size go in one submit. */
  async #submit(loader: Loader<FieldsOf<M>>, count: number): Promise<StepUnderWay[]> {
    if (this.#programs.full) {
      await this.#underWay;
      this.#programs.trim();
    }
    const parts = this.#parts;
    const submits: { readonly program: Program; readonly feeds: Feeds[] }[] = [];
    const steps: (StepFacts & { readonly places: (readonly [submit: number, place: number])[] })[] = [];
    for (let step = this.#step + 1; step <= this.#step + count; step++) {
      const batches: Batch<FieldsOf<M>>[] = [];
      for (let i = 0; i < parts.length; i++) batches.push(await this.#read(loader));
      const targets = batches.reduce((sum, batch) => sum + batch.count, 0);
      const { epoch } = batches[0];
      const places: (readonly [number, number])[] = [];
      for (const [i, part] of parts.entries()) {
        const program = await this.#program(batches[i].sizes, part);
        const last = submits.at(-1);
        if (last?.program !== program || last.feeds.length >= program.maxSteps)
          submits.push({ program, feeds: [] });
        const place = submits[submits.length - 1].feeds.push(
          this.#feeds(batches[i], part, step, epoch, targets),
        );
        places.push([submits.length - 1, place - 1]);
      }
      steps.push({ step, epoch, rate: this.#rate(0, step, epoch), count: targets, places });
    }
    this.#step += count;
    const sent = submits.map(({ program, feeds }) => program.submit(feeds));
    // They are awaited later; until then a failure must not count as unhandled.
    this.#underWay = Promise.allSettled(sent);
    return steps.map(({ places, ...facts }) => ({
      ...facts,
      reports: places.map(
        ([submit, place]) =>
          async () =>
            (await sent[submit])[place],
      ),
    }));
  }

  async #read(loader: Loader<FieldsOf<M>>): Promise<Batch<FieldsOf<M>>> {
    const next = loader.next();
    let batch = next instanceof Promise ? await next : next;
    checkBatchOf(this.model, batch);
    this.#checkCarriedSizes(batch.sizes);
    if (this.#resetState) batch = withoutStates(batch);
    this.#resetState = false;
    return batch;
  }

  /** States are carried row by row: the number of rows must not change. */
  #checkCarriedSizes({ N }: Sizes): void {
    if (this.#stateNames.length === 0) return;
    this.#carriedSizes ??= this.#config.sizes ?? { N };
    const rows = this.#carriedSizes.N;
    if (N !== rows)
      throw new DataError(
        `The model carries states of ${rows} rows from batch to batch, but the source gave a batch of ` +
          `N = ${N} rows. Give all batches the same number of rows.`,
      );
  }

  #rate(group: number, step: number, epoch: number): number {
    const { groups, schedule } = this.#config;
    return rateAt(schedule, step, epoch, groups[group].optimizer.options.rate as number);
  }

  #feeds(batch: Batch, part: StepPart, step: number, epoch: number, total: number): Feeds {
    const { groups, seed, loss } = this.#config;
    const feeds: Record<string, Feeds[string]> = {};
    for (const name of Object.keys(this.model.fields)) feeds[name] = batch.arrays[name];
    if (loss === 'mean') feeds[COUNT] = Float32Array.of(Math.max(total, 1));
    Object.assign(feeds, this.model.drawn?.draw({ seed, step, sizes: batch.sizes }));
    if (this.model.usesDropout) feeds[KEY] = Uint32Array.of(seed, step);
    if (part === 'whole' || part === 'last')
      for (const [group, { optimizer }] of groups.entries())
        feeds[hyperName(group)] = optimizer.hyper(step, this.#rate(group, step, epoch));
    return feeds;
  }

  async #collect(steps: readonly StepUnderWay[]): Promise<StepReport[]> {
    const arrived: Reports[][] = [];
    for (const { reports } of steps) arrived.push(await Promise.all(reports.map((report) => report())));
    this.#pacing.arrived(steps.length, performance.now());
    return steps.map((facts, i) => {
      const report = arrived[i].at(-1)?.[REPORT] ?? [];
      const earlier = arrived[i].slice(0, -1).reduce((sum, { [TOTAL_LOSS]: [loss] }) => sum + loss, 0);
      return this.#metrics.next(facts, earlier + report[0], report);
    });
  }
}

/** Names of the optimizers' state tensors, each once. */
export function optimizerTensors({ groups }: Pick<TrainerConfig, 'groups'>): string[] {
  return [...new Set(groups.flatMap(({ optimizer }) => optimizer.stateTensors))];
}

/** The batch with all rows starting anew. */
function withoutStates<B extends Batch>(batch: B): B {
  const { keep } = batch.arrays;
  if (!keep) return batch;
  return { ...batch, arrays: { ...batch.arrays, keep: new Float32Array(keep.length) } };
}

async function openWriter<M extends Model>(
  model: M,
  device: Device,
  memory: Memory,
): Promise<Writer<WriteOptionsOf<M>>> {
  const writing = model as Partial<WritingModel<WriteOptionsOf<M>>>;
  if (!writing.openWriter)
    throw new UnrolledError(`A ${model.kind} model does not write: it has no samples.`);
  return writing.openWriter(device, memory);
}

function openGenerator(model: Model, device: Device, memory: Memory): Generating {
  const generating = model as Partial<GeneratingModel>;
  if (!generating.openGenerator)
    throw new UnrolledError(`A ${model.kind} model does not generate sequences.`);
  return generating.openGenerator(device, memory);
}

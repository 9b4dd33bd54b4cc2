import { setTimeout as sleep } from 'node:timers/promises';
import {
  openFolderExchange,
  openQueueExchange,
  type FolderExchange,
  readCheckpointFile,
  resumeTrainer,
  Trainer,
  type Checkpoint,
  type OptimizerSpec,
  type StateDict,
  type TrainerOptions,
} from '../../node.js';
import { readOuter, SpreadWorker, VERSION, type Model, type Terms } from '../../graph.js';
import { warnOfReplaced } from '../event-output.js';
import type { TrainFlags } from '../options.js';
import type { StoredRun, RunPlan } from '../run-plan.js';
import { troubleReporter } from '../sweep/queue-warnings.js';
import { recordsTask } from '../task/foreign-options.js';
import type { Terminal } from '../terminal.js';
import type { Training } from '../training.js';
import { EXCHANGE_EVERY, type SpreadPlace } from './options.js';
import { spreadTraining } from './spread-training.js';
import { WorkerFiles } from './worker-files.js';

/**
 * Opens the exchange of a run.
 * @throws UnrolledError if a server cannot be reached, or another process is this worker
 */
export async function openExchange(
  { folder, worker, queue }: SpreadPlace,
  terminal: Terminal,
): Promise<FolderExchange> {
  return queue === undefined
    ? openFolderExchange(folder, worker)
    : openQueueExchange(queue, folder, troubleReporter(queue, terminal));
}

/** What a worker needs to join a run. */
interface Joining<M extends Model> {
  readonly terminal: Terminal;
  readonly place: SpreadPlace;
  readonly exchange: FolderExchange;
  readonly flags: TrainFlags;
  readonly model: M;
  /** Options of the trainer with the device; the seed is that of the run. */
  readonly options: TrainerOptions & { readonly optimizer: OptimizerSpec };
  /** Initial weights instead of those of the seed. */
  readonly weights: StateDict | undefined;
  readonly plan: RunPlan;
  /** The data of the run, as terms. */
  readonly data: Terms;
  /** Makes the training of one process. */
  readonly training: (trainer: Trainer<M>, validationLosses: readonly number[]) => Training;
}

/**
 * Joins a spread run as one of its workers: agrees on its terms, and continues from the last round
 * of this worker, if there is one.
 * @throws OptionError naming a term that differs
 */
export async function joinRun<M extends Model>(joining: Joining<M>): Promise<Training> {
  const { place, exchange, flags, model, weights, options, plan } = joining;
  const { workers, worker } = place;
  const every = flags.exchangeEvery ?? EXCHANGE_EVERY;
  const { outerRate: rate, outerMomentum: momentum, roundWait } = flags;
  const outer = readOuter({
    ...(rate === undefined ? {} : { rate }),
    ...(momentum === undefined ? {} : { momentum }),
  });
  const terms: Terms = {
    unrolled: VERSION,
    exchange: place.queue === undefined ? 'folder' : 'queue',
    workers,
    'exchange-every': every,
    'outer-rate': outer.rate,
    'outer-momentum': outer.momentum,
    'round-wait': roundWait ?? 'no limit',
    steps: plan.steps,
    ...joining.data,
    ...plainTerms(model.config),
    ...plainTerms({ ...options, ...options.optimizer.options, optimizer: options.optimizer.kind }),
    schedule: JSON.stringify(options.schedule),
  };
  await exchange.agree(terms, worker);
  const files = new WorkerFiles(place);
  const round = files.newest();
  await files.tidy(round ?? 0);
  // Each shard has its own order and masks. The first worker equals an ordinary run.
  const seed = ((options.seed ?? 0) + worker) >>> 0;
  let trainer: Trainer<M>;
  let validationLosses: readonly number[] = [];
  if (round === undefined) {
    trainer = await Trainer.create(model, { ...options, seed });
    const start = weights ?? model.layout.unpack(model.initialParameters(options.seed ?? 0));
    await trainer.loadParameters(start);
  } else {
    // The terms guarantee that this worker's checkpoint is of the same model.
    const checkpoint = (await readCheckpointFile(files.checkpoint(round))) as unknown as Checkpoint<M>;
    ({ validationLosses } = checkpoint.extra.run as StoredRun);
    trainer = await resumeTrainer(checkpoint, options.device, {
      onVariantsReplaced: warnOfReplaced(joining.terminal, flags.json === true),
    });
  }
  const patience =
    roundWait === undefined
      ? undefined
      : (signal: AbortSignal): Promise<void> => sleep(1000 * roundWait, undefined, { signal });
  const spread = { exchange, workers, worker, outer, ...(patience && { patience }) };
  const state = round === undefined ? undefined : await files.readState(round);
  return spreadTraining(
    joining.training(trainer, validationLosses),
    await SpreadWorker.create(trainer, spread, state),
    files,
    every,
    (step) => trainer.restore({ ...trainer.progress, step }, trainer.reading),
  );
}

/** Returns the options with plain values, which messages can name. */
function plainTerms(options: object): Terms {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}

/**
 * Returns the options of a worker: the first writes the outputs of the run, the others write a log
 * beside their state.
 * @param flags of the run
 */
export function flagsOfWorker(flags: TrainFlags, place: SpreadPlace): TrainFlags {
  if (place.worker === 0) return flags;
  const { out, csv, tensorboard, overwrite, checkpointEvery, ...rest } = flags;
  // Records and made-up tasks have no samples, and reject the option.
  const isText = recordsTask(flags) === undefined && (flags.task ?? 'text') === 'text';
  return {
    ...rest,
    ...(isText ? { sampleEvery: 0 } : {}),
    gradientFlow: false,
    log: new WorkerFiles(place).log,
  };
}

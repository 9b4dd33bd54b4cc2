import {
  FolderExchange,
  readCheckpointFile,
  resumeTrainer,
  Trainer,
  type OptimizerSpec,
  type StateDict,
  type TrainerOptions,
} from '../../node.js';
import { readOuter, SpreadWorker, VERSION, type CharModel, type Terms } from '../../graph.js';
import type { TrainFlags } from '../options.js';
import type { Remembered, RunPlan } from '../run-plan.js';
import { textTraining, type TextTraining } from '../text-training.js';
import type { Training } from '../training.js';
import { EXCHANGE_EVERY, type SpreadPlace } from './options.js';
import { spreadTraining } from './training.js';
import { WorkerFiles } from './worker-files.js';

/** What a worker brings. */
interface Joining {
  readonly place: SpreadPlace;
  readonly flags: TrainFlags;
  readonly model: CharModel;
  /** Of the trainer, with the device; the seed is that of the run. */
  readonly options: TrainerOptions & { readonly optimizer: OptimizerSpec };
  /** What the run starts from in place of the seed. */
  readonly weights: StateDict | undefined;
  readonly plan: RunPlan;
  readonly seen: Pick<Remembered, 'text' | 'fingerprint' | 'validation'>;
  /** The training of one process. */
  readonly parts: Omit<TextTraining, 'trainer' | 'validationLosses'>;
}

/**
 * Joins a spread run as one of its workers: agrees on its terms, and goes on from the last round of this
 * worker, if there is one.
 * @throws OptionError naming a term that differs
 */
export async function joinRun({ place, flags, model, weights, ...rest }: Joining): Promise<Training> {
  const { options, plan, seen, parts } = rest;
  const { folder, workers, worker } = place;
  const every = flags.exchangeEvery ?? EXCHANGE_EVERY;
  const { outerRate: rate, outerMomentum: momentum } = flags;
  const outer = readOuter({
    ...(rate === undefined ? {} : { rate }),
    ...(momentum === undefined ? {} : { momentum }),
  });
  const exchange = new FolderExchange(folder);
  await exchange.agree({
    unrolled: VERSION,
    workers,
    'exchange-every': every,
    'outer-rate': outer.rate,
    'outer-momentum': outer.momentum,
    steps: plan.steps,
    text: JSON.stringify(seen.fingerprint ?? {}),
    validation: seen.validation,
    ...plainTerms(model.config),
    ...plainTerms({ ...options, ...options.optimizer.options, optimizer: options.optimizer.kind }),
    schedule: JSON.stringify(options.schedule),
  });
  const files = new WorkerFiles(place);
  const round = files.newest();
  // Shards have an order and masks of their own. The first worker is the one of an ordinary run.
  const seed = ((options.seed ?? 0) + worker) >>> 0;
  let trainer: Trainer<CharModel>;
  let validationLosses: readonly number[] = [];
  if (round === undefined) {
    trainer = await Trainer.create(model, { ...options, seed });
    const start = weights ?? model.layout.unpack(model.initialParameters(options.seed ?? 0));
    await trainer.loadParameters(start);
  } else {
    const checkpoint = await readCheckpointFile(files.checkpoint(round));
    ({ validationLosses } = checkpoint.extra.run as Remembered);
    trainer = await resumeTrainer(checkpoint, options.device);
  }
  const spread = { exchange, workers, worker, outer };
  const state = round === undefined ? undefined : await files.readState(round);
  return spreadTraining(
    textTraining({ ...parts, trainer, validationLosses }),
    await SpreadWorker.create(trainer, spread, state),
    files,
    every,
  );
}

/** Options with plain values, which messages can name. */
function plainTerms(options: object): Terms {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}

/**
 * The options of a worker: the first one writes for all, the others write a log beside their state.
 * @param flags of the run
 */
export function flagsOfWorker(flags: TrainFlags, place: SpreadPlace): TrainFlags {
  if (place.worker === 0) return flags;
  const { out, csv, tensorboard, overwrite, checkpointEvery, ...rest } = flags;
  return { ...rest, sampleEvery: 0, gradientFlow: false, log: new WorkerFiles(place).log };
}

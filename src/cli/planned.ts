import { Corpus, Vocabulary, type OptimizerSpec } from '../node.js';
import {
  type CharModel,
  evaluationGraph,
  samplingGraph,
  stepOptions,
  taskModel,
  trainingGraph,
  type Graph,
  type Material,
  type Model,
  type Probe,
  type TaskName,
} from '../graph.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import type { BackendName, MachineFlags, RecipeFlags } from './options.js';
import { changesOf, modelOf, presetOf } from './recipe.js';
import { recordsTask, refuseRecordOptions } from './task/refuse.js';
import { chosenRecords, prepareTask } from './task/train.js';
import { readTaskWeights } from './task/weights.js';
import { openTask, taskSource } from './tasks.js';
import { openText, textSource } from './texts.js';

/** What a plan can be of. */
export const PLAN_KINDS = ['training', 'evaluation', 'sampling'] as const;

/** All options of `plan`. */
export interface PlanFlags extends RecipeFlags, MachineFlags {
  readonly of?: (typeof PLAN_KINDS)[number];
  /** V, in place of a text. */
  readonly vocabulary?: number;
  /** Plans for a software adapter with few lanes. */
  readonly software?: boolean;
  /** Whether steps of training are timed too. */
  readonly measure?: boolean;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** What a plan is of. */
export interface Planned {
  readonly model: Model;
  readonly graph: Graph;
  readonly optimizer: OptimizerSpec;
  /** Milliseconds of a step of training. */
  readonly measure: Probe;
  readonly dispose: () => void;
}

/** The graph that the options describe. @throws UsageError for options that do not go together */
export function planned(flags: PlanFlags): Promise<Planned> {
  if (flags.measure !== true && (flags.backend ?? flags.threads) !== undefined)
    throw new UsageError('--backend and --threads are about --measure: a plan itself needs no device.');
  if (flags.measure === true && flags.of !== undefined && flags.of !== 'training')
    throw new UsageError(`--measure times steps of training, not of ${flags.of}.`);
  const task = recordsTask(flags);
  if (task !== undefined) return plannedTask(task, flags);
  refuseRecordOptions(flags);
  return plannedText(flags);
}

/** A step over a text, or over a made-up task. */
async function plannedText(flags: PlanFlags): Promise<Planned> {
  const source = taskSource(flags);
  const material = source && openTask(source);
  const options = stepOptions(presetOf(flags), changesOf(flags), material);
  const corpus = material ? undefined : await textOf(flags, options);
  const learnt = material?.source ?? corpus;
  if (!learnt) throw new UsageError('A plan needs a text, or --vocabulary N in its place.');
  const model = taskModel({ vocabulary: learnt.vocabulary, ...modelOf(flags, undefined) });
  return {
    model,
    graph: graphOf(flags, model, material),
    optimizer: options.optimizer,
    measure: trainingProbe(model, learnt, options),
    dispose: () => corpus?.dispose(),
  };
}

/** The text; in its place the same symbol over and over, for two windows and a target. */
function textOf(
  flags: PlanFlags,
  { batch, time }: { readonly batch: number; readonly time: number },
): Promise<Corpus> {
  if (flags.vocabulary === undefined) return openText(textSource(flags, presetOf(flags).text));
  const ids = new Uint32Array(batch * (2 * time + 1));
  return Promise.resolve(Corpus.fromIds(ids, { vocabulary: Vocabulary.ofNumbers(flags.vocabulary) }));
}

function graphOf(flags: PlanFlags, model: CharModel, task: Material | undefined): Graph {
  const options = stepOptions(presetOf(flags), changesOf(flags), task);
  const { optimizer, clip = {}, loss = 'mean' } = options;
  const sizes = { T: options.time, N: options.batch };
  if (flags.of === 'sampling') return samplingGraph(model);
  return flags.of === 'evaluation'
    ? evaluationGraph(model, { sizes })
    : trainingGraph(model, { sizes, loss, clip, optimizer });
}

/** A step on a batch of the largest size of the records. */
async function plannedTask(task: TaskName, typed: PlanFlags): Promise<Planned> {
  if (typed.of === 'sampling' || typed.vocabulary !== undefined)
    throw new UsageError(`--of sampling and --vocabulary are of texts, not of --task ${task}.`);
  const { flags, place } = await chosenRecords(task, typed);
  const { learnt, options, sizes, source } = await prepareTask(
    ...([task, flags, place, await readTaskWeights(task, typed)] as const),
  );
  const { model } = learnt;
  const { optimizer, clip = {}, loss = 'mean' } = options;
  const graph =
    typed.of === 'evaluation'
      ? evaluationGraph(model, { sizes })
      : trainingGraph(model, { sizes, loss, clip, optimizer });
  return {
    ...{ model, graph, optimizer },
    measure: trainingProbe(model, source, { ...options, sizes }),
    dispose: () => undefined,
  };
}

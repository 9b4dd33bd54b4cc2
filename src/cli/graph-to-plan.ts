import { Corpus, Vocabulary, type OptimizerSpec } from '../node.js';
import {
  type CharModel,
  checkSameSymbols,
  evaluationGraph,
  packMatched,
  RECORDS_PRESET,
  samplingGraph,
  scheduleKind,
  stepOptions,
  taskModel,
  trainingGraph,
  type Graph,
  type TrainingData,
  type Model,
  type Probe,
  type TaskName,
} from '../graph.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import type { BackendName, MachineFlags, RecipeFlags } from './options.js';
import { changesOf, checkScheduleOptions, modelOf, presetOf } from './recipe.js';
import { recordsTask, refuseRecordOptions } from './task/foreign-options.js';
import { chosenRecords, prepareTask } from './task/train.js';
import { readTaskWeights } from './task/starting-weights.js';
import { openTask, taskSource } from './made-up-task.js';
import { openText, textSource } from './text-source.js';
import { refuseUnused } from './unused-options.js';
import { startingWeights } from './starting-weights.js';

/** Kinds of plans. */
export const PLAN_KINDS = ['training', 'evaluation', 'sampling'] as const;

/** All options of `plan`. */
export interface PlanFlags extends RecipeFlags, MachineFlags {
  readonly of?: (typeof PLAN_KINDS)[number];
  /** V, for a plan without a text. */
  readonly vocabulary?: number;
  /** Plans for a software adapter, which has few lanes. */
  readonly software?: boolean;
  /** Whether training steps are timed, too. */
  readonly measure?: boolean;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** A graph to plan, with its model. */
export interface Planned {
  readonly model: Model;
  readonly graph: Graph;
  readonly optimizer: OptimizerSpec;
  /** Measures a training step. */
  readonly measure: Probe;
  readonly dispose: () => void;
}

/** The graph that the options describe. @throws UsageError for options that exclude each other */
export function planned(flags: PlanFlags): Promise<Planned> {
  if (flags.measure !== true)
    refuseUnused(
      flags,
      ['backend', 'threads', 'relaxed', 'tune'],
      'only used with --measure, because a plan needs no device',
    );
  if (flags.measure === true && flags.of !== undefined && flags.of !== 'training')
    throw new UsageError(
      `--measure times training steps only, but --of is ${flags.of}: leave one of them out.`,
    );
  const task = recordsTask(flags);
  if (task !== undefined) return plannedTask(task, flags);
  refuseRecordOptions(flags);
  return plannedText(flags);
}

/** A step over a text or a made-up task. */
async function plannedText(flags: PlanFlags): Promise<Planned> {
  const source = taskSource(flags);
  if (flags.vocabulary !== undefined)
    refuseUnused(
      flags,
      ['corpus', 'text', 'ids', 'newlines', 'limit', 'minCount', ...(source ? (['task'] as const) : [])],
      'not used with --vocabulary, which replaces the text or the task',
    );
  checkScheduleOptions(scheduleKind(presetOf(flags), changesOf(flags)), flags);
  const weights = await startingWeights(flags);
  const trainingData = source && openTask(source);
  const options = stepOptions(presetOf(flags), changesOf(flags), trainingData);
  const corpus = trainingData ? undefined : await textOf(flags, options, weights?.vocabulary);
  const learnt = trainingData?.source ?? corpus;
  if (!learnt) throw new UsageError('A plan needs a text, or --vocabulary N instead of it.');
  if (weights?.vocabulary)
    checkSameSymbols(weights.vocabulary, learnt.vocabulary, trainingData?.called ?? 'the text');
  const model = taskModel({ vocabulary: learnt.vocabulary, ...modelOf(flags, weights) });
  // Checks that the weights fit, as training would.
  if (weights) packMatched(model.layout, weights.parameters, model.moduleNames, {});
  return {
    model,
    graph: graphOf(flags, model, trainingData),
    optimizer: options.optimizer,
    measure: trainingProbe(model, learnt, options),
    dispose: () => corpus?.dispose(),
  };
}

/** Most symbols that --measure generates. */
const MOST_SYMBOLS = 1e8;

/** The text, or instead of it one symbol repeated for two windows and a target. */
function textOf(
  flags: PlanFlags,
  { batch, time }: { readonly batch: number; readonly time: number },
  known: Vocabulary | undefined,
): Promise<Corpus> {
  if (flags.vocabulary === undefined) return openText(textSource(flags, presetOf(flags).text), known);
  if (known) refuseUnused(flags, ['vocabulary'], 'the symbols are those of the checkpoint of --init-from');
  // A plan without --measure reads no symbol.
  const count = flags.measure === true ? batch * (2 * time + 1) : 2;
  if (count > MOST_SYMBOLS)
    throw new UsageError(
      `--batch ${batch} and --time ${time}: --measure needs ${count} symbols, but the limit is ${MOST_SYMBOLS}. Choose smaller values.`,
    );
  return Promise.resolve(
    Corpus.fromIds(new Uint32Array(count), { vocabulary: Vocabulary.ofNumbers(flags.vocabulary) }),
  );
}

function graphOf(flags: PlanFlags, model: CharModel, task: TrainingData | undefined): Graph {
  const options = stepOptions(presetOf(flags), changesOf(flags), task);
  const { optimizer, clip = {}, loss = 'mean', precision = 'single' } = options;
  const sizes = { T: options.time, N: options.batch };
  if (flags.of === 'sampling') return samplingGraph(model);
  return flags.of === 'evaluation'
    ? evaluationGraph(model, { sizes })
    : trainingGraph(model, { sizes, loss, clip, optimizer, precision });
}

/** A step over a batch of the largest size of the records. */
async function plannedTask(task: TaskName, typed: PlanFlags): Promise<Planned> {
  if (typed.of === 'sampling' || typed.vocabulary !== undefined)
    throw new UsageError(
      `--of sampling and --vocabulary apply only to texts, not to --task ${task}: leave them out.`,
    );
  const { flags, place } = await chosenRecords(task, typed);
  checkScheduleOptions(scheduleKind(RECORDS_PRESET, changesOf(flags)), flags);
  const { learnt, options, sizes, source } = await prepareTask(
    ...([task, flags, place, await readTaskWeights(task, typed)] as const),
  );
  const { model } = learnt;
  const { optimizer, clip = {}, loss = 'mean', precision = 'single' } = options;
  const graph =
    typed.of === 'evaluation'
      ? evaluationGraph(model, { sizes })
      : trainingGraph(model, { sizes, loss, clip, optimizer, precision });
  return {
    ...{ model, graph, optimizer },
    measure: trainingProbe(model, source, { ...options, sizes }),
    dispose: () => undefined,
  };
}

import { Vocabulary, type OptimizerSpec } from '../node.js';
import {
  type CharModel,
  taskModel,
  compile,
  evaluationGraph,
  formatBytes,
  ops,
  planTargetOf,
  printPlan,
  samplingGraph,
  stepOptions,
  summarize,
  trainingGraph,
  type Graph,
  type Material,
  type Model,
  type TaskName,
} from '../graph.js';
import { UsageError } from './failure.js';
import { count } from './lines.js';
import type { RecipeFlags } from './options.js';
import { changesOf, modelOf, presetOf } from './recipe.js';
import type { Services } from './session.js';
import { checkComplete, placeOf } from './task/data.js';
import { recordsTask, refuseForeign, refuseRecordOptions } from './task/refuse.js';
import { prepareTask } from './task/train.js';
import { openTask, taskSource } from './tasks.js';
import { openText, textSource } from './texts.js';

/** What a plan can be of. */
export const PLAN_KINDS = ['training', 'evaluation', 'sampling'] as const;

/** All options of `plan`. */
export interface PlanFlags extends RecipeFlags {
  readonly of?: (typeof PLAN_KINDS)[number];
  /** V, in place of a text. */
  readonly vocabulary?: number;
  /** Plans for a software adapter with few lanes. */
  readonly software?: boolean;
  readonly json?: boolean;
}

/**
 * `unrolled plan`: the launches of one step, as plain data, without a GPU.
 * @returns the exit status
 */
export async function runPlan(flags: PlanFlags, services: Services): Promise<number> {
  const { model, graph, optimizer } = await planned(flags);
  const { terminal } = services;
  const plan = await compile(
    graph,
    ops,
    planTargetOf({ hardware: flags.software !== true, features: ['subgroups'] }),
  );
  if (!flags.json) {
    terminal.out(`${printPlan(plan)}\n${parametersLine(model, optimizer)}\n`);
    return 0;
  }
  const launches = plan.launches.map(({ kernel, from, grid, constants, uniforms, tensors }) => ({
    kernel: kernel.name,
    from,
    grid,
    constants,
    ...(uniforms ? { uniforms } : {}),
    tensors,
  }));
  terminal.out(
    `${JSON.stringify({ event: 'plan', parameters: model.layout.count, ...summarize(plan), launches })}\n`,
  );
  return 0;
}

/** What the plan is of. */
interface Planned {
  readonly model: Model;
  readonly graph: Graph;
  readonly optimizer: OptimizerSpec;
}

async function planned(flags: PlanFlags): Promise<Planned> {
  const task = recordsTask(flags);
  if (task !== undefined) return plannedTask(task, flags);
  refuseRecordOptions(flags);
  const source = taskSource(flags);
  const material = source && openTask(source);
  const model = taskModel({
    vocabulary: material?.source.vocabulary ?? (await vocabularyOf(flags)),
    ...modelOf(flags, undefined),
  });
  const { optimizer } = stepOptions(presetOf(flags), changesOf(flags), material);
  return { model, graph: graphOf(flags, model, material), optimizer };
}

/** A step on a batch of the largest size of the records. */
async function plannedTask(task: TaskName, flags: PlanFlags): Promise<Planned> {
  refuseForeign(task, flags);
  if (flags.of === 'sampling' || flags.vocabulary !== undefined)
    throw new UsageError(`--of sampling and --vocabulary are of texts, not of --task ${task}.`);
  const place = placeOf(flags, true);
  checkComplete(task, place);
  const { learnt, options, sizes } = await prepareTask(task, flags, place);
  const { model } = learnt;
  const { optimizer, clip = {}, loss = 'mean' } = options;
  const graph =
    flags.of === 'evaluation'
      ? evaluationGraph(model, { sizes })
      : trainingGraph(model, { sizes, loss, clip, optimizer });
  return { model, graph, optimizer };
}

/** Parameters, and what they need with their gradients and the optimizer's state. */
function parametersLine({ layout }: Model, { stateTensors }: OptimizerSpec): string {
  const bytes = layout.elements * Float32Array.BYTES_PER_ELEMENT;
  return (
    `${count(layout.count)} parameters: ${formatBytes(bytes)}, with gradients and optimizer ` +
    formatBytes(bytes * (2 + stateTensors.length))
  );
}

async function vocabularyOf(flags: PlanFlags): Promise<Vocabulary> {
  if (flags.vocabulary !== undefined) return Vocabulary.ofNumbers(flags.vocabulary);
  const corpus = await openText(textSource(flags, presetOf(flags).text));
  corpus.dispose();
  return corpus.vocabulary;
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

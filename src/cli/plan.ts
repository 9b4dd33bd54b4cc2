import { Vocabulary } from '../node.js';
import {
  type CharModel,
  taskModel,
  compile,
  evaluationGraph,
  ops,
  planTargetOf,
  printPlan,
  samplingGraph,
  stepOptions,
  summarize,
  trainingGraph,
  type Graph,
  type Material,
} from '../graph.js';
import type { RecipeFlags } from './options.js';
import { changesOf, modelOf, presetOf } from './recipe.js';
import { openTask, taskSource } from './tasks.js';
import type { Services } from './session.js';
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
export async function runPlan(flags: PlanFlags, { terminal }: Services): Promise<number> {
  const source = taskSource(flags);
  const task = source && openTask(source);
  const model = taskModel({
    vocabulary: task?.source.vocabulary ?? (await vocabularyOf(flags)),
    ...modelOf(flags, undefined),
  });
  const plan = await compile(
    graphOf(flags, model, task),
    ops,
    planTargetOf({ hardware: flags.software !== true, features: ['subgroups'] }),
  );
  if (!flags.json) {
    terminal.out(`${printPlan(plan)}\n`);
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

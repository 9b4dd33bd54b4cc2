import { checkMemory, checkStepCount } from './check-device.js';
import { compileLoaded } from './compile.js';
import type { Feeds, Memory } from './device.js';
import { checkGraph, type Graph } from './graph.js';
import { loadOpsOf, type LoadedOps, type OpRegistry } from './op.js';
import type { PlanTarget } from './target.js';
import { summarize, type PlanSummary } from './print.js';

/**
 * Copies the feeds of a submit, so that the caller may fill its arrays again at once, as it may with
 * a GPU.
 * @throws ShapeError unless there are 1 to `maxSteps` steps
 */
export function copyFeeds(feeds: readonly Feeds[], maxSteps: number): readonly Feeds[] {
  checkStepCount(feeds, maxSteps);
  return feeds.map((feed) =>
    Object.fromEntries(Object.entries(feed).map(([name, data]) => [name, data.slice()])),
  );
}

/**
 * Makes a graph ready for a device on the CPU: checks it, allocates the memory tensors that it uses,
 * and loads the implementations of its ops. The summary counts launches as on a GPU, for which the
 * plan is compiled too.
 * @param target undefined for the reference, which computes in every precision
 * @throws DeviceError where the device has not the precision of the graph
 */
export async function prepareOnCpu(
  graph: Graph,
  memory: Memory,
  registry: OpRegistry,
  target?: Pick<PlanTarget, 'shaderF16'>,
): Promise<{ readonly ops: LoadedOps; readonly summary: PlanSummary }> {
  checkGraph(graph);
  checkMemory(memory);
  for (const tensor of Object.values(graph.tensors))
    if (tensor.kind === 'memory' && !tensor.view) await memory.ensure(tensor);
  const { precision } = graph;
  const loaded = await loadOpsOf(graph.calls, registry);
  const ops = precision ? (await import('./half.js')).inHalfPrecision(loaded, precision, target) : loaded;
  return { ops, summary: summarize(compileLoaded(graph, ops, { parallelism: 16384 })) };
}

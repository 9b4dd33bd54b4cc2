import type { EventLoopTurn } from '../core/async-turns.js';
import { checkMemory, checkStepCount } from './check-device.js';
import { compileLoaded } from './compile.js';
import type { Feeds, KernelTime, Memory, Reports } from './device.js';
import { checkGraph, type Call, type Graph } from './graph.js';
import { loadOpsOf, type LoadedOps, type OpRegistry, type PlanTarget } from './op.js';
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

/** Runs the steps of a submit in order, and yields to the event loop between them. */
export async function runSteps(
  feeds: readonly Feeds[],
  turn: EventLoopTurn,
  step: (feed: Feeds) => Reports,
): Promise<readonly Reports[]> {
  const reports: Reports[] = [];
  for (const feed of feeds) {
    await turn.whenDue();
    reports.push(step(feed));
  }
  return reports;
}

/** Adds up the times of calls, by op and phase, over the repeats of a measurement. */
export class CallTimes {
  readonly #times = new Map<string, { launches: number; microseconds: number }>();

  constructor(readonly repeats: number) {}

  add({ op, phase }: Call, milliseconds: number): void {
    const name = `${op} ${phase}`;
    const entry = this.#times.get(name) ?? { launches: 0, microseconds: 0 };
    entry.microseconds += (milliseconds * 1000) / this.repeats;
    entry.launches += 1 / this.repeats;
    this.#times.set(name, entry);
  }

  /** The times in one step, the longest first. */
  get sorted(): readonly KernelTime[] {
    return [...this.#times]
      .map(([kernel, { launches, microseconds }]) => ({
        kernel,
        launches: Math.round(launches),
        microseconds,
      }))
      .sort((a, b) => b.microseconds - a.microseconds);
  }
}

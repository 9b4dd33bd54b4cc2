import { elementCount } from '../core/notation.js';
import { ShapeError } from '../core/errors.js';
import type { Chains, PlannedCall, planChains } from './chains.js';
import { checkGraph, type Call, type Graph } from './graph.js';
import { MAX_WORKGROUPS, type BoundTensor, type Launch } from './kernel.js';
import { assignBuffers, type BufferAssignment } from './lifetimes.js';
import { loadOpsOf, type LoadedOps, type Op, type OpRegistry } from './op.js';
import type { PlanRequest } from './planner.js';
import type { PlanTarget } from './target.js';
import type { Tensor } from './tensor.js';

/** One launch of a compiled plan, with the op that it comes from and the tensors that it binds. */
export interface PlannedLaunch extends Launch {
  /** Kernel binding name → tensor name in the graph, for every binding of this variant. */
  readonly tensors: Readonly<Record<string, string>>;
  /** The op and the phase that the launch belongs to: `rnn backward`. */
  readonly from: string;
  readonly bound: readonly BoundTensor[];
}

/**
 * Launches in order, with their tensors and buffers: the input of the GPU executor, as plain data.
 */
export interface Plan {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly launches: readonly PlannedLaunch[];
  readonly buffers: BufferAssignment;
}

/**
 * Turns a graph into launches. Equal graphs and targets give equal plans.
 * @param registry the record `ops`; the implementations of the graph's ops are loaded
 */
export async function compile(graph: Graph, registry: OpRegistry, target: PlanTarget): Promise<Plan> {
  checkGraph(graph);
  const { precision } = graph;
  const loaded = await loadOpsOf(graph.calls, registry);
  const ops = precision ? (await import('./half.js')).inHalfPrecision(loaded, precision, target) : loaded;
  return compileLoaded(graph, ops, target, await loadChainPlanner(ops, graph.calls));
}

/** Plans several calls together: see `OpImplementation.chains`. */
export interface ChainPlanner {
  readonly plan: typeof planChains;
  readonly chains: Chains;
}

/**
 * Loads what plans calls together. A page with one recurrent layer loads nothing.
 * @param calls of the graphs that will be planned. Default: any calls of the ops
 * @returns undefined if no op has `chains` and two forward calls
 */
export async function loadChainPlanner(
  ops: LoadedOps,
  calls?: readonly Call[],
): Promise<ChainPlanner | undefined> {
  const isRepeated = (name: string): boolean =>
    !calls || calls.filter(({ op, phase }) => op === name && phase === 'forward').length > 1;
  const loading = Object.entries(ops).flatMap(([name, { chains }]) =>
    chains && isRepeated(name) ? [chains().then((loaded) => [name, loaded] as const)] : [],
  );
  if (loading.length === 0) return undefined;
  const { planChains } = await import('./chains.js');
  return { plan: planChains, chains: Object.fromEntries(await Promise.all(loading)) };
}

/**
 * Like `compile`, with ops whose implementations are already loaded.
 * @param planner plans several calls together. Default: each call is planned by itself
 */
export function compileLoaded(
  graph: Graph,
  ops: LoadedOps,
  target: PlanTarget,
  planner?: ChainPlanner,
): Plan {
  checkGraph(graph);
  const each = graph.calls.map((call) => planCall(call, ops, target));
  const { graph: joined, calls } = planner
    ? planner.plan(graph, planner.chains, each, (launch, planned) => tensorsOf(launch, planned, ops))
    : { graph, calls: each };
  const launches: PlannedLaunch[] = [];
  for (const planned of calls)
    for (const launch of planned.launches) {
      const tensors = tensorsOf(launch, planned, ops);
      const bound = bind(launch, tensors, joined);
      checkGrid(launch);
      launches.push({ ...launch, tensors, bound, from: `${planned.call.op} ${planned.call.phase}` });
    }
  return { tensors: joined.tensors, launches, buffers: assignBuffers(joined, launches) };
}

function planCall(call: Call, ops: LoadedOps, target: PlanTarget): PlannedCall {
  const planner = ops[call.op]?.plan[call.phase];
  if (!planner) throw new ShapeError(`There is no plan for "${call.op}" ${call.phase}.`);
  const request: PlanRequest = {
    dims: call.dims,
    attributes: call.attributes,
    target,
    has: (name) => name in call.tensors,
    accumulate: call.accumulate,
  };
  return { call, request, planner, launches: planner(request) };
}

/**
 * @throws ShapeError for a grid larger than WebGPU allows, such as for a product with a million
 *   rows
 */
function checkGrid({ kernel, grid }: Launch): void {
  if (grid.some((groups) => groups > MAX_WORKGROUPS))
    throw new ShapeError(
      `${kernel.name} needs a grid of ${grid.join(' × ')} workgroups, but WebGPU allows ` +
        `${MAX_WORKGROUPS} in each direction. Choose fewer hidden units (H), a smaller batch (N) or ` +
        'fewer time steps (T).',
    );
}

/** The tensors of the graph that a launch binds. */
function tensorsOf(
  { kernel, tensors = {} }: Launch,
  { call, chained }: Pick<PlannedCall, 'call' | 'chained'>,
  ops: LoadedOps,
): Record<string, string> {
  const known = chained ?? call.tensors;
  for (const binding of Object.keys(tensors))
    if (!Object.hasOwn(kernel.bindings, binding))
      throw new ShapeError(`${kernel.name} has no binding "${binding}".`);
  const found: Record<string, string> = {};
  for (const binding of Object.keys(kernel.bindings)) {
    const listed = Object.hasOwn(tensors, binding);
    const name = listed ? tensors[binding] : binding;
    if (name === undefined) continue;
    if (Object.hasOwn(known, name)) found[binding] = known[name];
    else if (listed || !isTensorOf(ops[call.op], name))
      throw new ShapeError(
        `${kernel.name}: the binding ${binding} needs the tensor "${name}", which ${call.op} ` +
          `${call.phase} does not have.`,
      );
  }
  return found;
}

/** Whether the name is a tensor of the contract or its gradient. */
function isTensorOf({ tensors }: Op, name: string): boolean {
  return Object.hasOwn(tensors, name) || (name.startsWith('d') && Object.hasOwn(tensors, name.slice(1)));
}

/** Resolves views. @throws ShapeError for a buffer that is read and written in one launch */
function bind(launch: Launch, tensors: Readonly<Record<string, string>>, graph: Graph): BoundTensor[] {
  const bound: BoundTensor[] = [];
  for (const [binding, { access, type }] of Object.entries(launch.kernel.bindings)) {
    if (!(binding in tensors)) continue;
    const tensor = graph.tensors[tensors[binding]];
    bound.push({
      binding,
      access,
      type,
      root: tensor.view?.of ?? tensor.name,
      kind: tensor.kind,
      offset: tensor.view?.offset ?? 0,
      elements: elementCount(tensor.shape),
    });
  }
  for (const a of bound) {
    const clash = bound.find((b) => b.root === a.root && b.access !== a.access);
    if (clash)
      throw new ShapeError(
        `${launch.kernel.name}: "${a.root}" is bound as ${a.binding} (${a.access}) and as ` +
          `${clash.binding} (${clash.access}); WebGPU allows one or the other.`,
      );
  }
  return bound;
}

import { elementCount } from '../core/notation.js';
import type { Call, Graph } from './graph.js';
import type { Chaining, ChainCall, ChainPlan, ChainRequest, ChainTensor, OpChains } from './chaining.js';
import type { Planner, PlanRequest } from './planner.js';
import type { Launch, VariantChoice } from './kernel.js';
import { alignElements, type Tensor } from './tensor.js';

/** The launches of one call by its own planner, or its part of the launches of a chain. */
export interface PlannedCall {
  readonly call: Call;
  readonly request: PlanRequest;
  /** The planner of the op for this phase. */
  readonly planner: Planner;
  readonly launches: readonly Launch[];
  /**
   * Tensors of the graph by the names that launches of a chain bind, if these are not tensors of
   * the op.
   */
  readonly chained?: Readonly<Record<string, string>>;
}

/** The chains of the ops of a graph, by name of the op. */
export type Chains = Readonly<Record<string, OpChains>>;

type Together = NonNullable<ChainPlan['together']>;
type Tensors = Readonly<Record<string, Tensor>>;

interface Chain {
  readonly first: number;
  readonly chaining: Chaining;
  readonly members: readonly PlannedCall[];
  readonly links: readonly PlannedCall[];
}

/**
 * Plans calls of a chain together. A chain is several calls of one op, each of which reads the
 * result of the one before, if no other call reads what passes between them.
 * @param tensorsOf returns the tensors of the graph that a launch binds
 * @returns the calls with their new launches, and the graph with the tensors that were joined
 */
export function planChains(
  graph: Graph,
  chains: Chains,
  calls: readonly PlannedCall[],
  tensorsOf: (launch: Launch, planned: PlannedCall) => Readonly<Record<string, string>>,
): { readonly graph: Graph; readonly calls: readonly PlannedCall[] } {
  const planned: PlannedCall[] = [];
  let tensors = graph.tensors;
  for (let i = 0; i < calls.length;) {
    const chain = chainAt(i, calls, chains, graph, tensorsOf);
    const plan = chain?.chaining.plan(requestOf(chain, tensors));
    const length = chain && plan ? chain.members.length + chain.links.length : 1;
    if (chain && plan?.together) {
      const { names, joined } = join(chain, plan.together, tensors);
      tensors = joined;
      planned.push(...partsOf(chain, plan.choice, plan.together, names));
    } else
      planned.push(
        ...calls.slice(i, i + length).map((each) => ({
          ...each,
          launches: plan
            ? each.launches.map((launch) => ({ ...launch, within: plan.choice }))
            : each.launches,
        })),
      );
    i += length;
  }
  return { graph: { ...graph, tensors }, calls: planned };
}

/** Returns the longest chain that begins with a call. */
function chainAt(
  first: number,
  calls: readonly PlannedCall[],
  chains: Chains,
  graph: Graph,
  tensorsOf: (launch: Launch, planned: PlannedCall) => Readonly<Record<string, string>>,
): Chain | undefined {
  const { call } = calls[first];
  const chaining = chains[call.op]?.[call.phase];
  if (!chaining) return undefined;
  const { gives, takes, link: between } = chaining;
  const members = [calls[first]];
  const links: PlannedCall[] = [];
  const same = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && placeOf(graph, a) === placeOf(graph, b);
  for (let i = first + 1; i + 1 < calls.length; i += 2) {
    const [before, link, next] = [calls[i - 1].call, calls[i].call, calls[i + 1].call];
    const follows =
      link.op === between.op &&
      link.phase === call.phase &&
      next.op === call.op &&
      next.phase === call.phase &&
      !link.accumulate.includes(between.writes) &&
      same(before.tensors[gives], link.tensors[between.reads]) &&
      same(link.tensors[between.writes], next.tensors[takes]);
    if (!follows) break;
    const passed = rootOf(graph, link.tensors[between.writes]);
    const others = calls.filter((each) => each !== calls[i] && each !== calls[i + 1]);
    if (graph.tensors[passed].kind !== 'value' || others.some(reads(passed, graph, tensorsOf))) break;
    links.push(calls[i]);
    members.push(calls[i + 1]);
  }
  return members.length > 1 ? { first, chaining, members, links } : undefined;
}

/** Returns whether a launch of a call binds a part of a tensor. */
function reads(
  root: string,
  graph: Graph,
  tensorsOf: (launch: Launch, planned: PlannedCall) => Readonly<Record<string, string>>,
): (planned: PlannedCall) => boolean {
  return (planned) =>
    Object.values(planned.call.tensors).some((name) => rootOf(graph, name) === root) &&
    planned.launches.some((launch) =>
      Object.values(tensorsOf(launch, planned)).some((name) => rootOf(graph, name) === root),
    );
}

function rootOf(graph: Graph, name: string): string {
  return graph.tensors[name].view?.of ?? name;
}

/** Identifies the elements of a tensor: equal for tensors with the same elements. */
function placeOf(graph: Graph, name: string): string {
  const { shape, view } = graph.tensors[name];
  return `${view?.of ?? name}@${view?.offset ?? 0}+${elementCount(shape)}`;
}

/** @param tensors of the graph, with those that earlier chains have joined */
function requestOf({ members, links }: Chain, tensors: Tensors): ChainRequest {
  const chainCall = ({ call, request, planner }: PlannedCall): ChainCall => ({
    request,
    place: (key) => {
      const name = call.tensors[key];
      if (name === undefined) return undefined;
      const { shape, view } = tensors[name];
      const root = tensors[view?.of ?? name];
      return {
        root: root.name,
        offset: view?.offset ?? 0,
        elements: elementCount(shape),
        joinable: root.kind === 'value' && elementCount(shape) === elementCount(root.shape),
      };
    },
    planWithout: (tensor) => planner({ ...request, has: (name) => name !== tensor && request.has(name) }),
  });
  return { members: members.map(chainCall), links: links.map(chainCall) };
}

/** Replaces the intermediates that a plan joins by one tensor, of which they become views. */
function join(
  { first, members }: Chain,
  { joined, others }: Together,
  tensors: Tensors,
): { readonly names: Readonly<Record<string, string>>; readonly joined: Tensors } {
  const rootOf = (name: string): string => tensors[name].view?.of ?? name;
  const nameOf = ({ tensor, member }: ChainTensor): string => members[member].call.tensors[tensor];
  const all = { ...tensors };
  const names: Record<string, string> = {};
  for (const [name, other] of Object.entries(others)) {
    const own = nameOf(other);
    if (own !== undefined) names[name] = other.whole ? rootOf(own) : own;
  }
  for (const [name, parts] of Object.entries(joined)) {
    const length = alignElements(elementCount(tensors[nameOf(parts[0])].shape));
    const root = `chain ${first} ${name}`;
    all[root] = { name: root, shape: [parts.length * length], dtype: 'f32', kind: 'value' };
    names[name] = root;
    const begins = new Map(parts.map((part, i) => [rootOf(nameOf(part)), i * length]));
    for (const tensor of Object.values(tensors)) {
      const begin = begins.get(rootOf(tensor.name));
      if (begin !== undefined)
        all[tensor.name] = { ...tensor, view: { of: root, offset: begin + (tensor.view?.offset ?? 0) } };
    }
  }
  return { names, joined: all };
}

/** Returns the launches of a chain, each with the call whose tensors it binds. */
function partsOf(
  { members, links }: Chain,
  choice: VariantChoice,
  { launches }: Together,
  names: Readonly<Record<string, string>>,
): PlannedCall[] {
  return launches.map(({ launch, member, link }) => ({
    ...(link === undefined ? members[member ?? 0] : links[link]),
    launches: [{ ...launch, within: choice }],
    ...(member === undefined && link === undefined ? { chained: names } : {}),
  }));
}

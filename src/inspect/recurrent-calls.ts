import { FACTS, type CellKind } from '../cells/facts.js';
import type { Call, Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';

/** One call of a fused recurrent op in a graph: a layer in one direction over a window. */
export interface RecurrentCall {
  /** Name of the module that has the layer's parameters, such as `encoder`. */
  readonly module: string;
  /** Number of the layer; layer 0 reads the input. */
  readonly layer: number;
  readonly reverse: boolean;
  readonly cell: CellKind;
  readonly T: number;
  readonly N: number;
  readonly H: number;
  /** Names of the tensors that forward saves, by contract name: `states` or `h`, and `gates`. */
  readonly saved: Readonly<Record<string, string>>;
  /** Name of the lengths u32 [N]; undefined if every row has T steps. */
  readonly lengths: string | undefined;
  /** Name of dL/dh_t [T,N,H]; undefined in a graph without backward. */
  readonly dh: string | undefined;
  /** Name of the upstream gradient of the final cell state [N,H]; undefined if there is none. */
  readonly dcn: string | undefined;
}

/** A graph in which the tensors of `calls` are outputs, so that they can be read after a run. */
export interface OpenedGraph {
  readonly graph: Graph;
  /** Recurrent calls, in the order of the graph. */
  readonly calls: readonly RecurrentCall[];
}

/** Names of recurrent weights; the groups are module, layer and direction. */
const WEIGHT = /^(.*)\.weight_(?:hh|ih)_l(\d+)(_reverse)?$/;

/** Prefix of the names of ops for decoders with additive attention. */
const ATTENTION = 'attention_';

/**
 * Finds the recurrent layers of any model in its graph, and turns the tensors that they save into
 * outputs. A graph is plain data, so the model needs no code for this.
 */
export function openRecurrentCalls(graph: Graph): OpenedGraph {
  const backward = new Map(
    graph.calls.flatMap((call) => (call.phase === 'backward' ? [[call.tensors.y, call] as const] : [])),
  );
  const roots = new Set<string>();
  const dh = new Map<Call, string>();
  const added: Record<string, Tensor> = {};
  const open = (name: string | undefined): string | undefined => {
    if (name === undefined) return undefined;
    const root = graph.tensors[name].view?.of ?? name;
    roots.add(root);
    return root;
  };
  const calls: RecurrentCall[] = [];
  for (const call of graph.calls) {
    const cell = cellOf(call);
    if (!cell || call.phase !== 'forward') continue;
    const [, module, layer, reverse] = weightOf(graph, call);
    const { T, N, H } = call.dims;
    const back = backward.get(call.tensors.y);
    if (back) {
      const name = `inspected.dh.${calls.length}`;
      added[name] = { name, shape: [T, N, H], dtype: 'f32', kind: 'output' };
      dh.set(back, name);
    }
    const saved = ['states', 'h', 'gates'].flatMap((key) => {
      const name = open(call.tensors[key]);
      return name === undefined ? [] : [[key, name] as const];
    });
    calls.push({
      module,
      layer: Number(layer),
      reverse: reverse !== undefined,
      cell,
      T,
      N,
      H,
      saved: Object.fromEntries(saved),
      lengths: open(call.tensors.lengths),
      dh: back && dh.get(back),
      dcn: open(back?.tensors.dcn),
    });
  }
  const tensors = Object.entries(graph.tensors).map(([name, tensor]): [string, Tensor] => {
    const opened = tensor.kind === 'value' && roots.has(tensor.view?.of ?? name);
    return [name, opened ? { ...tensor, kind: 'output' } : tensor];
  });
  return {
    calls,
    graph: {
      tensors: { ...Object.fromEntries(tensors), ...added },
      calls: graph.calls.map((call) => {
        const name = dh.get(call);
        return name === undefined ? call : { ...call, tensors: { ...call.tensors, dh: name } };
      }),
    },
  };
}

function cellOf({ op }: Call): CellKind | undefined {
  const name = op.startsWith(ATTENTION) ? op.slice(ATTENTION.length) : op;
  return Object.hasOwn(FACTS, name) ? (name as CellKind) : undefined;
}

/**
 * The name of the nearest recurrent weight: of the call, or of the calls that computed its inputs.
 * Cells without recurrent weights have a projection with weight_ih.
 */
function weightOf(graph: Graph, call: Call): RegExpExecArray {
  const producers = new Map<string, Call>();
  for (const producer of graph.calls)
    for (const key of ['y', 'c', 'context'])
      if (producer.phase === 'forward' && producer.tensors[key])
        producers.set(rootOf(graph, producer.tensors[key]), producer);
  let level: readonly Call[] = [call];
  for (const seen = new Set<Call>(); level.length > 0;) {
    for (const { tensors } of level)
      for (const name of Object.values(tensors)) {
        const match = WEIGHT.exec(name);
        if (match) return match;
      }
    for (const known of level) seen.add(known);
    level = level
      .flatMap(({ tensors }) => Object.values(tensors).map((name) => producers.get(rootOf(graph, name))))
      .filter((producer): producer is Call => producer !== undefined && !seen.has(producer));
  }
  throw new TypeError(`The call of ${call.op} has no recurrent parameters.`);
}

function rootOf({ tensors }: Graph, name: string): string {
  return tensors[name].view?.of ?? name;
}

import { Expressions } from '../cells/expressions.js';
import { FACTS } from '../cells/facts.js';
import { attentionDecoders } from '../cells/index.js';
import { elementCount } from '../core/notation.js';
import { suffixOf } from '../layers/stack-options.js';
import type { Scope } from '../nn/scope.js';
import { Sym } from '../nn/sym.js';
import { ops } from '../ops/index.js';
import type { Tensor } from '../plan/tensor.js';
import { attendOver } from './attention.js';
import {
  FIRST,
  initialStates,
  nothingFirst,
  type Decoded,
  type DecoderParts,
  type DecoderSource,
  type DecoderWindow,
} from './decoder-parts.js';

/** Computes a window with fused ops. Only the cell and additive attention are in the time loop. */
export function runWindow(
  scope: Scope,
  parts: DecoderParts,
  source: DecoderSource,
  window: DecoderWindow,
): Decoded {
  const e = new Expressions(scope.builder, scope.label('decoder'));
  const { attention } = parts.options;
  const { mask, initial } = window;
  const first = initial[FIRST] ? addToFirst(e, window.projected, initial[FIRST]) : window.projected;
  const projected = source.joined ? addToSteps(e, first, source.joined) : first;
  const masked = (x: Tensor): Tensor => {
    if (!mask) return x;
    const width = x.shape[2];
    const rows = e.view(x, [elementCount(x.shape) / width, width]);
    return e.view(e.scaleRows(rows, mask), x.shape);
  };
  if (attention === 'additive') {
    const { output, weights, states } = additiveWindow(scope, e, parts, source, { ...window, projected });
    return { logits: parts.head(scope, masked(output)), attention: masked(weights), states };
  }
  const syms = Object.entries(initial)
    .filter(([name]) => name !== FIRST)
    .map(([name, tensor]) => [name, new Sym(scope, tensor)] as const);
  const { y, final } = parts.rnn.fromProjected(new Sym(scope, projected), {
    initial: Object.fromEntries(syms),
  });
  const after = Object.entries(final).map(([name, { tensor }]) => [name, tensor] as const);
  const states = { ...Object.fromEntries(after), ...nothingFirst(e, initial) };
  const output = masked(y.tensor);
  const { keys, memory, lengths } = source;
  if (!keys || !memory) return { logits: parts.head(scope, output), attention: undefined, states };
  const { context, weights } = attendOver(e, output, { keys, memory, lengths });
  const combined = parts.combine(scope, context, output);
  return { logits: parts.head(scope, combined), attention: weights, states };
}

/** x [T,N,G*H] plus `joined` [N,G*H] at the first step. */
function addToFirst(e: Expressions, x: Tensor, joined: Tensor): Tensor {
  const [T, N, rows] = x.shape;
  const all = e.view(x, [T * N, rows]);
  const first = e.add(T === 1 ? all : e.rows(all, 0, N), joined);
  if (T === 1) return e.view(first, x.shape);
  const rest = e.rows(all, N, (T - 1) * N);
  const { y } = e.builder.apply(ops.concat, e.label('first'), {
    a: e.view(first, [1, N * rows]),
    b: e.view(rest, [1, (T - 1) * N * rows]),
  });
  return e.view(y, x.shape);
}

/** x [T,N,G*H] plus `joined` [N,G*H] at every step. */
function addToSteps(e: Expressions, x: Tensor, joined: Tensor): Tensor {
  const [T, N, rows] = x.shape;
  const { y } = e.builder.apply(ops.add_row, e.label('joined'), {
    x: e.view(x, [T, N * rows]),
    b: e.view(joined, [N * rows]),
  });
  return e.view(y, x.shape);
}

/** One layer with additive attention, as the fused op of its cell. */
function additiveWindow(
  scope: Scope,
  e: Expressions,
  parts: DecoderParts,
  { keys, values, lengths }: DecoderSource,
  { projected, initial }: DecoderWindow,
): { readonly output: Tensor; readonly weights: Tensor; readonly states: Readonly<Record<string, Tensor>> } {
  const { rnn } = parts;
  const { stack } = rnn;
  const [T, N] = projected.shape;
  const { states } = FACTS[stack.cell];
  const suffix = suffixOf(0, 0);
  const named = initialStates(
    e,
    states.map((state) => state + suffix),
    initial,
    [N, stack.hidden],
  );
  const decode = attentionDecoders[stack.cell] as NonNullable<(typeof attentionDecoders)['gru']>;
  const { weight_query, weight_score } = parts.query(scope);
  const dh = scope.inspected?.module === rnn ? scope.inspected.inspect.dh : undefined;
  const result = decode(scope.builder, e.label(stack.cell), {
    projected,
    weightHh: scope.own(rnn, `weight_hh${suffix}`),
    biasHh: scope.own(rnn, `bias_hh${suffix}`),
    initial: Object.fromEntries(states.map((state) => [state, named[state + suffix]])),
    weightQuery: weight_query,
    weightScore: weight_score,
    keys: keys as Tensor,
    values: values as Tensor,
    lengths: undefined,
    sourceLengths: lengths,
    key: scope.key,
    recurrentDropout: stack.recurrentDropout,
    site: scope.key ? scope.dropoutSites(1) : 0,
    nonlinearity: stack.nonlinearity,
    reset: stack.reset,
    inspected: dh ? { dh: dh(0, 0, [T, N, stack.hidden]) } : {},
  });
  const after = states.map((state) => [state + suffix, result.final[state]] as const);
  return { output: result.output, weights: result.attention, states: Object.fromEntries(after) };
}

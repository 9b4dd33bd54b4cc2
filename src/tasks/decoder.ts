import { Expressions } from '../cells/expressions.js';
import { stackStates } from '../layers/stack-options.js';
import type { Module } from '../nn/module.js';
import { nn } from '../nn/modules.js';
import { recurrent, type RecurrentModule } from '../nn/recurrent.js';
import type { Scope } from '../nn/scope.js';
import { Sym } from '../nn/sym.js';
import { ops } from '../ops/index.js';
import type { Tensor } from '../plan/tensor.js';
import { project } from './attention.js';
import {
  FED,
  FIRST,
  type Decoded,
  type DecoderOptions,
  type DecoderParts,
  type DecoderSource,
  type DecoderWindow,
} from './decoder-parts.js';
import { needsSteps, runSteps } from './decoder-steps.js';
import { runWindow } from './decoder-window.js';
import { layersOf } from './layers.js';

/** Recurrent layers with attention and a head that write symbols. */
export interface Decoder {
  readonly rnn: RecurrentModule;
  /** By name: the modules besides `rnn`. */
  readonly modules: Readonly<Record<string, Module>>;
  /** By name: the number of features of each state [N,·] of the layers, `fed` and `first`. */
  readonly states: Readonly<Record<string, number>>;
  /** The columns of the lowest layer's weight_ih for the embedding, [G*H,E]. */
  embeddingWeight(scope: Scope): Tensor;
  /** Vectors [T,N,E] times those columns plus the bias, for `DecoderWindow.projected`. */
  project(scope: Scope, embedded: Tensor, weight?: Tensor): Tensor;
  /** Prepares the tensors that all steps share. @param c [N,C], which is joined to every input */
  source(scope: Scope, memory: Tensor | undefined, lengths: Tensor | undefined, c?: Tensor): DecoderSource;
  run(scope: Scope, source: DecoderSource, window: DecoderWindow): Decoded;
}

/** G*H: number of rows of the lowest layer's weights. */
export function gateRows({ parameters }: RecurrentModule): number {
  return parameters[0].shape[0];
}

/** @throws OptionError for an option of the layers that is out of range */
export function makeDecoder(options: DecoderOptions): Decoder {
  const { attention, memory: W, embedding: E, joined: C } = options;
  const fed = options.inputFeeding ? options.hidden : 0;
  const context = attention === 'additive' ? W : 0;
  const { cell, ...layers } = layersOf(options);
  const own = { bidirectional: false, pyramidal: false, merge: 'concat', initialState: 'zero' } as const;
  const rnn = recurrent(cell, { ...layers, ...own, input: E + C + fed + context });
  const H = rnn.stack.hidden;
  const sizes = { query: H, key: W, hidden: options.attentionSize };
  const attend = attention === 'none' || attention === 'dot' ? undefined : nn.attention(attention, sizes);
  const combine = attention === 'dot' || attention === 'general' ? nn.linear(W + H, H) : undefined;
  const head = nn.linear(H, options.symbols);
  const attendOwn = (scope: Scope, name: string): Tensor => scope.own(attend as Module, name);
  /** Columns of weight_ih from `start`. Returns the matrix itself if these are all columns. */
  const columns = (scope: Scope, start: number, count: number): Tensor => {
    const x = scope.own(rnn, 'weight_ih_l0');
    if (count === x.shape[1]) return x;
    return scope.builder.apply(ops.slice_columns, scope.label('columns'), { x }, { start }, { M: count }).y;
  };
  const parts: DecoderParts = {
    options,
    rnn,
    feed: (scope) => columns(scope, E + C, fed),
    query: (scope) => ({
      weight_query: attendOwn(scope, 'query.weight'),
      weight_score: attendOwn(scope, 'score.weight'),
    }),
    combine(scope, averaged, h) {
      const joined = new Sym(scope, averaged).concat(new Sym(scope, h));
      return (combine as NonNullable<typeof combine>)(joined).tanh().tensor;
    },
    head: (scope, x) => head(new Sym(scope, x)).tensor,
  };
  return {
    rnn,
    modules: { ...(attend ? { attention: attend } : {}), ...(combine ? { combine } : {}), head },
    states: {
      ...Object.fromEntries(stackStates(rnn.stack).map((name) => [name, H])),
      ...(fed > 0 ? { [FED]: H } : {}),
      ...(options.joinsFirst ? { [FIRST]: gateRows(rnn) } : {}),
    },
    embeddingWeight: (scope) => columns(scope, 0, E),
    project(scope, embedded, weight = columns(scope, 0, E)) {
      const e = new Expressions(scope.builder, scope.label('inputs'));
      return project(e, embedded, weight, scope.own(rnn, 'bias_ih_l0'));
    },
    source(scope, memory, lengths, c) {
      const e = new Expressions(scope.builder, scope.label('source'));
      const joined = c && e.linear(c, columns(scope, E, C));
      if (!memory || attention === 'none') return { joined };
      if (attention === 'dot') return { memory, lengths, keys: memory, joined };
      if (attention === 'general')
        return { memory, lengths, keys: project(e, memory, attendOwn(scope, 'weight')), joined };
      const keys = project(e, memory, attendOwn(scope, 'key.weight'));
      return { lengths, keys, values: project(e, memory, columns(scope, E + C + fed, W)), joined };
    },
    run: (scope, source, window) =>
      needsSteps(scope, parts, window)
        ? runSteps(scope, parts, source, window)
        : runWindow(scope, parts, source, window),
  };
}

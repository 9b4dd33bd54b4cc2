import { ShapeError } from '../core/errors.js';
import { numberWithin, oneOf, onlyKnown, wholeNumber } from '../core/options.js';
import { elementCount } from '../core/notation.js';
import { ops } from '../ops/index.js';
import type { Tensor } from '../plan/tensor.js';
import {
  checkWidth,
  makeModule,
  normal,
  uniform,
  type Module,
  type ModuleParameter,
  type Own,
} from './module.js';
import { convolution, maxPool } from './images.js';
import { recurrent, type RecurrentModule, type RecurrentModuleOptions } from './recurrent.js';
import { Sym, type RowLengths } from './sym.js';

/** Kinds of attention over a source: see `nn.attention`. */
export const ATTENTIONS = ['dot', 'general', 'additive'] as const;
export type AttentionKind = (typeof ATTENTIONS)[number];

/** Modules of networks. Each is called with tensors inside `forward` of `defineModel`. */
export const nn = {
  /**
   * Looks up vectors [V,C] by id: ids [..] become [..,C]. An id of V or more gives the zero vector.
   * @param options start: initial vectors, V*C numbers; default N(0, 1)
   * @throws ShapeError where `start` has another number of elements
   */
  embedding(
    V: number,
    C: number,
    { start }: { readonly start?: ArrayLike<number> } = {},
  ): Module<[ids: Sym], Sym> {
    const shape = [wholeNumber('embedding.V', V), wholeNumber('embedding.C', C)];
    if (start && start.length !== V * C)
      throw new ShapeError(
        `embedding: [V,C] = [${V},${C}] starts from ${V * C} numbers, not ${start.length}.`,
      );
    const first = start ? () => Float32Array.from(start) : normal(shape);
    return makeModule([{ name: 'weight', shape, start: first }], (own, ids: Sym) => {
      const { builder } = ids.scope;
      const flat = builder.view(ids.tensor, [elementCount(ids.shape)]);
      const { y } = builder.apply(ops.gather, ids.scope.label('embedding'), {
        weight: own('weight'),
        ids: flat,
      });
      return ids.scope.finite(new Sym(ids.scope, builder.view(y, [...ids.shape, C])));
    });
  },

  /**
   * y = x·weightᵀ + bias with weight [P,C] and bias [P]: [..,C] becomes [..,P]. Initial values are
   * those of torch.nn.Linear, uniform in ±1/√C.
   */
  linear(C: number, P: number, { bias = true }: { readonly bias?: boolean } = {}): Module<[x: Sym], Sym> {
    const bound = 1 / Math.sqrt(wholeNumber('linear.C', C));
    wholeNumber('linear.P', P);
    const parameters = [
      { name: 'weight', shape: [P, C], start: uniform([P, C], bound) },
      ...(bias ? [{ name: 'bias', shape: [P], start: uniform([P], bound) }] : []),
    ];
    return makeModule(parameters, (own, x: Sym) => {
      const { builder } = x.scope;
      checkWidth('linear', x, C);
      const rows = builder.view(x.tensor, [elementCount(x.shape) / C, C]);
      const tensors = { x: rows, weight: own('weight'), ...(bias ? { bias: own('bias') } : {}) };
      const { y } = builder.apply(ops.linear, x.scope.label('linear'), tensors);
      return new Sym(x.scope, builder.view(y, [...x.shape.slice(0, -1), P]));
    });
  },

  /** Vanilla recurrent layers over [T,N,input]. */
  rnn: (options: RecurrentModuleOptions): RecurrentModule => recurrent('rnn', options),
  /** LSTM layers over [T,N,input]. */
  lstm: (options: RecurrentModuleOptions): RecurrentModule => recurrent('lstm', options),
  /** GRU layers over [T,N,input]. */
  gru: (options: RecurrentModuleOptions): RecurrentModule => recurrent('gru', options),
  /** minGRU layers over [T,N,input]. */
  mingru: (options: RecurrentModuleOptions): RecurrentModule => recurrent('mingru', options),
  /** minLSTM layers over [T,N,input]. */
  minlstm: (options: RecurrentModuleOptions): RecurrentModule => recurrent('minlstm', options),

  /**
   * Attention of queries [T,N,Q] over keys [S,N,K]: weights α = softmax(score) [T,N,S] over the
   * first `lengths[n]` positions, context = Σ_s α_s·key_s [T,N,K].
   * - `dot`: score = query · key (Q = K)
   * - `general`: query · (weight·key), `weight [Q,K]` (Luong and others, 2015)
   * - `additive`: score.weight · tanh(query.weight·query + key.weight·key), with weights `[1,A]`,
   *   `[A,Q]`, `[A,K]`
   *   (Bahdanau and others, 2014)
   * @param sizes query: Q. key: K. hidden: A of `additive`; default Q
   * @throws ShapeError for `dot` with Q ≠ K
   */
  attention(
    kind: AttentionKind,
    sizes: { readonly query: number; readonly key: number; readonly hidden?: number },
  ): Module<[query: Sym, keys: Sym, options?: RowLengths], { readonly context: Sym; readonly weights: Sym }> {
    oneOf('attention', kind, ATTENTIONS);
    onlyKnown('attention', sizes, ['query', 'key', 'hidden']);
    const Q = wholeNumber('attention.query', sizes.query);
    const K = wholeNumber('attention.key', sizes.key);
    const A = wholeNumber('attention.hidden', sizes.hidden ?? Q);
    if (kind === 'dot' && Q !== K)
      throw new ShapeError(`attention "dot": queries have ${Q} features and keys ${K}; use "general".`);
    const matrix = (name: string, rows: number, columns: number): ModuleParameter => ({
      name,
      shape: [rows, columns],
      start: uniform([rows, columns], 1 / Math.sqrt(columns)),
    });
    const parameters = {
      dot: [],
      general: [matrix('weight', Q, K)],
      additive: [matrix('query.weight', A, Q), matrix('key.weight', A, K), matrix('score.weight', 1, A)],
    }[kind];
    return makeModule(parameters, (own, query: Sym, given: Sym, { lengths }: RowLengths = {}) => {
      checkWidth('attention: queries', query, Q);
      checkWidth('attention: keys', given, K);
      const keys = lengths && !given.scope.isFinite(given) ? given.within(lengths) : given;
      const scores =
        kind === 'additive'
          ? additiveScores(query, keys, own, A)
          : product(query, kind === 'general' ? project(keys, own('weight')) : keys, ops.batched_matmul_nt);
      const weights = scores.softmax(lengths ? { lengths } : {});
      return { weights, context: product(weights, keys, ops.batched_matmul) };
    });
  },

  /** Convolution of images [R,I,J,C] with the weights of torch.nn.Conv2d: [R,Y,X,P]. */
  convolution,

  /** Maximum over windows of images [R,I,J,C], by default 2 by 2 pixels: [R,Y,X,C]. */
  maxPool,

  /**
   * In training, sets a share `rate` of the elements to 0 and multiplies the others by
   * 1/(1 − rate).
   * @param rate from 0 to below 1
   */
  dropout(rate: number): Module<[x: Sym], Sym> {
    numberWithin('dropout.rate', rate, 0, 1, true);
    return makeModule(
      [],
      (_own, x: Sym) => {
        const { builder, key } = x.scope;
        if (!key || rate === 0) return x;
        const site = x.scope.dropoutSites(1);
        const flat = builder.view(x.tensor, [elementCount(x.shape)]);
        const { y } = builder.apply(ops.dropout, x.scope.label('dropout'), { x: flat, key }, { rate, site });
        const dropped = new Sym(x.scope, builder.view(y, x.shape));
        return x.scope.isFinite(x) ? x.scope.finite(dropped) : dropped;
      },
      rate > 0,
    );
  },
};

/** Batched product of [T,N,·] and [S,N,·], one product for each row n. */
function product(a: Sym, b: Sym, op: typeof ops.batched_matmul): Sym {
  const { builder } = a.scope;
  const four = (x: Sym): Tensor => builder.view(x.tensor, [1, ...x.shape]);
  const { c } = builder.apply(op, a.scope.label(op.name), { a: four(a), b: four(b) });
  return new Sym(a.scope, builder.view(c, c.shape.slice(1)));
}

/** x·weightᵀ over the last axis. */
function project(x: Sym, weight: Tensor): Sym {
  const { builder } = x.scope;
  const [P, K] = weight.shape;
  const rows = builder.view(x.tensor, [elementCount(x.shape) / K, K]);
  const { y } = builder.apply(ops.linear, x.scope.label('projection'), { x: rows, weight });
  return new Sym(x.scope, builder.view(y, [...x.shape.slice(0, -1), P]));
}

/**
 * Scores [T,N,S] of additive attention. Queries are handled one at a time, since tanh is applied to
 * the sum of each query and each key.
 */
function additiveScores(query: Sym, keys: Sym, own: Own, A: number): Sym {
  const [T, N] = query.shape;
  const [S] = keys.shape;
  const projected = project(query, own('query.weight'));
  const projectedKeys = project(keys, own('key.weight'));
  const steps = Array.from({ length: T }, (_, t) => {
    const one = projected.slice(0, t, 1).reshape(N * A);
    const sums = projectedKeys
      .reshape(S, N * A)
      .add(one)
      .tanh()
      .reshape(S, N, A);
    return project(sums, own('score.weight'))
      .reshape(S, N)
      .permute(1, 0)
      .reshape(1, N * S);
  });
  return steps.reduce((all, one) => all.concat(one)).reshape(T, N, S);
}

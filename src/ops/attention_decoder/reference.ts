import type { NumberArray } from '../../core/arrays.js';
import { attentionOf } from '../../core/attention.js';
import { asTheyAre, type OperandReader } from '../../core/half.js';
import { walkOf } from '../../core/recurrence.js';
import type { Arrays, Reference } from '../../plan/op.js';
import type { Attributes } from '../../plan/planner.js';

/** One step of a cell for one batch row. Each field is an array of its own. */
interface Row {
  /** W_ih·input + b_ih plus the context's part: [G*H]. */
  readonly input: NumberArray;
  /** State before the step [H]. */
  readonly h: NumberArray;
  /** The same with the recurrent dropout mask [H]: the operand of the recurrent product. */
  readonly seen: NumberArray;
  /** Cell state before the step [H] (LSTM). */
  readonly c: NumberArray;
  /** What forward saves of the gates [saved*H]. */
  readonly gates: NumberArray;
}

/** The results of one backward step, given the gradients dh and dc of the states after it. */
interface Gradients {
  /** Gradient of the inputs' part of the gates [G*H]. */
  readonly da: Float64Array;
  /** Gradient of the recurrent product [G*H]. */
  readonly ds: Float64Array;
  /** Gradient of h before the step that does not pass through the recurrent product [H]. */
  readonly past: Float64Array;
  /** Gradient of `seen`, which passes through the recurrent product [H]. */
  readonly seen: Float64Array;
  /** Gradient of c before the step. */
  readonly c: Float64Array;
  /** Right factor of the gradient of the candidate's recurrent weights; other gates use `seen`. */
  readonly operand: NumberArray;
}

interface Cell {
  /** G, blocks of H rows of weight_hh. */
  readonly gates: number;
  /** Numbers that forward saves for each unit. */
  readonly saved: number;
  /** Writes `row.gates`. @returns the state and the cell state after the step */
  forward(row: Row, recurrent: Recurrent): { readonly h: number[]; readonly c: number[] };
  backward(
    row: Row,
    recurrent: Recurrent,
    after: { h: NumberArray; c: NumberArray },
    dh: Float64Array,
    dc: Float64Array,
  ): Gradients;
}

/** The recurrent weights [G*H,H] and biases [G*H]. */
class Recurrent {
  readonly #weight: NumberArray;

  constructor(
    readonly H: number,
    weight: NumberArray,
    readonly bias: NumberArray | undefined,
    readonly attributes: Attributes,
    readonly operands: OperandReader,
  ) {
    this.#weight = operands(weight);
  }

  /** [j] = Σ_k weight[j,k]·operand[k] + bias[j] for rows first ≤ j < end; 0 for the others. */
  product(operand: NumberArray, first: number, end: number): Float64Array {
    const sums = zeros(end);
    const read = this.operands(operand);
    for (let j = first; j < end; j++) {
      if (this.bias) sums[j] = this.bias[j];
      for (let k = 0; k < this.H; k++) sums[j] += this.#weight[j * this.H + k] * read[k];
    }
    return sums;
  }

  /** result[k] += Σ_j weight[j,k]·ds[j] over rows first ≤ j < end. */
  transposed(ds: NumberArray, first: number, end: number, result: Float64Array): void {
    const read = this.operands(ds);
    for (let j = first; j < end; j++)
      for (let k = 0; k < this.H; k++) result[k] += this.#weight[j * this.H + k] * read[j];
  }
}

const sigmoid = (s: number): number => 1 / (1 + Math.exp(-s));
const units = (H: number): number[] => Array.from({ length: H }, (_, j) => j);
const zeros = (length: number): Float64Array => new Float64Array(length);

/** h' = f(a + W·h + b);   da = dh' · f'(h') */
const rnn: Cell = {
  gates: 1,
  saved: 0,
  forward({ input, seen }, recurrent) {
    const relu = recurrent.attributes.nonlinearity === 'relu';
    const sums = recurrent.product(seen, 0, recurrent.H);
    const h = units(recurrent.H).map((j) => {
      const sum = input[j] + sums[j];
      return relu ? Math.max(0, sum) : Math.tanh(sum);
    });
    return { h, c: [] };
  },
  backward(row, recurrent, after, dh) {
    const { H, attributes } = recurrent;
    const da = zeros(H);
    for (let j = 0; j < H; j++) {
      const slope = attributes.nonlinearity === 'relu' ? (after.h[j] > 0 ? 1 : 0) : 1 - after.h[j] ** 2;
      da[j] = dh[j] * slope;
    }
    const seen = zeros(H);
    recurrent.transposed(da, 0, H, seen);
    return { da, ds: da, past: zeros(H), seen, c: zeros(H), operand: row.seen };
  },
};

/** c' = f ⊙ c + i ⊙ g;   h' = o ⊙ tanh(c') */
const lstm: Cell = {
  gates: 4,
  saved: 4,
  forward({ input, seen, c, gates }, recurrent) {
    const { H } = recurrent;
    const sums = recurrent.product(seen, 0, 4 * H);
    for (let j = 0; j < 4 * H; j++) {
      const sum = input[j] + sums[j];
      gates[j] = Math.floor(j / H) === 2 ? Math.tanh(sum) : sigmoid(sum);
    }
    const cell = units(H).map((j) => gates[H + j] * c[j] + gates[j] * gates[2 * H + j]);
    return { c: cell, h: cell.map((value, j) => gates[3 * H + j] * Math.tanh(value)) };
  },
  backward(row, recurrent, after, dh, dc) {
    const { H } = recurrent;
    const da = zeros(4 * H);
    const [c, seen] = [zeros(H), zeros(H)];
    for (let j = 0; j < H; j++) {
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => row.gates[gate * H + j]);
      const squashed = Math.tanh(after.c[j]);
      const gradient = dc[j] + dh[j] * o * (1 - squashed ** 2);
      da[j] = gradient * g * i * (1 - i);
      da[H + j] = gradient * row.c[j] * f * (1 - f);
      da[2 * H + j] = gradient * i * (1 - g * g);
      da[3 * H + j] = dh[j] * squashed * o * (1 - o);
      c[j] = gradient * f;
    }
    recurrent.transposed(da, 0, 4 * H, seen);
    return { da, ds: da, past: zeros(H), seen, c, operand: row.seen };
  },
};

/**
 * h' = (1 − z) ⊙ n + z ⊙ h with n = tanh(a_n + r ⊙ q), q = W_n·h + b_n; with reset before the product
 * n = tanh(a_n + W_n·q + b_n), q = r ⊙ h. Gates are saved as r z n q.
 */
const gru: Cell = {
  gates: 3,
  saved: 4,
  forward({ input, h, seen, gates }, recurrent) {
    const { H, attributes } = recurrent;
    const before = attributes.reset === 'before';
    const sums = recurrent.product(seen, 0, before ? 2 * H : 3 * H);
    for (let j = 0; j < 2 * H; j++) gates[j] = sigmoid(input[j] + sums[j]);
    for (let j = 0; j < H; j++) gates[3 * H + j] = before ? gates[j] * seen[j] : sums[2 * H + j];
    const q = gates.subarray(3 * H);
    const candidates = before ? recurrent.product(q, 2 * H, 3 * H) : sums;
    const state = units(H).map((j) => {
      const recurrentPart = before ? candidates[2 * H + j] : gates[j] * q[j];
      gates[2 * H + j] = Math.tanh(input[2 * H + j] + recurrentPart);
      return (1 - gates[H + j]) * gates[2 * H + j] + gates[H + j] * h[j];
    });
    return { h: state, c: [] };
  },
  backward(row, recurrent, _after, dh) {
    const { H, attributes } = recurrent;
    const before = attributes.reset === 'before';
    const [da, ds] = [zeros(3 * H), zeros(3 * H)];
    const [past, seen, dq] = [zeros(H), zeros(H), zeros(H)];
    const [r, z, n, q] = [0, 1, 2, 3].map((gate) => row.gates.subarray(gate * H, (gate + 1) * H));
    for (let j = 0; j < H; j++) {
      da[H + j] = dh[j] * (row.h[j] - n[j]) * z[j] * (1 - z[j]);
      da[2 * H + j] = dh[j] * (1 - z[j]) * (1 - n[j] ** 2);
      past[j] = dh[j] * z[j];
    }
    if (before) recurrent.transposed(da, 2 * H, 3 * H, dq);
    for (let j = 0; j < H; j++) {
      const gradient = before ? dq[j] * row.seen[j] : da[2 * H + j] * q[j];
      da[j] = gradient * r[j] * (1 - r[j]);
    }
    ds.set(da);
    if (!before) for (let j = 0; j < H; j++) ds[2 * H + j] *= r[j];
    for (let j = 0; j < H; j++) seen[j] = before ? dq[j] * r[j] : 0;
    recurrent.transposed(ds, 0, before ? 2 * H : 3 * H, seen);
    return { da, ds, past, seen, c: zeros(H), operand: before ? q : row.seen };
  },
};

const CELLS = { rnn, lstm, gru } as const;

/** Row n of block t, in an array of blocks [N,width]. */
const rowOf = (array: NumberArray, t: number, n: number, N: number, width: number): NumberArray =>
  array.subarray((t * N + n) * width, (t * N + n + 1) * width);

/**
 * A decoder that attends before every step. The cell's step reads projected[t] + context_t, where
 * context_t is the attention of h_{t−1} over the source (src/core/attention.ts). At padded steps y
 * and the output `attention` are 0, and the states do not change.
 */
export function decoderReference(kind: keyof typeof CELLS): {
  readonly forward: Reference;
  readonly backward: Reference;
} {
  const cell = CELLS[kind];

  /** The arrays of each step of row n. For LSTM, `states` holds all rows of h, then those of c. */
  const windowOf = (
    tensors: Arrays,
    { T, N, H }: { T: number; N: number; H: number },
  ): {
    h: (t: number, n: number) => NumberArray;
    c: (t: number, n: number) => NumberArray;
    seen: (t: number, n: number) => NumberArray;
    gates: (t: number, n: number) => NumberArray;
  } => {
    const states = tensors.states ?? tensors.h;
    return {
      h: (t, n) => rowOf(states, t, n, N, H),
      c: (t, n) => (kind === 'lstm' ? rowOf(states, T + 1 + t, n, N, H) : zeros(H)),
      seen: (t, n) => rowOf(tensors.masked ?? states, t, n, N, H),
      gates: (t, n) => (cell.saved > 0 ? rowOf(tensors.gates, t, n, N, cell.saved * H) : zeros(0)),
    };
  };

  const forward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
    const { projected, h0, c0, weight_hh, bias_hh, y, hn, cn, attention, masked, source_lengths } = tensors;
    const { T, N, S, H } = dims as { T: number; N: number; S: number; H: number };
    const C = cell.gates * H;
    const walk = walkOf(tensors, dims, attributes);
    const recurrent = new Recurrent(H, weight_hh, bias_hh, attributes, operands);
    const attentions = attentionOf(tensors, { ...dims, C }, source_lengths, operands);
    const { h, c, seen, gates } = windowOf(tensors, { T, N, H });
    const mask = (t: number, n: number): void => {
      for (let k = 0; masked && k < H; k++) seen(t, n)[k] = walk.recurrentFactor(n * H + k) * h(t, n)[k];
    };
    for (let n = 0; n < N; n++) {
      h(0, n).set(rowOf(h0, 0, n, N, H));
      if (c0) c(0, n).set(rowOf(c0, 0, n, N, H));
      mask(0, n);
      for (let t = 0; t < T; t++) {
        const input = Float64Array.from(rowOf(projected, t, n, N, C));
        const weights = attentions.forward(t, n, { of: h(t, n), at: 0 }, { of: input, at: 0 });
        const padding = walk.isPadding(t, n);
        const row: Row = { input, h: h(t, n), seen: seen(t, n), c: c(t, n), gates: gates(t, n) };
        row.gates.fill(0);
        const after = padding ? { h: row.h, c: row.c } : cell.forward(row, recurrent);
        h(t + 1, n).set(after.h);
        c(t + 1, n).set(after.c);
        mask(t + 1, n);
        rowOf(y, t, n, N, H).set(padding ? zeros(H) : after.h);
        rowOf(attention, t, n, N, S).set(padding ? zeros(S) : weights);
      }
      rowOf(hn, 0, n, N, H).set(h(T, n));
      if (cn) rowOf(cn, 0, n, N, H).set(c(T, n));
    }
  };

  /**
   * From the last step to the first: back through the cell, then back through attention, whose
   * gradient of h_{t−1} is added to what flows on. dprojected[t] is the gradient of the context, too.
   */
  const backward: Reference = (tensors, dims, attributes, operands = asTheyAre) => {
    const { weight_hh, bias_hh, source_lengths, dy, dhn, dcn, dattention, dh } = tensors;
    const { dprojected, dweight_hh, dbias_hh, dh0, dc0 } = tensors;
    const { dweight_query, dweight_score, dkeys, dvalues } = tensors;
    const { T, N, S, H } = dims as { T: number; N: number; S: number; H: number };
    const C = cell.gates * H;
    const walk = walkOf(tensors, dims, attributes);
    const recurrent = new Recurrent(H, weight_hh, bias_hh, attributes, operands);
    const attentions = attentionOf(tensors, { ...dims, C }, source_lengths, operands);
    const { h, c, seen, gates } = windowOf(tensors, { T, N, H });
    for (const sums of [dweight_hh, dbias_hh, dweight_query, dweight_score, dkeys, dvalues, dprojected, dh])
      sums?.fill(0);
    for (let n = 0; n < N; n++) {
      const flowing = dhn ? Float64Array.from(rowOf(dhn, 0, n, N, H)) : zeros(H);
      let cells = dcn ? Float64Array.from(rowOf(dcn, 0, n, N, H)) : zeros(H);
      for (let t = T - 1; t >= 0; t--) {
        const state = { of: h(t, n), at: 0 };
        if (walk.isPadding(t, n)) {
          attentions.backward(t, n, state, undefined, undefined, undefined);
          continue;
        }
        if (dy) for (let k = 0; k < H; k++) flowing[k] += dy[(t * N + n) * H + k];
        if (dh) rowOf(dh, t, n, N, H).set(flowing);
        const row: Row = { input: zeros(0), h: h(t, n), seen: seen(t, n), c: c(t, n), gates: gates(t, n) };
        const after = { h: h(t + 1, n), c: c(t + 1, n) };
        const gradients = cell.backward(row, recurrent, after, flowing, cells);
        const { da, ds, past, operand } = gradients;
        cells = gradients.c;
        if (dprojected) rowOf(dprojected, t, n, N, C).set(da);
        const [left, candidates, others] = [operands(ds), operands(operand), operands(row.seen)];
        for (let j = 0; j < C; j++) {
          if (dbias_hh) dbias_hh[j] += ds[j];
          const right = j >= 2 * H ? candidates : others;
          for (let k = 0; dweight_hh && k < H; k++) dweight_hh[j * H + k] += left[j] * right[k];
        }
        for (let k = 0; k < H; k++)
          flowing[k] = past[k] + walk.recurrentFactor(n * H + k) * gradients.seen[k];
        attentions.backward(
          t,
          n,
          state,
          { of: da, at: 0 },
          dattention && { of: dattention, at: (t * N + n) * S },
          { of: flowing, at: 0 },
        );
      }
      if (dh0) rowOf(dh0, 0, n, N, H).set(flowing);
      if (dc0) rowOf(dc0, 0, n, N, H).set(cells);
    }
  };

  return { forward, backward };
}

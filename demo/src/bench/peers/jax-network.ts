import { nn, numpy as np } from '@jax-js/jax';
import type { Workload } from '../../../../src/bench/index.js';
import type { hyperparameters } from './host.js';

/**
 * Arrays by name, such as the parameters `input0` [V,G*H], `recurrent0` [H,G*H], `bias0` [G*H],
 * `head.weight` [H,V].
 */
export type Arrays = Record<string, np.Array>;

/**
 * Returns W_ih·x of a layer, [rows,G*H]; in the first layer the weight's rows by ids. Consumes its
 * arguments.
 */
export function forward(parameters: Arrays, layer: number, x: np.Array): np.Array {
  const weight = parameters[`input${layer}`];
  return layer === 0 ? np.take(weight, x, 0) : np.matmul(x, weight);
}

/** Takes one time step of a layer: h and, for an LSTM, c, each [N,H]. Consumes its arguments. */
export function step(
  cell: Workload['cell'],
  projected: np.Array,
  recurrent: np.Array,
  bias: np.Array,
  states: readonly np.Array[],
): np.Array[] {
  const [h, c] = states;
  switch (cell) {
    case 'rnn':
      return [np.tanh(projected.add(np.matmul(h, recurrent).add(bias)))];
    case 'lstm': {
      const gates = projected.add(np.matmul(h, recurrent).add(bias));
      const [i, f, g, o] = blocks(gates, 4);
      const after = nn
        .sigmoid(f)
        .mul(c)
        .add(nn.sigmoid(i).mul(np.tanh(g)));
      return [nn.sigmoid(o).mul(np.tanh(after.ref)), after];
    }
    case 'gru': {
      const [pr, pz, pn] = blocks(projected, 3);
      const [qr, qz, qn] = blocks(np.matmul(h.ref, recurrent).add(bias), 3);
      const [r, z] = [nn.sigmoid(pr.add(qr)), nn.sigmoid(pz.add(qz))];
      const n = np.tanh(pn.add(r.mul(qn)));
      return [n.ref.add(z.mul(h.sub(n)))];
    }
  }
}

/** Returns the gates of [N,G*H], each [N,H]. */
function blocks(gates: np.Array, count: number): np.Array[] {
  const H = gates.shape[1] / count;
  const parts = Array.from({ length: count }, (_, i) => gates.ref.slice([], [i * H, (i + 1) * H]));
  gates.dispose();
  return parts;
}

/** Returns the loss of a window, unrolled over its time steps. Consumes the parameters and ids. */
export function loss(
  { cell, V, H, L, N, T, loss: kind }: Workload,
  parameters: Arrays,
  ids: np.Array,
  targets: np.Array,
): np.Array {
  let x = ids;
  for (let layer = 0; layer < L; layer++) {
    const projected = forward(parameters, layer, x);
    const [recurrent, bias] = [parameters[`recurrent${layer}`], parameters[`bias${layer}`]];
    let states = Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => np.zeros([N, H]));
    const outputs: np.Array[] = [];
    for (let t = 0; t < T; t++) {
      states = step(cell, projected.ref.slice([t * N, (t + 1) * N]), recurrent.ref, bias.ref, states);
      outputs.push(states[0].ref);
    }
    for (const array of [projected, recurrent, bias, ...states]) array.dispose();
    x = np.concatenate(outputs, 0);
  }
  const logits = np.matmul(x, parameters['head.weight']).add(parameters['head.bias']);
  const chosen = nn.logSoftmax(logits, -1).mul(nn.oneHot(targets, V));
  return chosen.sum().mul(kind === 'sum' ? -1 : -1 / (N * T));
}

/**
 * The arrays that an update consumes; `first` and `second` are the optimizer's state by parameter.
 */
interface UpdateState {
  readonly parameters: Arrays;
  readonly gradients: Arrays;
  readonly first: Arrays;
  readonly second: Arrays;
  /** Number of steps so far [], for Adam. */
  readonly time: np.Array;
}

/**
 * Clips, and takes one step of the optimizer.
 * @returns parameters, first, second and time after it
 */
export function update(
  workload: Workload,
  { rate, epsilon, beta1, beta2 }: ReturnType<typeof hyperparameters>,
  state: UpdateState,
): [Arrays, Arrays, Arrays, np.Array] {
  const { parameters, first, second } = state;
  const gradients = clipped(workload, state.gradients);
  const time = state.time.add(1);
  const after: [Arrays, Arrays, Arrays] = [{}, {}, {}];
  const unbias = (decay: number): np.Array => np.array(1).sub(np.exp(time.ref.mul(Math.log(decay))));
  for (const [name, w] of Object.entries(parameters)) {
    const g = gradients[name];
    switch (workload.optimizer.kind) {
      case 'sgd':
        after[0][name] = w.sub(g.mul(rate));
        break;
      case 'adagrad':
        after[1][name] = first[name].add(np.square(g.ref));
        after[0][name] = w.sub(g.mul(rate).div(np.sqrt(after[1][name].ref.add(epsilon))));
        break;
      case 'adam': {
        after[1][name] = first[name].mul(beta1).add(g.ref.mul(1 - beta1));
        after[2][name] = second[name].mul(beta2).add(np.square(g).mul(1 - beta2));
        const root = np.sqrt(after[2][name].ref.div(unbias(beta2))).add(epsilon);
        after[0][name] = w.sub(after[1][name].ref.div(unbias(beta1)).mul(rate).div(root));
        break;
      }
      default:
        throw new Error(`The benchmark has no ${workload.optimizer.kind} for jax-js.`);
    }
  }
  return [...after, time];
}

function clipped({ clip: { norm, value } }: Workload, gradients: Arrays): Arrays {
  const all = Object.entries(gradients);
  if (norm !== undefined) {
    const squares = all.map(([, gradient]) => np.square(gradient.ref).sum());
    const whole = np.sqrt(squares.reduce((sum, square) => sum.add(square)));
    const factor = np.minimum(np.array(norm).div(whole), 1);
    const scaled = all.map(([name, gradient]) => [name, gradient.mul(factor.ref)] as const);
    factor.dispose();
    return Object.fromEntries(scaled);
  }
  if (value !== undefined)
    return Object.fromEntries(all.map(([name, gradient]) => [name, np.clip(gradient, -value, value)]));
  return gradients;
}

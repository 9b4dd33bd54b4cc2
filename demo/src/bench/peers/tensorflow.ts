import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'; // the package itself registers none
import '@tensorflow/tfjs-backend-webgpu';
import type { DeviceInfo } from '../../../../src/index.js';
import type {
  Contestant,
  Strategy,
  Workload,
  WorkloadData,
  BenchWriter,
} from '../../../../src/bench/index.js';
import { hostWeights, hostWindows, hyperparameters, type HostMatrix } from './host.js';

/**
 * On a software adapter this kernel takes a thirtieth of the time of those that TensorFlow.js
 * chooses for GPUs.
 */
const PACKED_PRODUCTS = 3;

/**
 * TensorFlow.js as a strategy: the network from its ops, gradients by `variableGrads`, updates by
 * its optimizers. Ids gather rows, and inputs are projected before the loop over time.
 */
export async function tensorflowStrategy({ adapter, hardware }: DeviceInfo): Promise<Strategy> {
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js has no WebGPU here.');
  await tf.ready();
  tf.enableProdMode();
  if (!hardware) tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', PACKED_PRODUCTS);
  return {
    name: 'TensorFlow.js webgpu',
    version: tf.version_core,
    adapter,
    runtime: 'browser',
    prepare: (data) => Promise.resolve(new TensorflowTraining(data)),
    prepareWriter: (data) => Promise.resolve(new TensorflowWriter(data)),
  };
}

/** TensorFlow.js requires unique names of variables. */
let networks = 0;

/** The variables of a network and its forward pass. */
class Network {
  readonly #name = `network${++networks}`;
  readonly layers: readonly {
    readonly input: tf.Variable;
    readonly recurrent: tf.Variable;
    readonly bias: tf.Variable;
  }[];
  readonly head: { readonly weight: tf.Variable; readonly bias: tf.Variable };

  constructor(readonly data: WorkloadData) {
    const { layers, head } = hostWeights(data);
    const matrix = ({ data: values, shape }: HostMatrix, name: string): tf.Variable =>
      tf.variable(tf.tensor2d(values, shape), true, `${this.#name}.${name}`);
    const vector = (values: Float32Array, name: string): tf.Variable =>
      tf.variable(tf.tensor1d(values), true, `${this.#name}.${name}`);
    this.layers = layers.map(({ input, recurrent, bias }, l) => ({
      input: matrix(input, `input${l}`),
      recurrent: matrix(recurrent, `recurrent${l}`),
      bias: vector(bias, `bias${l}`),
    }));
    this.head = { weight: matrix(head.weight, 'head.weight'), bias: vector(head.bias, 'head.bias') };
  }

  get workload(): Workload {
    return this.data.workload;
  }

  /** @returns W_ih·x [rows,G*H] of a layer; in the first layer the weight's rows by ids */
  project(layer: number, x: tf.Tensor): tf.Tensor2D {
    const { input } = this.layers[layer];
    return (layer === 0 ? tf.gather(input, x) : tf.matMul(x, input)) as tf.Tensor2D;
  }

  /**
   * Takes one time step of a layer.
   * @param projected [N,G*H]
   * @param state h and, for an LSTM, c, each [N,H]
   */
  step(layer: number, projected: tf.Tensor2D, [h, c]: readonly tf.Tensor2D[]): readonly tf.Tensor2D[] {
    const { recurrent, bias } = this.layers[layer];
    const product = tf.add(tf.matMul(h, recurrent as tf.Tensor as tf.Tensor2D), bias);
    switch (this.workload.cell) {
      case 'rnn':
        return [tf.tanh(tf.add<tf.Tensor2D>(projected, product))];
      case 'lstm': {
        const [i, f, g, o] = tf.split(tf.add(projected, product), 4, 1);
        const cell = tf.add<tf.Tensor2D>(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
        return [tf.mul(tf.sigmoid(o), tf.tanh(cell)), cell];
      }
      case 'gru': {
        const [pr, pz, pn] = tf.split(projected, 3, 1);
        const [qr, qz, qn] = tf.split(product, 3, 1);
        const [r, z] = [tf.sigmoid(tf.add(pr, qr)), tf.sigmoid(tf.add(pz, qz))];
        const n = tf.tanh(tf.add(pn, tf.mul(r, qn)));
        return [tf.add(n, tf.mul(z, tf.sub(h, n)))];
      }
    }
  }

  /** Returns zero states of N rows for each layer. */
  zeroStates(N: number): (readonly tf.Tensor2D[])[] {
    const { H, L, cell } = this.workload;
    return Array.from({ length: L }, () =>
      Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => tf.zeros<tf.Rank.R2>([N, H])),
    );
  }

  logits(y: tf.Tensor2D): tf.Tensor2D {
    return tf.add(tf.matMul(y, this.head.weight as tf.Tensor as tf.Tensor2D), this.head.bias);
  }

  dispose(): void {
    for (const { input, recurrent, bias } of this.layers) tf.dispose([input, recurrent, bias]);
    tf.dispose([this.head.weight, this.head.bias]);
  }
}

class TensorflowTraining implements Contestant {
  readonly #network: Network;
  readonly #optimizer: tf.Optimizer;
  readonly #next: ReturnType<typeof hostWindows>;

  constructor(readonly data: WorkloadData) {
    this.#network = new Network(data);
    this.#optimizer = optimizerOf(data.workload);
    this.#next = hostWindows(data);
  }

  async train(steps: number, wanted: 'every loss' | 'last loss'): Promise<readonly number[]> {
    const losses: tf.Tensor[] = [];
    for (let step = 0; step < steps; step++) {
      losses.push(this.#step());
      if (wanted === 'last loss' && losses.length > 1) losses.shift()?.dispose();
    }
    const values = await Promise.all(losses.map((loss) => loss.data()));
    tf.dispose(losses);
    return values.map(([value]) => value);
  }

  #step(): tf.Scalar {
    const { inputs, targets } = this.#next();
    return tf.tidy(() => {
      const ids = tf.tensor1d(inputs, 'int32');
      const labels = tf.oneHot(tf.tensor1d(targets, 'int32'), this.data.workload.V, 1, 0, 'float32');
      const { value, grads } = tf.variableGrads(() => this.#loss(ids, labels));
      this.#optimizer.applyGradients(this.#clipped(grads));
      return value;
    });
  }

  #loss(ids: tf.Tensor1D, labels: tf.Tensor): tf.Scalar {
    const { N, T, L, loss } = this.data.workload;
    let x: tf.Tensor = ids;
    const states = this.#network.zeroStates(N);
    for (let layer = 0; layer < L; layer++) {
      const projected = tf.split(this.#network.project(layer, x), T, 0);
      const outputs: tf.Tensor2D[] = [];
      for (let t = 0; t < T; t++) {
        states[layer] = this.#network.step(layer, projected[t] as tf.Tensor2D, states[layer]);
        outputs.push(states[layer][0]);
      }
      x = tf.concat(outputs, 0);
    }
    return tf.losses.softmaxCrossEntropy(
      labels,
      this.#network.logits(x as tf.Tensor2D),
      undefined,
      undefined,
      loss === 'sum' ? tf.Reduction.SUM : tf.Reduction.MEAN,
    );
  }

  #clipped(gradients: tf.NamedTensorMap): tf.NamedTensorMap {
    const { norm, value } = this.data.workload.clip;
    const all = Object.entries(gradients);
    if (norm !== undefined) {
      const whole = tf.sqrt(tf.addN(all.map(([, gradient]) => tf.sum(tf.square(gradient)))));
      const factor = tf.minimum(1, tf.div(norm, whole));
      return Object.fromEntries(all.map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
    }
    if (value !== undefined)
      return Object.fromEntries(
        all.map(([name, gradient]) => [name, tf.clipByValue(gradient, -value, value)]),
      );
    return gradients;
  }

  dispose(): void {
    this.#network.dispose();
    this.#optimizer.dispose();
  }
}

/**
 * Its Adagrad adds an epsilon within the root, so the initial sum of squares is lower by that
 * amount.
 */
function optimizerOf(workload: Workload): tf.Optimizer {
  const { rate, epsilon, beta1, beta2 } = hyperparameters(workload);
  switch (workload.optimizer.kind) {
    case 'adagrad':
      return tf.train.adagrad(rate, epsilon - tf.backend().epsilon());
    case 'adam':
      return tf.train.adam(rate, beta1, beta2, epsilon);
    case 'sgd':
      return tf.train.sgd(rate);
    default:
      throw new Error(`The benchmark has no ${workload.optimizer.kind} for TensorFlow.js.`);
  }
}

/** Ids stay on the GPU from character to character, and are read together. */
class TensorflowWriter implements BenchWriter {
  readonly #network: Network;

  constructor(readonly data: WorkloadData) {
    this.#network = new Network(data);
  }

  async write(characters: number): Promise<readonly number[]> {
    const written: tf.Tensor[] = [];
    let states = this.#network.zeroStates(1);
    let id: tf.Tensor = tf.tensor1d([0], 'int32');
    const first = id;
    for (let i = 0; i < characters; i++) {
      const before = states;
      const next = tf.tidy(() => {
        let x: tf.Tensor = id;
        const after = before.map((state, layer) => {
          const stepped = this.#network.step(layer, this.#network.project(layer, x), state);
          x = stepped[0];
          return [...stepped];
        });
        return { after, id: tf.argMax(this.#network.logits(x as tf.Tensor2D), 1) };
      });
      tf.dispose(before.map((state) => [...state]));
      [states, id] = [next.after, next.id];
      written.push(id);
    }
    const ids = await tf.concat(written as tf.Tensor1D[]).data();
    tf.dispose([first, ...written, ...states.flat()]);
    return Array.from(ids);
  }

  dispose(): void {
    this.#network.dispose();
  }
}

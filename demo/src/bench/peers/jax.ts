import { defaultDevice, init, jit, numpy as np, valueAndGrad } from '@jax-js/jax';
import { devDependencies } from '../../../../package.json';
import type { DeviceInfo } from '../../../../src/index.js';
import type { Contestant, Strategy, WorkloadData, BenchWriter } from '../../../../src/bench/index.js';
import { hostWeights, hostWindows, hyperparameters, type HostMatrix } from './host.js';
import { forward, loss, step, update, type Arrays } from './jax-network.js';

/**
 * jax-js as a strategy: one `jit` of a whole training step, with gradients by `valueAndGrad` over
 * the unrolled window.
 */
export async function jaxStrategy({ adapter }: DeviceInfo): Promise<Strategy> {
  if (!(await init('webgpu')).includes('webgpu')) throw new Error('jax-js has no WebGPU here.');
  defaultDevice('webgpu');
  return {
    name: 'jax-js webgpu',
    version: devDependencies['@jax-js/jax'],
    adapter,
    runtime: 'browser',
    prepare: (data) => Promise.resolve(new JaxTraining(data)),
    prepareWriter: (data) => Promise.resolve(new JaxWriter(data)),
  };
}

function parametersOf(data: WorkloadData): Arrays {
  const { layers, head } = hostWeights(data);
  const matrix = ({ data: values, shape }: HostMatrix): np.Array => np.array(values).reshape(shape);
  const vector = (values: Float32Array): np.Array => np.array(values);
  return {
    ...Object.fromEntries(
      layers.flatMap(({ input, recurrent, bias }, l) => [
        [`input${l}`, matrix(input)],
        [`recurrent${l}`, matrix(recurrent)],
        [`bias${l}`, vector(bias)],
      ]),
    ),
    'head.weight': matrix(head.weight),
    'head.bias': vector(head.bias),
  };
}

/**
 * A compiled training step: parameters, optimizer state and time are inputs and outputs; the last
 * output is the loss.
 */
type TrainingStep = (
  parameters: Arrays,
  first: Arrays,
  second: Arrays,
  time: np.Array,
  ids: np.Array,
  targets: np.Array,
) => [parameters: Arrays, first: Arrays, second: Arrays, time: np.Array, loss: np.Array];

/** A compiled step of writing. */
type WritingStep = (
  parameters: Arrays,
  id: np.Array,
  states: np.Array[],
) => [id: np.Array, states: np.Array[]];

/** jax-js frees an array with its last use; `.ref` keeps it for another one. */
class JaxTraining implements Contestant {
  readonly #next: ReturnType<typeof hostWindows>;
  readonly #step: TrainingStep;
  readonly #free: () => void;
  #parameters: Arrays;
  #first: Arrays;
  #second: Arrays;
  #time = np.array(0, { dtype: np.float32 });

  constructor(data: WorkloadData) {
    const { workload } = data;
    const { kind } = workload.optimizer;
    this.#next = hostWindows(data);
    this.#parameters = parametersOf(data);
    const zeros = (): Arrays =>
      Object.fromEntries(
        Object.entries(this.#parameters).map(([name, { shape }]) => [name, np.zeros(shape)]),
      );
    this.#first = kind === 'sgd' ? {} : zeros();
    this.#second = kind === 'adam' ? zeros() : {};
    const compiled = jit(
      (
        parameters: Arrays,
        first: Arrays,
        second: Arrays,
        time: np.Array,
        ids: np.Array,
        targets: np.Array,
      ) => {
        const kept = Object.fromEntries(Object.entries(parameters).map(([name, array]) => [name, array.ref]));
        const [value, gradients] = valueAndGrad((now: Arrays) => loss(workload, now, ids, targets))(kept) as [
          np.Array,
          Arrays,
        ];
        return [
          ...update(workload, hyperparameters(workload), { parameters, gradients, first, second, time }),
          value,
        ];
      },
    );
    this.#step = compiled as unknown as TrainingStep;
    this.#free = () => compiled.dispose();
  }

  async train(steps: number, wanted: 'every loss' | 'last loss'): Promise<readonly number[]> {
    const losses: np.Array[] = [];
    for (let i = 0; i < steps; i++) {
      const { inputs, targets } = this.#next();
      const [parameters, first, second, time, value] = this.#step(
        this.#parameters,
        this.#first,
        this.#second,
        this.#time,
        np.array(inputs),
        np.array(targets),
      );
      [this.#parameters, this.#first, this.#second, this.#time] = [parameters, first, second, time];
      losses.push(value);
      if (wanted === 'last loss' && losses.length > 1) losses.shift()?.dispose();
    }
    const values: number[] = [];
    for (const value of losses) values.push(((await value.data()) as Float32Array)[0]);
    return values;
  }

  dispose(): void {
    for (const arrays of [this.#parameters, this.#first, this.#second])
      for (const array of Object.values(arrays)) array.dispose();
    this.#time.dispose();
    this.#free();
  }
}

/** Ids stay on the GPU from character to character, and are read at the end. */
class JaxWriter implements BenchWriter {
  readonly #parameters: Arrays;
  readonly #step: WritingStep;
  readonly #free: () => void;

  constructor(readonly data: WorkloadData) {
    const { workload } = data;
    this.#parameters = parametersOf(data);
    const compiled = jit((parameters: Arrays, id: np.Array, states: np.Array[]) => {
      const after: np.Array[] = [];
      let x = id;
      const perLayer = states.length / workload.L;
      for (let layer = 0; layer < workload.L; layer++) {
        const stepped = step(
          workload.cell,
          forward(parameters, layer, x),
          parameters[`recurrent${layer}`],
          parameters[`bias${layer}`],
          states.slice(layer * perLayer, (layer + 1) * perLayer),
        );
        x = stepped[0].ref;
        after.push(...stepped);
      }
      const logits = np.matmul(x, parameters['head.weight']).add(parameters['head.bias']);
      return [np.argmax(logits, 1), after];
    });
    this.#step = compiled as unknown as WritingStep;
    this.#free = () => compiled.dispose();
  }

  async write(characters: number): Promise<readonly number[]> {
    const { H, L, cell } = this.data.workload;
    const written: np.Array[] = [];
    let states = Array.from({ length: L * (cell === 'lstm' ? 2 : 1) }, () => np.zeros([1, H]));
    let id = np.array(new Int32Array([0]));
    for (let i = 0; i < characters; i++) {
      const parameters = Object.fromEntries(
        Object.entries(this.#parameters).map(([name, array]) => [name, array.ref]),
      );
      [id, states] = this.#step(parameters, id, states);
      written.push(id.ref);
    }
    id.dispose();
    for (const state of states) state.dispose();
    return Array.from((await np.concatenate(written, 0).data()) as Int32Array);
  }

  dispose(): void {
    for (const array of Object.values(this.#parameters)) array.dispose();
    this.#free();
  }
}

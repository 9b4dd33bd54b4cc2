import type { Workload, WorkloadData } from '../../../../src/bench/index.js';

/** A matrix in ordinary memory, row-major. */
export interface HostMatrix {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: [number, number];
}

/** The first weights of a workload, transposed for x·W: layers [C,G*H] and [H,G*H], head [H,V]. */
export interface HostWeights {
  readonly layers: readonly {
    readonly input: HostMatrix;
    readonly recurrent: HostMatrix;
    readonly bias: Float32Array<ArrayBuffer>;
  }[];
  readonly head: { readonly weight: HostMatrix; readonly bias: Float32Array<ArrayBuffer> };
}

/** Gates of a cell, each a block of H columns: LSTM i f g o, GRU r z n. */
export const GATES = { rnn: 1, gru: 3, lstm: 4 } as const;

/** Returns the weights of a workload from PyTorch's names and shapes. */
export function hostWeights(data: WorkloadData): HostWeights {
  const parameters = data.parameters();
  const matrix = (name: string): HostMatrix => {
    const { data: values, shape } = parameters[name];
    return transposed(values, shape[0], shape[1]);
  };
  const vector = (name: string): Float32Array<ArrayBuffer> => Float32Array.from(parameters[name].data);
  return {
    layers: Array.from({ length: data.workload.L }, (_, layer) => ({
      input: matrix(`rnn.weight_ih_l${layer}`),
      recurrent: matrix(`rnn.weight_hh_l${layer}`),
      bias: vector(`rnn.bias_hh_l${layer}`),
    })),
    head: { weight: matrix('head.weight'), bias: vector('head.bias') },
  };
}

function transposed(values: ArrayLike<number>, rows: number, columns: number): HostMatrix {
  const data = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) data[c * rows + r] = values[r * columns + c];
  return { data, shape: [columns, rows] };
}

/** A window's ids [T,N], signed as both systems require. */
export interface HostWindow {
  readonly inputs: Int32Array<ArrayBuffer>;
  readonly targets: Int32Array<ArrayBuffer>;
}

/** Returns the windows of a workload, one after the other. */
export function hostWindows(data: WorkloadData): () => HostWindow {
  const next = data.windows();
  return () => {
    const { inputs, targets } = next();
    return { inputs: Int32Array.from(inputs), targets: Int32Array.from(targets) };
  };
}

/** Returns the numbers of an optimizer by name. */
export function hyperparameters({
  optimizer,
}: Workload): Readonly<Record<'rate' | 'epsilon' | 'beta1' | 'beta2', number>> {
  const { rate, epsilon, beta1, beta2 } = optimizer.options;
  return { rate: Number(rate), epsilon: Number(epsilon), beta1: Number(beta1), beta2: Number(beta2) };
}

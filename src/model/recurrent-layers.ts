import { ShapeError } from '../core/errors.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { ops } from '../ops/index.js';
import type { Device, Memory, Program } from '../plan/device.js';
import { differentiate } from '../plan/differentiate.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';
import { cells, type CellKind, type Nonlinearity } from './cells.js';
import { initialParameters, torchDefault } from './initializers.js';
import { GRADIENTS, ParameterLayout, PARAMETERS, type StateDict } from './parameters.js';
import { applyStack, checkStack, stackParameters, stackStates, type Biases, type CellForm, type StackOptions } from './stack.js';

/** What `RecurrentLayers.create` takes, in PyTorch's terms. */
export interface RecurrentLayersOptions {
  readonly device: Device;
  /** C: features of the input. */
  readonly input: number;
  /** H */
  readonly hidden: number;
  /** L. Default 1. */
  readonly layers?: number;
  /** Default `rnn`. */
  readonly cell?: CellKind;
  /** Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
  /** Default `both`. */
  readonly biases?: Biases;
  /** Default `fused`; `general` is slow and for comparisons. */
  readonly form?: CellForm;
  /** N */
  readonly batch: number;
  /** T */
  readonly time: number;
  /** Decides the initial weights, uniform in ±1/√H. Default 0. */
  readonly seed?: number;
}

/** Arrays by the kind of state: `{ h }`. */
export type NamedArrays = Readonly<Record<string, ArrayLike<number>>>;

/** Results of `forward`. */
export interface RecurrentOutput {
  /** Outputs of the last layer, [T,N,H]. */
  readonly y: Float32Array;
  /** Final states by name, each [L,N,H]: `h`. */
  readonly final: Readonly<Record<string, Float32Array>>;
}

/** Gradients of one window. */
export interface RecurrentGradients {
  /** Gradient of the input, [T,N,C]. */
  readonly x: Float32Array;
  /** Gradients of the initial states by name, each [L,N,H]. */
  readonly initial: Readonly<Record<string, Float32Array>>;
  readonly parameters: StateDict;
}

/** Recurrent layers on their own, as torch.nn.RNN has them: (x, h0) in; outputs and final states out; and the backward pass. */
export class RecurrentLayers {
  #forward: Program | undefined;
  #both: Program | undefined;

  private constructor(
    readonly stack: StackOptions,
    readonly layout: ParameterLayout,
    readonly window: { readonly T: number; readonly N: number },
    readonly device: Device,
    readonly memory: Memory,
  ) {}

  static async create(options: RecurrentLayersOptions): Promise<RecurrentLayers> {
    onlyKnown('layers', options, ['device', 'input', 'hidden', 'layers', 'cell', 'nonlinearity', 'biases', 'form', 'batch', 'time', 'seed']);
    const { device, input, hidden, layers = 1, cell = 'rnn', nonlinearity = 'tanh', biases = 'both', form = 'fused' } = options;
    const stack = checkStack({ input, hidden, layers, cell, nonlinearity, biases, form });
    const window = { T: wholeNumber('time', options.time), N: wholeNumber('batch', options.batch) };
    const layout = new ParameterLayout(stackParameters(stack, '', false));
    const memory = await device.createMemory();
    try {
      await memory.ensure({ name: PARAMETERS, shape: [layout.elements], dtype: 'f32', kind: 'memory' });
      await memory.write(PARAMETERS, initialParameters(layout, torchDefault(hidden), options.seed ?? 0));
      return new RecurrentLayers(stack, layout, window, device, memory);
    } catch (error) {
      memory.dispose();
      throw error;
    }
  }

  /** Replaces the weights by a state_dict of torch.nn.RNN. @throws ShapeError naming everything that does not fit */
  async load(values: StateDict): Promise<void> {
    await this.memory.write(PARAMETERS, this.layout.pack(values));
  }

  /**
   * Runs the layers over a window.
   * @param x [T,N,C]
   * @param initial initial states, each [L,N,H]; zero where left out
   */
  async forward(x: ArrayLike<number>, initial: NamedArrays = {}): Promise<RecurrentOutput> {
    this.#forward ??= await this.device.prepare(layersGraph(this.stack, this.layout, this.window, false), this.memory, { maxSteps: 1 });
    await this.#write(this.#forward, x, initial);
    await this.#forward.submit([{}]);
    return this.#output(this.#forward);
  }

  /**
   * Runs the layers over a window, and the backward pass.
   * @param upstream gradients that arrive at `y` [T,N,H] and at the final states [L,N,H]; zero where left out
   */
  async forwardBackward(
    x: ArrayLike<number>,
    initial: NamedArrays,
    upstream: { readonly y?: ArrayLike<number>; readonly final?: NamedArrays },
  ): Promise<{ readonly output: RecurrentOutput; readonly gradients: RecurrentGradients }> {
    this.#both ??= await this.device.prepare(layersGraph(this.stack, this.layout, this.window, true), this.memory, { maxSteps: 1 });
    const program = this.#both;
    const { T, N } = this.window;
    const { hidden: H } = this.stack;
    await this.#write(program, x, initial);
    await program.write('d(y)', floats('upstream y', '[T,N,H]', upstream.y, T * N * H));
    await this.#writeStates(
      program,
      (name) => `d(final.${name})`,
      upstream.final ?? {},
      (kind) => `upstream ${kind}n`,
    );
    await program.submit([{}]);
    return {
      output: await this.#output(program),
      gradients: {
        x: (await program.read('dx')) as Float32Array,
        initial: await this.#readStates(program, (name) => `dinitial.${name}`),
        parameters: this.layout.unpack(await this.memory.read(GRADIENTS)),
      },
    };
  }

  dispose(): void {
    this.#forward?.dispose();
    this.#both?.dispose();
    this.memory.dispose();
  }

  async #write(program: Program, x: ArrayLike<number>, initial: NamedArrays): Promise<void> {
    const { T, N } = this.window;
    const { input: C } = this.stack;
    await program.write('x', floats('x', '[T,N,C]', x, T * N * C));
    await this.#writeStates(
      program,
      (name) => `initial.${name}`,
      initial,
      (kind) => `${kind}0`,
    );
  }

  async #output(program: Program): Promise<RecurrentOutput> {
    return { y: (await program.read('y')) as Float32Array, final: await this.#readStates(program, (name) => `final.${name}`) };
  }

  /** Kinds of state: `h`, and `c` where the cell has one. */
  get #kinds(): readonly string[] {
    return cells[this.stack.cell].states;
  }

  async #writeStates(program: Program, tensorOf: (name: string) => string, values: NamedArrays, label: (kind: string) => string): Promise<void> {
    const { layers: L, hidden: H } = this.stack;
    const size = this.window.N * H;
    for (const kind of this.#kinds) {
      const whole = floats(label(kind), '[L,N,H]', values[kind], L * size);
      for (let l = 0; l < L; l++) await program.write(tensorOf(`${kind}_l${l}`), whole.subarray(l * size, (l + 1) * size));
    }
  }

  async #readStates(program: Program, tensorOf: (name: string) => string): Promise<Record<string, Float32Array>> {
    const { layers: L, hidden: H } = this.stack;
    const size = this.window.N * H;
    const states: Record<string, Float32Array> = {};
    for (const kind of this.#kinds) {
      states[kind] = new Float32Array(L * size);
      for (let l = 0; l < L; l++) states[kind].set(await program.read(tensorOf(`${kind}_l${l}`)), l * size);
    }
    return states;
  }
}

/** The layers over a window, and the backward pass with every gradient wanted. */
function layersGraph(stack: StackOptions, layout: ParameterLayout, { T, N }: { readonly T: number; readonly N: number }, backward: boolean): Graph {
  const { input: C, hidden: H } = stack;
  const builder = new GraphBuilder();
  const parameters = layout.declare(builder);
  const x = builder.tensor('input', 'x', [T, N, C]);
  const states = (kind: 'input' | 'output', prefix: string): Record<string, Tensor> =>
    Object.fromEntries(stackStates(stack).map((name) => [name, builder.tensor(kind, `${prefix}.${name}`, [N, H])]));
  const initial = states('input', 'initial');
  const final = states('output', 'final');
  const y = builder.tensor('output', 'y', [T, N, H]);
  applyStack(builder, stack, { T, N }, { features: x }, { prefix: '', parameters, initial, final, output: y });
  if (!backward) return builder.graph;

  const upstream: Record<string, Tensor> = { y: builder.tensor('input', 'd(y)', [T, N, H]) };
  for (const tensor of Object.values(final)) upstream[tensor.name] = builder.tensor('input', `d(${tensor.name})`, [N, H]);
  const targets: Record<string, Tensor> = { [PARAMETERS]: builder.tensor('memory', GRADIENTS, [layout.elements]), x: builder.tensor('output', 'dx', [T, N, C]) };
  for (const tensor of Object.values(initial)) targets[tensor.name] = builder.tensor('output', `d${tensor.name}`, [N, H]);
  differentiate(builder, { ops, wanted: [...Object.values(parameters), x, ...Object.values(initial)], upstream, targets });
  return builder.graph;
}

function floats(name: string, shape: string, values: ArrayLike<number> | undefined, length: number): Float32Array {
  if (values && values.length !== length) throw new ShapeError(`${name} must be ${shape} with ${length} elements, but ${values.length} came.`);
  return values ? Float32Array.from(values) : new Float32Array(length);
}

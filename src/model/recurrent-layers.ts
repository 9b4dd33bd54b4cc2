import { OptionError } from '../core/errors.js';
import type { Dims } from '../core/notation.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import type { Device, Memory, Program } from '../plan/device.js';
import { STATES } from './cells.js';
import { checkInitializer, initialParameters, torchDefault } from './initializers.js';
import { flowName, layersGraph, type WindowForm } from './layers-graph.js';
import { GRADIENTS, ParameterLayout, PARAMETERS, type StateDict } from './parameters.js';
import type { NamedArrays, RecurrentGradients, RecurrentLayersOptions, RecurrentOutput, WindowOptions } from './recurrent-layers-options.js';
import { checkStack, directionsOf, outputWidth, placesOf, STACK_DEFAULTS, stackParameters, stepsOf, withDefaults, type StackOptions } from './stack-options.js';
import { readTrace, type LayerTrace } from './trace.js';
import { clearPadding, floatsOf, lengthsOf } from './window-values.js';

/** Recurrent layers on their own, as torch.nn.RNN, LSTM and GRU have them: (x, h0) in; outputs and final states out; and the backward pass. */
export class RecurrentLayers {
  readonly #programs = new Map<string, Program>();
  readonly #seed: number;

  private constructor(
    readonly stack: StackOptions,
    readonly layout: ParameterLayout,
    readonly window: { readonly T: number; readonly N: number },
    readonly device: Device,
    readonly memory: Memory,
    seed: number,
  ) {
    this.#seed = seed;
  }

  /** @throws OptionError for an option that is unknown, out of range or contradicts another */
  static async create(options: RecurrentLayersOptions): Promise<RecurrentLayers> {
    onlyKnown('layers', options, ['device', 'input', 'hidden', ...Object.keys(STACK_DEFAULTS), 'init', 'batch', 'time', 'seed']);
    const { device, batch, time, init, seed, ...given } = options;
    const stack = checkStack(withDefaults(STACK_DEFAULTS, given));
    const start = checkInitializer(init ?? torchDefault(stack.hidden), stack.cell, stack.biases);
    const window = { T: wholeNumber('time', time), N: wholeNumber('batch', batch) };
    const checkedSeed = wholeNumber('seed', seed ?? 0, 0);
    const layout = new ParameterLayout(stackParameters(stack, '', false));
    const memory = await device.createMemory();
    try {
      await memory.ensure({ name: PARAMETERS, shape: [layout.elements], dtype: 'f32', kind: 'memory' });
      await memory.write(PARAMETERS, initialParameters(layout, start, checkedSeed));
      return new RecurrentLayers(stack, layout, window, device, memory, checkedSeed);
    } catch (error) {
      memory.dispose();
      throw error;
    }
  }

  /** Replaces the weights by a state_dict of the torch.nn module. @throws ShapeError naming everything that does not fit */
  async load(values: StateDict): Promise<void> {
    await this.memory.write(PARAMETERS, this.layout.pack(values));
  }

  /** The weights, by PyTorch's names and shapes. */
  async parameters(): Promise<StateDict> {
    return this.layout.unpack(await this.memory.read(PARAMETERS));
  }

  /**
   * Runs the layers over a window.
   * @param x [T,N,C]
   * @param initial initial states, each [L*D,N,H]; one that is left out is zero, and where all are, the learned ones are taken if there are any
   * @returns with `trace: true` also every gate and state of every step
   * @throws ShapeError for arrays that do not fit, and lengths out of range
   */
  async forward(x: ArrayLike<number>, initial?: NamedArrays, options?: WindowOptions & { readonly trace?: false }): Promise<RecurrentOutput>;
  async forward(x: ArrayLike<number>, initial: NamedArrays, options: WindowOptions & { readonly trace: true }): Promise<RecurrentOutput & { readonly trace: LayerTrace }>;
  async forward(x: ArrayLike<number>, initial?: NamedArrays, options?: WindowOptions & { readonly trace?: boolean }): Promise<RecurrentOutput & { readonly trace?: LayerTrace }>;
  async forward(
    x: ArrayLike<number>,
    initial: NamedArrays = {},
    options: WindowOptions & { readonly trace?: boolean } = {},
  ): Promise<RecurrentOutput & { readonly trace?: LayerTrace }> {
    onlyKnown('forward', options, ['lengths', 'step', 'trace']);
    const trace = options.trace === true;
    if (trace && this.stack.form === 'general') throw new OptionError('trace', true, 'false for layers from general ops, which keep no record of their steps');
    const program = await this.#window(x, initial, options, { backward: false, trace, gradientFlow: false });
    await program.submit([{}]);
    const output = await this.#output(program);
    return trace ? { ...output, trace: await readTrace(program, this.stack, this.window, options.lengths) } : output;
  }

  /**
   * Runs the layers over a window, and the backward pass.
   * @param upstream gradients that arrive at the outputs `y`, at `last` and at the final states [L*D,N,H]; zero where left out
   * @param options `gradientFlow: true` gives dL/dh_t of every step, too
   */
  async forwardBackward(
    x: ArrayLike<number>,
    initial: NamedArrays,
    upstream: { readonly y?: ArrayLike<number>; readonly last?: ArrayLike<number>; readonly final?: NamedArrays },
    options: WindowOptions & { readonly gradientFlow?: boolean } = {},
  ): Promise<{ readonly output: RecurrentOutput; readonly gradients: RecurrentGradients }> {
    onlyKnown('forwardBackward', options, ['lengths', 'step', 'gradientFlow']);
    onlyKnown('upstream', upstream, ['y', 'last', 'final']);
    const gradientFlow = options.gradientFlow === true;
    if (gradientFlow && this.stack.form === 'general') throw new OptionError('gradientFlow', true, 'false for layers from general ops, which keep no record of their steps');
    const program = await this.#window(x, initial, options, { backward: true, trace: false, gradientFlow });
    const T = stepsOf(this.stack, this.stack.layers - 1, this.window.T);
    const dims = { T, N: this.window.N, H: this.stack.hidden, D: outputWidth(this.stack) / this.stack.hidden };
    await program.write('d(y)', floatsOf('upstream y', ['T', 'N', 'D*H'], dims, upstream.y));
    await program.write('d(last)', floatsOf('upstream last', ['N', 'D*H'], dims, upstream.last));
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
        ...(gradientFlow ? { flow: await this.#flow(program) } : {}),
      },
    };
  }

  dispose(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
    this.memory.dispose();
  }

  /** The program of this form with everything written that the layers read. */
  async #window(x: ArrayLike<number>, initial: NamedArrays, { lengths, step }: WindowOptions, kind: Pick<WindowForm, 'backward' | 'trace' | 'gradientFlow'>): Promise<Program> {
    const { T, N } = this.window;
    const { input: C, dropout, recurrentDropout, initialState } = this.stack;
    const steps = lengths && lengthsOf(lengths, this.window);
    const key = step === undefined ? undefined : Uint32Array.of(this.#seed, wholeNumber('step', step, 0));
    onlyKnown('initial', initial, STATES[this.stack.cell]);
    const values = floatsOf('x', ['T', 'N', 'C'], { T, N, C }, x);
    if (steps) clearPadding(values, steps, C);
    const form = { ...kind, lengths: steps !== undefined, dropout: key !== undefined && (dropout > 0 || recurrentDropout > 0) };
    const program = await this.#program(form);
    await program.write('x', values);
    await this.#writeStates(
      program,
      (name) => `initial.${name}`,
      initial,
      (state) => `${state}0`,
    );
    if (steps) await program.write('lengths', steps);
    if (key && form.dropout) await program.write('key', key);
    if (initialState === 'learned') await program.write('keep', new Float32Array(N).fill(Object.keys(initial).length > 0 ? 1 : 0));
    return program;
  }

  async #program(form: WindowForm): Promise<Program> {
    const key = JSON.stringify(form);
    let program = this.#programs.get(key);
    if (!program) {
      program = await this.device.prepare(layersGraph(this.stack, this.layout, this.window, form), this.memory, { maxSteps: 1 });
      this.#programs.set(key, program);
    }
    return program;
  }

  async #output(program: Program): Promise<RecurrentOutput> {
    const [y, last] = [await program.read('y'), await program.read('last')];
    return { y: y as Float32Array, last: last as Float32Array, final: await this.#readStates(program, (name) => `final.${name}`) };
  }

  async #flow(program: Program): Promise<Float32Array[][]> {
    const flow: Float32Array[][] = Array.from({ length: this.stack.layers }, () => []);
    for (const { l, direction } of placesOf(this.stack)) flow[l].push((await program.read(flowName(l, direction))) as Float32Array);
    return flow;
  }

  get #stateDims(): Dims {
    return { L: this.stack.layers, D: directionsOf(this.stack), N: this.window.N, H: this.stack.hidden };
  }

  async #writeStates(program: Program, tensorOf: (name: string) => string, values: NamedArrays, label: (kind: string) => string): Promise<void> {
    const size = this.window.N * this.stack.hidden;
    for (const kind of STATES[this.stack.cell]) {
      const whole = floatsOf(label(kind), ['L*D', 'N', 'H'], this.#stateDims, values[kind]);
      for (const [i, { suffix }] of placesOf(this.stack).entries()) await program.write(tensorOf(`${kind}${suffix}`), whole.subarray(i * size, (i + 1) * size));
    }
  }

  async #readStates(program: Program, tensorOf: (name: string) => string): Promise<Record<string, Float32Array>> {
    const size = this.window.N * this.stack.hidden;
    const places = placesOf(this.stack);
    const states: Record<string, Float32Array> = {};
    for (const kind of STATES[this.stack.cell]) {
      states[kind] = new Float32Array(places.length * size);
      for (const [i, { suffix }] of places.entries()) states[kind].set(await program.read(tensorOf(`${kind}${suffix}`)), i * size);
    }
    return states;
  }
}

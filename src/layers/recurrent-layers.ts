import { OptionError, UnrolledError } from '../core/errors.js';
import { onlyKnown, seedNumber, trueOrFalse, wholeNumber } from '../core/options.js';
import { SerialQueue } from '../core/async-turns.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, Memory, Program } from '../plan/device.js';
import { FACTS } from '../cells/facts.js';
import { checkInitializer, initialParameters, torchDefault } from './initializers.js';
import { flowName, layersGraph, type WindowForm } from './layers-graph.js';
import { packMatched, type LoadOptions, type MatchedNames } from './match-names.js';
import { LAYERS_NAMES } from './module-names.js';
import { GRADIENTS, ParameterLayout, PARAMETERS, type StateDict } from './parameters.js';
import type {
  NamedArrays,
  RecurrentGradients,
  RecurrentLayersOptions,
  RecurrentOutput,
  WindowOptions,
} from './recurrent-layers-options.js';
import {
  checkStack,
  placesOf,
  STACK_DEFAULTS,
  stackParameters,
  withDefaults,
  type StackOptions,
} from './stack-options.js';
import { readTrace, type LayerTrace } from './trace.js';
import { checkedUpstream, checkedWindow, type CheckedWindow } from './window-inputs.js';

/**
 * Recurrent layers without a model, like torch.nn.RNN, LSTM and GRU: from (x, h0) they compute
 * outputs, final states and gradients. Calls need not be awaited one by one: they run in the order
 * in which they were made, with copies of their arrays from that time.
 */
export class RecurrentLayers {
  readonly #programs = new Map<string, Program>();
  /** All calls use the same tensors, so they run one after another. */
  readonly #queue = new SerialQueue();
  #running = false;
  #disposed = false;
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

  /**
   * Creates layers with initial weights on a device.
   * @throws OptionError for an option that is unknown, out of range or contradicts another
   */
  static async create(options: RecurrentLayersOptions): Promise<RecurrentLayers> {
    onlyKnown('layers', options, [
      'device',
      'input',
      'hidden',
      ...Object.keys(STACK_DEFAULTS),
      'init',
      'batch',
      'time',
      'seed',
    ]);
    const { device, batch, time, init, seed, ...given } = options;
    checkDevice(device);
    const stack = checkStack(withDefaults(STACK_DEFAULTS, given));
    const start = checkInitializer(init ?? torchDefault(stack.hidden), stack.cell, stack.biases);
    const window = { T: wholeNumber('time', time), N: wholeNumber('batch', batch) };
    const checkedSeed = seedNumber(seed);
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

  /**
   * Replaces the weights by a state_dict of the torch.nn module. Its names may have a prefix.
   * @returns the names that were changed and left out
   * @throws ShapeError that lists everything that does not fit, OptionError for a wrong `map`,
   *   DataError for a number that is not finite
   */
  async load(values: StateDict, options: LoadOptions = {}): Promise<Omit<MatchedNames, 'values'>> {
    const { arena, match } = packMatched(this.layout, values, LAYERS_NAMES, options);
    await this.#turn(() => this.memory.write(PARAMETERS, arena));
    return match;
  }

  /** A copy of the weights, with PyTorch's names and shapes. */
  async parameters(): Promise<StateDict> {
    return this.#turn(async () => this.layout.unpack(await this.memory.read(PARAMETERS)));
  }

  /**
   * Runs the layers over a window.
   * @param x [T,N,C]
   * @param initial initial states by name, each [L*D,N,H]. A missing state is zero. If all are
   *   missing, learned initial states are used, if the layers have them
   * @param options `trace: true` adds every gate and state of every step to the result
   * @throws ShapeError for arrays that do not fit, and for lengths out of range
   */
  async forward(
    x: ArrayLike<number>,
    initial?: NamedArrays,
    options?: WindowOptions & { readonly trace?: false },
  ): Promise<RecurrentOutput>;
  async forward(
    x: ArrayLike<number>,
    initial: NamedArrays,
    options: WindowOptions & { readonly trace: true },
  ): Promise<RecurrentOutput & { readonly trace: LayerTrace }>;
  async forward(
    x: ArrayLike<number>,
    initial?: NamedArrays,
    options?: WindowOptions & { readonly trace?: boolean },
  ): Promise<RecurrentOutput & { readonly trace?: LayerTrace }>;
  async forward(
    x: ArrayLike<number>,
    initial: NamedArrays = {},
    options: WindowOptions & { readonly trace?: boolean } = {},
  ): Promise<RecurrentOutput & { readonly trace?: LayerTrace }> {
    onlyKnown('forward', options, ['lengths', 'step', 'trace']);
    const { trace = false } = options;
    trueOrFalse('trace', trace);
    if (trace && this.stack.form === 'general')
      throw new OptionError(
        'trace',
        true,
        'false for layers from general ops, which keep no record of their steps',
      );
    const kind = { backward: false, trace, gradientFlow: false };
    const window = checkedWindow(this, this.#seed, { x, initial, options, kind });
    return this.#turn(async () => {
      const program = await this.#run(window);
      const output = await this.#readOutput(program);
      return trace
        ? { ...output, trace: await readTrace(program, this.stack, this.window, window.lengths) }
        : output;
    });
  }

  /**
   * Runs the layers over a window, forward and backward.
   * @param x [T,N,C]
   * @param initial see `forward`
   * @param upstream gradients of the loss with respect to `y` [T,N,W], `last` [N,W] and the final
   *   states [L*D,N,H]. Default for each: zero
   * @param options `gradientFlow: true` adds dL/dh_t of every step to the result
   * @throws ShapeError for arrays that do not fit, and for lengths out of range
   */
  async forwardBackward(
    x: ArrayLike<number>,
    initial: NamedArrays,
    upstream: {
      readonly y?: ArrayLike<number>;
      readonly last?: ArrayLike<number>;
      readonly final?: NamedArrays;
    },
    options: WindowOptions & { readonly gradientFlow?: boolean } = {},
  ): Promise<{ readonly output: RecurrentOutput; readonly gradients: RecurrentGradients }> {
    onlyKnown('forwardBackward', options, ['lengths', 'step', 'gradientFlow']);
    onlyKnown('upstream', upstream, ['y', 'last', 'final']);
    const { y, last, final = {} } = upstream;
    const { stack } = this;
    onlyKnown('upstream.final', final, FACTS[stack.cell].states);
    const { gradientFlow = false } = options;
    trueOrFalse('gradientFlow', gradientFlow);
    if (gradientFlow && stack.form === 'general')
      throw new OptionError(
        'gradientFlow',
        true,
        'false for layers from general ops, which keep no record of their steps',
      );
    const kind = { backward: true, trace: false, gradientFlow };
    const window = checkedWindow(this, this.#seed, { x, initial, options, kind });
    window.inputs.push(...checkedUpstream(this, { y, last, final }));
    return this.#turn(async () => {
      const program = await this.#run(window);
      return {
        output: await this.#readOutput(program),
        gradients: {
          x: (await program.read('dx')) as Float32Array,
          initial: await this.#readStates(program, (name) => `dinitial.${name}`),
          parameters: this.layout.unpack(await this.memory.read(GRADIENTS)),
          ...(gradientFlow ? { flow: await this.#readFlow(program) } : {}),
        },
      };
    });
  }

  /**
   * Frees the layers' memory on the device. A running call ends first; calls that still wait are
   * rejected.
   */
  dispose(): void {
    this.#disposed = true;
    if (!this.#running) this.#free();
  }

  /**
   * Runs `work` after all earlier calls have ended.
   * @throws UnrolledError after `dispose`
   */
  async #turn<T>(work: () => Promise<T>): Promise<T> {
    this.#checkNotDisposed();
    return this.#queue.run(async () => {
      this.#checkNotDisposed();
      this.#running = true;
      try {
        return await work();
      } finally {
        this.#running = false;
        if (this.#disposed) this.#free();
      }
    });
  }

  #checkNotDisposed(): void {
    if (this.#disposed) throw new UnrolledError('These layers have been disposed of: create them again.');
  }

  #free(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
    this.memory.dispose();
  }

  /** Runs the program for the window's form. */
  async #run({ form, inputs }: CheckedWindow): Promise<Program> {
    const program = await this.#program(form);
    for (const [tensor, values] of inputs) await program.write(tensor, values);
    await program.submit([{}]);
    return program;
  }

  async #program(form: WindowForm): Promise<Program> {
    const key = JSON.stringify(form);
    let program = this.#programs.get(key);
    if (!program) {
      program = await this.device.prepare(
        layersGraph(this.stack, this.layout, this.window, form),
        this.memory,
        { maxSteps: 1 },
      );
      this.#programs.set(key, program);
    }
    return program;
  }

  async #readOutput(program: Program): Promise<RecurrentOutput> {
    const [y, last] = [await program.read('y'), await program.read('last')];
    return {
      y: y as Float32Array,
      last: last as Float32Array,
      final: await this.#readStates(program, (name) => `final.${name}`),
    };
  }

  /** Reads dL/dh_t [T,N,H] of each layer and direction. */
  async #readFlow(program: Program): Promise<Float32Array[][]> {
    const flow: Float32Array[][] = Array.from({ length: this.stack.layers }, () => []);
    for (const { l, direction } of placesOf(this.stack))
      flow[l].push((await program.read(flowName(l, direction))) as Float32Array);
    return flow;
  }

  /** Reads the states [N,H] of each layer and direction, and joins them to [L*D,N,H] by name. */
  async #readStates(
    program: Program,
    tensorOf: (name: string) => string,
  ): Promise<Record<string, Float32Array>> {
    const size = this.window.N * this.stack.hidden;
    const places = placesOf(this.stack);
    const states: Record<string, Float32Array> = {};
    for (const kind of FACTS[this.stack.cell].states) {
      states[kind] = new Float32Array(places.length * size);
      for (const [i, { suffix }] of places.entries())
        states[kind].set(await program.read(tensorOf(`${kind}${suffix}`)), i * size);
    }
    return states;
  }
}

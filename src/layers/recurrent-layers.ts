import type { DeviceArray } from '../core/arrays.js';
import { OptionError, UnrolledError } from '../core/errors.js';
import type { Dims } from '../core/notation.js';
import { LARGEST_SEED, onlyKnown, seedNumber, trueOrFalse, wholeNumber } from '../core/options.js';
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
  directionsOf,
  placesOf,
  STACK_DEFAULTS,
  stackParameters,
  stepsOf,
  withDefaults,
  type StackOptions,
} from './stack-options.js';
import { readTrace, type LayerTrace } from './trace.js';
import { clearPadding, floatsOf, floatsOrZeros, lengthsOf } from './window-values.js';

/** What a window's program reads, checked and copied when the call was made. */
interface Window {
  readonly form: WindowForm;
  readonly inputs: [tensor: string, values: DeviceArray][];
  /** Time steps of each row, where they were given. */
  readonly lengths: Uint32Array | undefined;
}

/**
 * Recurrent layers on their own, as torch.nn.RNN, LSTM and GRU have them: (x, h0) in; outputs and
 * final states out; and the backward pass. Calls may be made without waiting for those before: they
 * are done in their order, with the values that their arrays had when they were made.
 */
export class RecurrentLayers {
  readonly #programs = new Map<string, Program>();
  /** All calls write and read the same tensors: one after another. */
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

  /** @throws OptionError for an option that is unknown, out of range or contradicts another */
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
   * @returns what was renamed and left out
   * @throws ShapeError naming everything that does not fit, OptionError for a wrong `map`, DataError
   *   for a number that is not finite
   */
  async load(values: StateDict, options: LoadOptions = {}): Promise<Omit<MatchedNames, 'values'>> {
    const { arena, match } = packMatched(this.layout, values, LAYERS_NAMES, options);
    await this.#turn(() => this.memory.write(PARAMETERS, arena));
    return match;
  }

  /** The weights, by PyTorch's names and shapes. */
  async parameters(): Promise<StateDict> {
    return this.#turn(async () => this.layout.unpack(await this.memory.read(PARAMETERS)));
  }

  /**
   * Runs the layers over a window.
   * @param x [T,N,C]
   * @param initial initial states, each [L*D,N,H]; one that is left out is zero, and where all are,
   *   the learned ones are taken if there are any
   * @returns with `trace: true` also every gate and state of every step
   * @throws ShapeError for arrays that do not fit, and lengths out of range
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
    const window = this.#window(x, initial, options, { backward: false, trace, gradientFlow: false });
    return this.#turn(async () => {
      const program = await this.#run(window);
      const output = await this.#output(program);
      return trace
        ? { ...output, trace: await readTrace(program, this.stack, this.window, window.lengths) }
        : output;
    });
  }

  /**
   * Runs the layers over a window, and the backward pass.
   * @param upstream gradients that arrive at the outputs `y`, at `last` and at the final states
   *   [L*D,N,H]; zero where left out
   * @param options `gradientFlow: true` gives dL/dh_t of every step, too
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
    const window = this.#window(x, initial, options, { backward: true, trace: false, gradientFlow });
    const dims = { ...this.#stateDims, T: stepsOf(stack, stack.layers - 1, this.window.T) };
    const W = stack.merge === 'concat' ? 'D*H' : 'H';
    window.inputs.push(
      ['d(y)', floatsOrZeros('upstream y', ['T', 'N', W], dims, y)],
      ['d(last)', floatsOrZeros('upstream last', ['N', W], dims, last)],
    );
    for (const [name, gradient] of this.#states(final, (kind) => `upstream ${kind}n`))
      window.inputs.push([`d(final.${name})`, gradient]);
    return this.#turn(async () => {
      const program = await this.#run(window);
      return {
        output: await this.#output(program),
        gradients: {
          x: (await program.read('dx')) as Float32Array,
          initial: await this.#readStates(program, (name) => `dinitial.${name}`),
          parameters: this.layout.unpack(await this.memory.read(GRADIENTS)),
          ...(gradientFlow ? { flow: await this.#flow(program) } : {}),
        },
      };
    });
  }

  /**
   * Frees everything. A call that is under way ends first; those that wait for their turn are
   * refused.
   */
  dispose(): void {
    this.#disposed = true;
    if (!this.#running) this.#free();
  }

  /**
   * Does `work` when every call before is done.
   * @throws UnrolledError once the layers are disposed of
   */
  async #turn<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseDisposed();
    return this.#queue.run(async () => {
      this.#refuseDisposed();
      this.#running = true;
      try {
        return await work();
      } finally {
        this.#running = false;
        if (this.#disposed) this.#free();
      }
    });
  }

  #refuseDisposed(): void {
    if (this.#disposed) throw new UnrolledError('These layers have been disposed of: create them again.');
  }

  #free(): void {
    for (const program of this.#programs.values()) program.dispose();
    this.#programs.clear();
    this.memory.dispose();
  }

  /** Checks and copies what the layers read. */
  #window(
    x: ArrayLike<number>,
    initial: NamedArrays,
    { lengths, step }: WindowOptions,
    kind: Pick<WindowForm, 'backward' | 'trace' | 'gradientFlow'>,
  ): Window {
    const { T, N } = this.window;
    const { input: C, dropout, recurrentDropout, initialState } = this.stack;
    const steps = lengths === undefined ? undefined : lengthsOf(lengths, this.window);
    const key =
      step === undefined ? undefined : Uint32Array.of(this.#seed, wholeNumber('step', step, 0, LARGEST_SEED));
    onlyKnown('initial', initial, FACTS[this.stack.cell].states);
    const own = floatsOf('x', ['T', 'N', 'C'], { T, N, C }, x);
    if (steps) clearPadding(own, steps, C);
    const form = {
      ...kind,
      lengths: steps !== undefined,
      dropout: key !== undefined && (dropout > 0 || recurrentDropout > 0),
    };
    const inputs: Window['inputs'] = [['x', own]];
    for (const [name, values] of this.#states(initial, (state) => `${state}0`))
      inputs.push([`initial.${name}`, values]);
    if (steps) inputs.push(['lengths', steps]);
    if (key && form.dropout) inputs.push(['key', key]);
    if (initialState === 'learned')
      inputs.push([
        'keep',
        new Float32Array(N).fill(Object.values(initial).some((state) => state !== undefined) ? 1 : 0),
      ]);
    return { form, inputs, lengths: steps };
  }

  /** Runs the program of this form over these inputs. */
  async #run({ form, inputs }: Window): Promise<Program> {
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

  async #output(program: Program): Promise<RecurrentOutput> {
    const [y, last] = [await program.read('y'), await program.read('last')];
    return {
      y: y as Float32Array,
      last: last as Float32Array,
      final: await this.#readStates(program, (name) => `final.${name}`),
    };
  }

  async #flow(program: Program): Promise<Float32Array[][]> {
    const flow: Float32Array[][] = Array.from({ length: this.stack.layers }, () => []);
    for (const { l, direction } of placesOf(this.stack))
      flow[l].push((await program.read(flowName(l, direction))) as Float32Array);
    return flow;
  }

  get #stateDims(): Dims {
    return { L: this.stack.layers, D: directionsOf(this.stack), N: this.window.N, H: this.stack.hidden };
  }

  /** States [L*D,N,H] cut into those of each layer and direction [N,H], by name. */
  #states(values: NamedArrays, label: (kind: string) => string): [name: string, values: Float32Array][] {
    const size = this.window.N * this.stack.hidden;
    return FACTS[this.stack.cell].states.flatMap((kind) => {
      const whole = floatsOrZeros(label(kind), ['L*D', 'N', 'H'], this.#stateDims, values[kind]);
      return placesOf(this.stack).map(({ suffix }, i): [string, Float32Array] => [
        `${kind}${suffix}`,
        whole.subarray(i * size, (i + 1) * size),
      ]);
    });
  }

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

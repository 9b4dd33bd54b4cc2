import { normOf } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { SerialQueue } from '../core/async-turns.js';
import { statesBefore, stepsOfSaved } from '../layers/trace.js';
import { checkDevice, checkMemory } from '../plan/check-device.js';
import type { Device, Feeds, Memory, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import { checkBatch, fieldShape, type Batch } from '../train/batch.js';
import { carriedStateName, checkModel, type Model } from '../train/model.js';
import { Programs } from '../train/programs.js';
import { COUNT } from '../train/training-graph.js';
import { cellStateGradients } from './cell-gradients.js';
import type { Activations } from './inspector.js';
import {
  ATTENTION,
  CHOSEN,
  PREDICTED,
  inputGradient,
  inputsOf,
  inspectionGraph,
  KEEP,
  outputGradientGraph,
  useOf,
} from './model-graphs.js';
import { openRecurrentCalls, type RecurrentCall } from './recurrent-calls.js';

/** What one recurrent layer does in one direction while a model reads a batch. */
export interface LayerInspection {
  /** Name of the module, as in the parameters' names: `rnn`, `encoder`, `decoder`. */
  readonly module: string;
  /** From 0, the layer that reads the input. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  /** Steps: T or S, fewer in the upper layers of a pyramid; 1 more where an image comes first. */
  readonly steps: number;
  /** H */
  readonly hidden: number;
  /**
   * States and gates by name (of an LSTM i, f, g, o, h, c), [steps,N,H] each. A state is the one
   * after the step. Zero behind the end of a row that has a length.
   */
  readonly activations: Activations;
  /**
   * Of a layer that goes forward: its states before the first step by name, [N,H] each. Zero unless
   * something gives it others, such as a summary of a source.
   */
  readonly before: Activations | undefined;
  /**
   * By state, `h` and of an LSTM `c`: the gradient of the batch's mean loss with respect to the state
   * after each step, through all that depends on it, [steps,N,H].
   */
  readonly gradients: Activations | undefined;
}

/** What `ModelInspector.inspect` finds. */
export interface ModelInspection {
  /** In the order in which they run, an encoder before its decoder. */
  readonly layers: readonly LayerInspection[];
  /**
   * Attention weights [T,N,S] of a model that has any. Where a target is padded they mean nothing.
   */
  readonly attention: Float32Array | undefined;
  /** What the model predicts: `logits` or `predictions`, in the shape that it gives them. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

/** Which element of an output is differentiated. */
export interface ChosenOutput {
  /** Name of the output. Default: `logits`, or `predictions` of a regressor. */
  readonly output?: string;
  /** Row of the batch. Default 0. */
  readonly row?: number;
  /** Step, of an output that has one for each step. Default 0. */
  readonly step?: number;
  /** The label, symbol or number of the prediction, from 0. Default 0. */
  readonly index?: number;
}

/** How an element of an output depends on one input of its row. */
export interface InputConnectivity {
  /** Norm of the gradient at each step (or place of a grid; one number for a vector or an image). */
  readonly norms: Float32Array;
  /**
   * The gradient of each step: of features [steps,C], of images [steps,I,J,C], of ids as one-hot
   * vectors [steps,V].
   */
  readonly gradients: Float32Array;
}

/**
 * Looks inside any model while it reads a batch: on the device and memory of a trainer, beside its
 * training, which goes on unchanged. Dropout is off. For character models and texts see `Inspector`.
 */
export class ModelInspector {
  readonly #programs: Programs;
  /** All calls read the same tensors: one after another. */
  readonly #queue = new SerialQueue();

  /** @param memory holds the model's parameters; nothing in it is changed but states of its own */
  constructor(
    readonly model: Model,
    device: Device,
    readonly memory: Memory,
  ) {
    checkModel(model);
    checkDevice(device);
    checkMemory(memory);
    this.#programs = new Programs(device, memory);
  }

  /**
   * States, gates and attention weights; gradients where the batch has targets.
   * @param batch such as `data.loader().next()` or one of `predictionBatches` gives
   * @throws OptionError for a model without recurrent layers of this library, DataError or ShapeError
   *   for a batch that the model cannot read
   */
  async inspect(batch: Batch): Promise<ModelInspection> {
    checkIsBatch(batch);
    return this.#queue.run(() => this.#inspect(batch));
  }

  /**
   * The gradient of one element of an output with respect to the inputs of its row. Of logits, it is
   * the log-probability of class `index` that is differentiated.
   * @returns by field: ids, features, grids
   * @throws OptionError for an element that there is not
   */
  async connectivity(
    batch: Batch,
    chosen: ChosenOutput,
  ): Promise<Readonly<Record<string, InputConnectivity>>> {
    checkIsBatch(batch);
    onlyKnown('connectivity', chosen, ['output', 'row', 'step', 'index']);
    return this.#queue.run(() => this.#connectivity(batch, chosen));
  }

  /** Frees the programs. The memory is its owner's. */
  dispose(): void {
    this.#programs.dispose();
  }

  async #inspect(batch: Batch): Promise<ModelInspection> {
    const { model } = this;
    const { sizes, arrays, count } = batch;
    const backward = count > 0 && Object.keys(model.fields).every((name) => arrays[name] !== undefined);
    const fields = backward ? model.fields : inputsOf(model);
    checkBatch(fields, batch);
    model.checkBatch?.(batch);
    const form = `inspection ${backward}`;
    const opened = openRecurrentCalls(inspectionGraph(model, sizes, backward));
    if (opened.calls.length === 0)
      throw new OptionError('model', model.kind, 'a model with recurrent layers that are ops of `ops`');
    const feeds = this.#feeds(arrays, Object.keys(fields));
    const program = await this.#run(batch, form, opened.graph, {
      ...feeds,
      ...(backward ? { [COUNT]: Float32Array.of(count) } : {}),
    });
    const found = await Promise.all(opened.calls.map((call) => readCall(program, call, feeds)));
    const read = async (name: string): Promise<Float32Array> => (await program.read(name)) as Float32Array;
    const isThere = (name: string): boolean => opened.graph.tensors[name]?.kind === 'output';
    const outputs: Record<string, Float32Array> = {};
    for (const name of PREDICTED) if (isThere(name)) outputs[name] = await read(name);
    return {
      layers: joinCalls(found),
      attention: isThere(ATTENTION) ? await read(ATTENTION) : undefined,
      outputs,
    };
  }

  async #connectivity(
    batch: Batch,
    { output, row = 0, step = 0, index = 0 }: ChosenOutput,
  ): Promise<Readonly<Record<string, InputConnectivity>>> {
    const { model } = this;
    const { sizes, arrays } = batch;
    const fields = inputsOf(model);
    checkBatch(fields, batch);
    model.checkBatch?.(batch);
    const name = output ?? (model.fields.y ? 'predictions' : 'logits');
    const form = `connectivity ${name}`;
    const { graph, inputs, shape } = outputGradientGraph(model, sizes, name);
    const { N } = sizes;
    const C = shape.at(-1) ?? 1;
    const steps = shape.length > 2 ? shape[0] : 1;
    below('row', row, N);
    below('step', step, steps);
    below('index', index, C);
    const at = step * N + row;
    const chosen = name === 'logits' ? new Uint32Array(steps * N).fill(C) : new Float32Array(steps * N * C);
    if (name === 'logits') chosen[at] = index;
    else chosen[at * C + index] = 1;
    const feeds = { ...this.#feeds(arrays, Object.keys(fields)), [CHOSEN]: chosen };
    const program = await this.#run(batch, form, graph, feeds);
    const found: Record<string, InputConnectivity> = {};
    for (const [input, kind] of Object.entries(inputs)) {
      const values = await program.read(inputGradient(input));
      const behindRows = fieldShape(fields[input], sizes).slice(fields[input].shape.indexOf('N') + 1);
      const width = kind === 'features' ? elementCount(behindRows) : kind.symbols;
      found[input] = ofRow(values as Float32Array, row, N, width);
    }
    return found;
  }

  /** The arrays of these fields. Every inspection starts from the first state, zero or learned. */
  #feeds(arrays: Batch['arrays'], names: readonly string[]): Record<string, Feeds[string]> {
    const feeds = Object.fromEntries(names.map((name) => [name, arrays[name]]));
    if (!this.model.states || !arrays[KEEP]) return feeds;
    return { ...feeds, [KEEP]: new Float32Array(arrays[KEEP].length) };
  }

  async #run({ sizes }: Batch, form: string, graph: Graph, feeds: Feeds): Promise<Program> {
    this.#programs.trim();
    const program = await this.#programs.get(sizes, form, () => graph, 1);
    // A state that is not finite would stay so, even where it counts for nothing.
    for (const name of Object.keys(this.model.states ?? {})) {
      const own = carriedStateName(useOf(sizes), name);
      if (this.memory.has(own))
        await this.memory.write(own, new Float32Array((await this.memory.read(own)).length));
    }
    await program.submit([feeds]);
    return program;
  }
}

/** Refuses what is no batch, such as a record. @throws OptionError */
function checkIsBatch(batch: unknown): void {
  const { arrays, sizes } = (typeof batch === 'object' && batch !== null ? batch : {}) as Partial<Batch>;
  if (typeof arrays !== 'object' || typeof sizes !== 'object')
    throw new OptionError('batch', batch, 'a batch, as `await data.loader().next()` gives it');
}

function below(option: string, value: number, count: number): void {
  if (wholeNumber(option, value, 0) >= count)
    throw new OptionError(option, value, `a whole number from 0 to ${count - 1}`);
}

/** One row of gradients [steps,N,width]. */
function ofRow(values: Float32Array, row: number, N: number, width: number): InputConnectivity {
  const steps = values.length / (N * width);
  const gradients = new Float32Array(steps * width);
  for (let s = 0; s < steps; s++)
    gradients.set(values.subarray((s * N + row) * width, (s * N + row + 1) * width), s * width);
  const norms = Float32Array.from({ length: steps }, (_, s) =>
    normOf(gradients.subarray(s * width, (s + 1) * width)),
  );
  return { norms, gradients };
}

/** Reads what a call saved, and what arrived at its states. */
async function readCall(program: Program, call: RecurrentCall, feeds: Feeds): Promise<LayerInspection> {
  const { module, layer, reverse, cell, T, N, H } = call;
  const read = async (name: string): Promise<Float32Array> => (await program.read(name)) as Float32Array;
  const saved: Record<string, Float32Array> = {};
  for (const [key, name] of Object.entries(call.saved)) saved[key] = await read(name);
  const lengths =
    call.lengths === undefined ? undefined : (feeds[call.lengths] ?? (await program.read(call.lengths)));
  const stepsOfRow = (n: number): number => (lengths ? lengths[n] : T);
  const activations = stepsOfSaved(cell, saved, call, reverse, stepsOfRow);
  const dh = call.dh === undefined ? undefined : await read(call.dh);
  const dcn = call.dcn === undefined ? undefined : await read(call.dcn);
  return {
    module,
    layer,
    direction: reverse ? 'reverse' : 'forward',
    steps: T,
    hidden: H,
    activations,
    before: reverse ? undefined : statesBefore(cell, saved, call),
    gradients:
      dh &&
      (activations.c
        ? { h: dh, c: cellStateGradients({ ...activations, dh, dcn }, { T, N, H }, reverse, stepsOfRow) }
        : { h: dh }),
  };
}

/** Calls of one layer in one direction, such as a decoder's single steps, as one. */
function joinCalls(calls: readonly LayerInspection[]): LayerInspection[] {
  const groups = new Map<string, LayerInspection[]>();
  for (const call of calls) {
    const key = `${call.module} ${call.layer} ${call.direction}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()].map((parts) => {
    const [first] = parts;
    if (parts.length === 1) return first;
    const joined = (of: (part: LayerInspection) => Activations): Activations =>
      Object.fromEntries(
        Object.keys(of(first)).map((name) => [name, join(parts.map((part) => of(part)[name]))]),
      );
    return {
      ...first,
      steps: parts.reduce((sum, { steps }) => sum + steps, 0),
      activations: joined(({ activations }) => activations),
      gradients: first.gradients && joined(({ gradients }) => gradients ?? {}),
    };
  });
}

function join(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

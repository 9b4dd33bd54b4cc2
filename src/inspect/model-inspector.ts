import { normOf } from '../core/arrays.js';
import { OptionError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { onlyKnown, wholeNumber } from '../core/options.js';
import { SerialQueue } from '../core/async-turns.js';
import { checkDevice, checkMemory } from '../plan/check-device.js';
import type { Device, Feeds, Memory, Program } from '../plan/device.js';
import type { Graph } from '../plan/graph.js';
import { checkBatch, fieldShape, type Batch } from '../train/batch.js';
import { carriedStateName, checkModel, type Model } from '../train/model.js';
import { ProgramCache } from '../train/program-cache.js';
import { COUNT } from '../train/training-graph.js';
import { joinCalls, readCall, type LayerInspection } from './layer-inspection.js';
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
import { openRecurrentCalls } from './recurrent-calls.js';

/** Result of `ModelInspector.inspect`. */
export interface ModelInspection {
  /** Layers in the order in which they run, such as an encoder before its decoder. */
  readonly layers: readonly LayerInspection[];
  /**
   * Attention weights [T,N,S]; undefined for a model without. At padded targets they are undefined.
   */
  readonly attention: Float32Array | undefined;
  /** Predictions, `logits` or `predictions`, in the shape of the model's output. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

/** The element of an output that is differentiated. */
export interface ChosenOutput {
  /** Name of the output. Default: `logits`, or `predictions` of a regressor. */
  readonly output?: string;
  /** Row of the batch. Default 0. */
  readonly row?: number;
  /** Step of the output, if it has steps. Default 0. */
  readonly step?: number;
  /** Index of the label, symbol or number. Default 0. */
  readonly index?: number;
}

/** How an element of an output depends on one input of its row. */
export interface InputConnectivity {
  /** Norm of the gradient at each step, or place of a grid; one number for a vector or an image. */
  readonly norms: Float32Array;
  /**
   * The gradient at each step: for features [steps,C], for images [steps,I,J,C], for ids, as
   * one-hot vectors, [steps,V].
   */
  readonly gradients: Float32Array;
}

/**
 * Inspects any model with recurrent layers for a batch, with the weights in a memory, such as that
 * of a trainer. It does not change the state of training. Dropout is off. For character models and
 * texts see `Inspector`.
 */
export class ModelInspector {
  readonly #programs: ProgramCache;
  /** All calls use the same tensors, so they run one after another. */
  readonly #queue = new SerialQueue();

  /**
   * @param memory a memory with the model's parameters; the inspector adds states of its own to it
   */
  constructor(
    readonly model: Model,
    device: Device,
    readonly memory: Memory,
  ) {
    checkModel(model);
    checkDevice(device);
    checkMemory(memory);
    this.#programs = new ProgramCache(device, memory);
  }

  /**
   * States, gates and attention weights of a batch; gradients too, if the batch has targets.
   * @param batch a batch, such as from `data.loader().next()` or `predictionBatches`
   * @throws OptionError for a model without recurrent layers of this library, DataError or
   *   ShapeError for a batch that the model cannot read
   */
  async inspect(batch: Batch): Promise<ModelInspection> {
    checkIsBatch(batch);
    return this.#queue.run(() => this.#inspect(batch));
  }

  /**
   * The gradient of one element of an output with respect to the inputs of its row. For logits it
   * is the gradient of the log-probability of class `index`.
   * @returns the gradient of each input by field
   * @throws OptionError for an element that does not exist
   */
  async connectivity(
    batch: Batch,
    chosen: ChosenOutput,
  ): Promise<Readonly<Record<string, InputConnectivity>>> {
    checkIsBatch(batch);
    onlyKnown('connectivity', chosen, ['output', 'row', 'step', 'index']);
    return this.#queue.run(() => this.#connectivity(batch, chosen));
  }

  /** Frees the programs, but not the memory. */
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
    checkBelow('row', row, N);
    checkBelow('step', step, steps);
    checkBelow('index', index, C);
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
      found[input] = connectivityOfRow(values as Float32Array, row, N, width);
    }
    return found;
  }

  /** The arrays of these fields. Every inspection starts from initial states, zero or learned. */
  #feeds(arrays: Batch['arrays'], names: readonly string[]): Record<string, Feeds[string]> {
    const feeds = Object.fromEntries(names.map((name) => [name, arrays[name]]));
    if (!this.model.states || !arrays[KEEP]) return feeds;
    return { ...feeds, [KEEP]: new Float32Array(arrays[KEEP].length) };
  }

  async #run({ sizes }: Batch, form: string, graph: Graph, feeds: Feeds): Promise<Program> {
    this.#programs.trim();
    const program = await this.#programs.get(sizes, form, () => graph, 1);
    // A state that is not finite would stay so, since keep·NaN is NaN even if keep is 0.
    for (const name of Object.keys(this.model.states ?? {})) {
      const own = carriedStateName(useOf(sizes), name);
      if (this.memory.has(own))
        await this.memory.write(own, new Float32Array((await this.memory.read(own)).length));
    }
    await program.submit([feeds]);
    return program;
  }
}

/** Checks that a value is a batch. @throws OptionError for anything else, such as a record */
function checkIsBatch(batch: unknown): void {
  const { arrays, sizes } = (typeof batch === 'object' && batch !== null ? batch : {}) as Partial<Batch>;
  if (typeof arrays !== 'object' || typeof sizes !== 'object')
    throw new OptionError('batch', batch, 'a batch, as `await data.loader().next()` gives it');
}

function checkBelow(option: string, value: number, count: number): void {
  if (wholeNumber(option, value, 0) >= count)
    throw new OptionError(option, value, `a whole number from 0 to ${count - 1}`);
}

/** The gradients of one row of [steps,N,width], and their norms. */
function connectivityOfRow(values: Float32Array, row: number, N: number, width: number): InputConnectivity {
  const steps = values.length / (N * width);
  const gradients = new Float32Array(steps * width);
  for (let s = 0; s < steps; s++)
    gradients.set(values.subarray((s * N + row) * width, (s * N + row + 1) * width), s * width);
  const norms = Float32Array.from({ length: steps }, (_, s) =>
    normOf(gradients.subarray(s * width, (s + 1) * width)),
  );
  return { norms, gradients };
}

import { openDevice, records as makeRecords, type Device } from '../../../../src/index.js';
import { ModelInspector, parametersOnDevice, type Memory, type TaskRunner } from '../../../../src/graph.js';
import type { CellPlace, Sum } from '../../drawing/shape.js';
import type { Unrolled } from '../unrolled.js';
import { replyOf, type Example } from './examples.js';
import type { TaskRun } from './run.js';
import { exampleOf, shapeOf, type Look } from './unrolled-example.js';
import { unrolledSums } from './unrolled-sums.js';

const PARAMETERS = 'parameters';

/** A copy of a run's network with other weights. */
interface Copy {
  readonly run: TaskRun;
  readonly memory: Memory;
  readonly inspector: ModelInspector;
  readonly runner: TaskRunner;
}

/**
 * Runs examples with any weights of a network, in plain loops on the CPU. Nothing has to be
 * compiled, and the training's device is left alone.
 */
export class Unroller {
  #device: Promise<Device> | undefined;
  #copy: Copy | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** The last drawn example, whose terms can be requested. */
  #last: { readonly look: Look; readonly parameters: Float32Array } | undefined;

  /**
   * @param parameters the model's parameters in one array, after this step
   * @throws DataError for an example that cannot be read
   */
  unroll(run: TaskRun, parameters: Float32Array, step: number, example: Example): Promise<Unrolled> {
    // One at a time, because all use the same copy.
    const result = this.#turn.then(() => this.#unroll(run, parameters, step, example));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #unroll(run: TaskRun, parameters: Float32Array, step: number, example: Example): Promise<Unrolled> {
    const { inspector, runner } = await this.#copyOf(run, parameters);
    const predicted = await runner.predict(example.rows ?? [example.record]);
    const reply = replyOf(
      run,
      example,
      predicted.find((one) => one !== undefined),
    );
    const forced = example.wanted !== undefined;
    const learned = example.rows ?? [forced ? example.record : withAnswer(run, example.record, reply)];
    const source = run.open.source(makeRecords.of(learned), 1);
    const batch = await source.loader({ batch: 1, seed: 0 }).next();
    const all = await inspector.inspect(batch);
    // The gradient of its own answer would show nothing about the right one.
    const found = forced
      ? all
      : { ...all, layers: all.layers.map((layer) => ({ ...layer, gradients: undefined })) };
    const look: Look = { run, batch, found, read: example.read, reply, forced };
    this.#last = { look, parameters };
    const matrices = run.trainer.model.layout.specs
      .filter(({ shape }) => shape.length === 2)
      .map(({ name, shape: [rows, columns] }) => ({ name, rows, columns }));
    return { step, shape: shapeOf(look), example: exampleOf(look), read: example.read, matrices, forced };
  }

  /** Returns the terms of one unit's values in the last drawn example. */
  sums(place: CellPlace & { readonly unit: number }): readonly Sum[] {
    if (!this.#last) return [];
    const { look, parameters } = this.#last;
    return unrolledSums(look, look.run.trainer.model.layout.unpack(parameters), place);
  }

  async #copyOf(run: TaskRun, parameters: Float32Array): Promise<Copy> {
    if (this.#copy?.run === run) {
      await this.#copy.memory.write(PARAMETERS, parameters);
      return this.#copy;
    }
    const device = await (this.#device ??= openDevice({ backend: 'reference' }));
    const before = this.#copy;
    before?.inspector.dispose();
    before?.runner.dispose();
    before?.memory.dispose();
    const { model } = run.trainer;
    const memory = await parametersOnDevice(model, model.layout.unpack(parameters), device);
    const inspector = new ModelInspector(model, device, memory);
    this.#copy = { run, memory, inspector, runner: run.open.runner(device, memory) };
    return this.#copy;
  }
}

/** Returns a record whose target is the network's own answer. */
function withAnswer({ open, setup }: TaskRun, record: object, { text, tags }: ReturnType<typeof replyOf>) {
  const { label = open.kind.name === 'tag' ? 'tags' : 'label' } = setup.options;
  switch (open.kind.name) {
    case 'translate':
      return { ...record, target: text };
    case 'caption':
      return { ...record, caption: text };
    case 'tag':
      return { ...record, [label]: tags ?? [] };
    default:
      return { ...record, [label]: text };
  }
}

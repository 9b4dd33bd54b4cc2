import { openDevice, type Batch } from '../../src/index.js';
import { ModelInspector, parametersOnDevice, evaluationGraph, type Model } from '../../src/graph.js';
import { Random, STREAM } from '../../src/core/random.js';
import { PARAMETERS } from '../../src/layers/parameters.js';
import { TOTAL_LOSS } from '../../src/train/training-graph.js';

export const [T, S, N, H, E, C] = [3, 4, 2, 3, 3, 2];
export const LENGTHS = [3, 2];
export const labels = { names: ['a', 'b', 'c'] };
const random = new Random(5, STREAM.test);
export const normals = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, () => 0.7 * random.normal());

export const device = await openDevice({ backend: 'reference', precision: 'double' });

export type Arrays = Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>;

/** Every id but padding is there once: a column of weights belongs to one step of one row. */
export const allDifferent = (steps: number, lengths: readonly number[]): Uint32Array<ArrayBuffer> =>
  Uint32Array.from({ length: steps * N }, (_, i) => (Math.floor(i / N) < lengths[i % N] ? i : steps * N));

export const batchOf = (arrays: Arrays, sizes: Batch['sizes'], count: number): Batch => ({
  arrays,
  sizes,
  count,
  epoch: 0,
  index: 0,
});

/** A model with its weights, and its loss after a change of one of them. */
export class Bench {
  private constructor(
    readonly model: Model,
    readonly batch: Batch,
    readonly arena: Float32Array,
    readonly inspector: ModelInspector,
    readonly lossAt: (arena: Float32Array) => Promise<number>,
  ) {}

  /** @param given the arena of parameters; default random numbers */
  static async make(model: Model, batch: Batch, given?: Float32Array): Promise<Bench> {
    const arena = given ?? model.layout.pack(model.layout.unpack(normals(model.layout.elements)));
    const memory = await parametersOnDevice(model, model.layout.unpack(arena), device);
    const program = await device.prepare(evaluationGraph(model, { sizes: batch.sizes }), memory, {
      maxSteps: 1,
    });
    const lossAt = async (moved: Float32Array): Promise<number> => {
      await memory.write(PARAMETERS, moved.slice());
      const [report] = await program.submit([batch.arrays]);
      await memory.write(PARAMETERS, arena.slice());
      return report[TOTAL_LOSS][0] / batch.count;
    };
    return new Bench(model, batch, arena, new ModelInspector(model, device, memory), lossAt);
  }

  get weights(): ReturnType<Model['layout']['unpack']> {
    return this.model.layout.unpack(this.arena);
  }

  /** dL / d(element of a parameter in PyTorch's shape) by central differences. */
  async difference(name: string, element: number): Promise<number> {
    const epsilon = 2 ** -7;
    const at = async (by: number): Promise<number> => {
      const moved = this.weights;
      moved[name].data[element] += by;
      const { ties } = this.model.layout;
      return this.lossAt(
        this.model.layout.pack(Object.fromEntries(Object.entries(moved).filter(([key]) => !(key in ties)))),
      );
    };
    return ((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon);
  }
}

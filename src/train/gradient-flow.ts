import { normOf } from '../core/arrays.js';
import type { ParameterLayout } from '../layers/parameters.js';
import type { Device, Memory } from '../plan/device.js';
import type { Batch } from './batch.js';
import { carriedStateName, checkBatchOf, type Loss, type Model } from './model.js';
import { ProgramCache } from './program-cache.js';
import { COUNT, gradientGraph, PARAMETER_GRADIENTS } from './training-graph.js';
import type { ClipOptions } from './update.js';

/** Norms of a batch's gradients: of the states by time step, and of the parameters. */
export interface GradientFlow {
  /**
   * The norms of dL/dh_t of each layer and direction; empty for a model without recurrent layers of
   * the library, such as one with a cell of its own.
   */
  readonly layers: readonly LayerFlow[];
  /** The norm of each parameter's gradient, before and after clipping. */
  readonly parameters: readonly { readonly name: string; readonly norm: number; readonly clipped: number }[];
  /** Norm of all gradients together, before clipping. */
  readonly norm: number;
  /** The same after clipping. */
  readonly clipped: number;
}

/** One layer in one direction. */
export interface LayerFlow {
  /** Number of the layer; layer 0 reads the input. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  /**
   * The norm of dL/dh_t over all rows and units, for each time step from the first to the last, in
   * both directions alike. The steps of an encoder are those of the source.
   */
  readonly norms: readonly number[];
}

function stateGradient(layer: number, direction: number): string {
  return `dh.${layer}.${direction}`;
}

/** Measures the gradient flow of batches without changing a trainer's state. */
export class GradientProbe {
  readonly #programs: ProgramCache;

  /**
   * @param memory memory of the trainer; its parameters and carried states are read and not changed
   */
  constructor(
    readonly model: Model,
    readonly options: { readonly loss: Loss; readonly clip: ClipOptions },
    device: Device,
    readonly memory: Memory,
  ) {
    this.#programs = new ProgramCache(device, memory);
  }

  /** The gradient flow of a batch that starts from the states that training carries now. */
  async measure(batch: Batch): Promise<GradientFlow> {
    const { model, memory, options } = this;
    const { stackShape = { layers: 0, directions: 0, hidden: 0 } } = model;
    checkBatchOf(model, batch);
    const { sizes, arrays } = batch;
    const { N } = sizes;
    this.#programs.trim();
    const program = await this.#programs.get(
      sizes,
      'flow',
      () =>
        gradientGraph(model, {
          sizes,
          loss: options.loss,
          inspect: (builder) => ({
            dh: (layer, direction, shape) => builder.tensor('output', stateGradient(layer, direction), shape),
          }),
        }),
      1,
    );
    for (const name of Object.keys(model.states ?? {}))
      if (memory.has(carriedStateName('train', name)))
        await memory.write(
          carriedStateName('probe', name),
          await memory.read(carriedStateName('train', name)),
        );
    const feeds = Object.fromEntries(Object.keys(model.fields).map((name) => [name, arrays[name]]));
    await program.submit([
      {
        ...feeds,
        ...(options.loss === 'mean' ? { [COUNT]: Float32Array.of(Math.max(batch.count, 1)) } : {}),
      },
    ]);
    const layers: LayerFlow[] = [];
    for (let layer = 0; layer < stackShape.layers; layer++) {
      for (let direction = 0; direction < stackShape.directions; direction++) {
        const dh = await program.read(stateGradient(layer, direction));
        const step = N * stackShape.hidden;
        // Encoders have the steps of the source, and upper layers of a pyramidal stack have fewer.
        const norms = Array.from({ length: dh.length / step }, (_, t) =>
          normOf(dh.subarray(t * step, (t + 1) * step)),
        );
        layers.push({ layer, direction: direction === 0 ? 'forward' : 'reverse', norms });
      }
    }
    return { layers, ...clipping(model.layout, await program.read(PARAMETER_GRADIENTS), options.clip) };
  }

  dispose(): void {
    this.#programs.dispose();
  }
}

/**
 * Norms before and after clipping: first all gradients together by norm, then each element by
 * value.
 */
function clipping(
  layout: ParameterLayout,
  arena: ArrayLike<number>,
  clip: ClipOptions,
): Omit<GradientFlow, 'layers'> {
  const norm = normOf(arena);
  // The formula of the op step_summary.
  const factor = clip.norm === undefined ? 1 : Math.min(1, clip.norm / (norm + 1e-6));
  const limit = clip.value ?? Infinity;
  const values = layout.unpack(arena);
  const parameters = layout.specs.map(({ name }) => {
    const { data } = values[name];
    const clipped = data.map((gradient) => Math.max(-limit, Math.min(limit, gradient * factor)));
    return { name, norm: normOf(data), clipped: normOf(clipped) };
  });
  return { parameters, norm, clipped: Math.hypot(...parameters.map(({ clipped }) => clipped)) };
}

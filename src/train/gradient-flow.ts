import { carriedStateName, type CharModel } from '../model/char-model.js';
import type { ParameterLayout } from '../model/parameters.js';
import { ops } from '../ops/index.js';
import type { Device, Memory, Program } from '../plan/device.js';
import { differentiate } from '../plan/differentiate.js';
import { GraphBuilder, type Graph } from '../plan/graph.js';
import type { Window } from '../data/batches.js';
import type { Loss } from './training-graph.js';
import type { ClipOptions } from './update.js';

/** How a window's gradient flows back through time, and what clipping makes of it. */
export interface GradientFlow {
  /**
   * Of every layer and direction: the norm of dL/dh_t over all rows and units, one number for each
   * time step of the window.
   */
  readonly layers: readonly LayerFlow[];
  /** Of every parameter: the norm of its gradient before and after clipping. */
  readonly parameters: readonly { readonly name: string; readonly norm: number; readonly clipped: number }[];
  /** Norm of all gradients together, before and after clipping. */
  readonly norm: number;
  readonly clipped: number;
}

/** One layer in one direction. */
export interface LayerFlow {
  /** From 0, the layer that reads the input. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  /** By time step from the first to the last, in both directions. */
  readonly norms: readonly number[];
}

/** Which loss is differentiated, and over what window: as in training. */
export interface GradientFlowOptions {
  readonly T: number;
  readonly N: number;
  readonly loss: Loss;
  readonly scored: number;
  readonly clip: ClipOptions;
}

/** Name of the probe's output with all parameter gradients. */
const PARAMETER_GRADIENTS = 'gradients.probe';

/**
 * Forward over a window, loss and backward, without an update and without dropout. Feeds: `inputs`
 * and `targets` u32 [T*N], `keep` [N]. Outputs: `dh.<layer>.<direction>` [T,N,H] and the gradients
 * of all parameters.
 */
export function gradientFlowGraph(
  model: CharModel,
  { T, N, loss, scored }: Omit<GradientFlowOptions, 'clip'>,
): Graph {
  const builder = new GraphBuilder();
  const inputs = builder.tensor('feed', 'inputs', [T * N], 'u32');
  const targets = builder.tensor('feed', 'targets', [T * N], 'u32');
  const keep = builder.tensor('feed', 'keep', [N]);
  const parameters = model.layout.declare(builder);
  const arena = builder.get('parameters');
  const dh = (layer: number, direction: number, shape: readonly number[]) =>
    builder.tensor('output', stateGradient(layer, direction), shape);
  const logits = model.apply(builder, parameters, { T, N }, { ids: inputs, keep, inspect: { dh } }, 'probe');
  builder.apply(
    ops.softmax_cross_entropy,
    'loss',
    { logits, targets },
    { scale: loss === 'mean' ? 1 / scored : 1 },
  );
  const gradients = builder.tensor('output', PARAMETER_GRADIENTS, arena.shape);
  differentiate(builder, { ops, wanted: Object.values(parameters), targets: { [arena.name]: gradients } });
  return builder.graph;
}

function stateGradient(layer: number, direction: number): string {
  return `dh.${layer}.${direction}`;
}

/** Measures the gradient flow of a trainer's windows, beside its training. */
export class GradientProbe {
  private constructor(
    readonly model: CharModel,
    readonly options: GradientFlowOptions,
    readonly memory: Memory,
    readonly program: Program,
  ) {}

  /**
   * @param memory that of the trainer: parameters and carried states are read, and neither is
   *   changed
   */
  static async create(
    model: CharModel,
    options: GradientFlowOptions,
    device: Device,
    memory: Memory,
  ): Promise<GradientProbe> {
    return new GradientProbe(
      model,
      options,
      memory,
      await device.prepare(gradientFlowGraph(model, options), memory, { maxSteps: 1 }),
    );
  }

  /** The flow of a window that begins with the states that training carries now. */
  async measure({
    inputs,
    targets,
    keep,
  }: Pick<Window, 'inputs' | 'targets' | 'keep'>): Promise<GradientFlow> {
    const { model, memory, program, options } = this;
    for (const name of model.states)
      await memory.write(carriedStateName('probe', name), await memory.read(carriedStateName('train', name)));
    await program.submit([{ inputs, targets, keep }]);
    const { layers: L, bidirectional, hidden: H } = model.config;
    const layers: LayerFlow[] = [];
    for (let layer = 0; layer < L; layer++) {
      for (let direction = 0; direction < (bidirectional ? 2 : 1); direction++) {
        const dh = await program.read(stateGradient(layer, direction));
        const step = options.N * H;
        const norms = Array.from({ length: options.T }, (_, t) =>
          normOf(dh.subarray(t * step, (t + 1) * step)),
        );
        layers.push({ layer, direction: direction === 0 ? 'forward' : 'reverse', norms });
      }
    }
    return { layers, ...clipping(model.layout, await program.read(PARAMETER_GRADIENTS), options.clip) };
  }

  dispose(): void {
    this.program.dispose();
  }
}

/** First all gradients together by norm, then each element by value. */
function clipping(
  layout: ParameterLayout,
  arena: ArrayLike<number>,
  clip: ClipOptions,
): Omit<GradientFlow, 'layers'> {
  const norm = normOf(arena);
  const factor = clip.norm === undefined ? 1 : Math.min(1, clip.norm / (norm + 1e-6)); // as the op step_summary has it
  const limit = clip.value ?? Infinity;
  const parameters = Object.entries(layout.unpack(arena)).map(([name, { data }]) => {
    const clipped = data.map((gradient) => Math.max(-limit, Math.min(limit, gradient * factor)));
    return { name, norm: normOf(data), clipped: normOf(clipped) };
  });
  return { parameters, norm, clipped: Math.hypot(...parameters.map(({ clipped }) => clipped)) };
}

function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum);
}

import { UnrolledError } from '../core/errors.js';
import { SerialQueue } from '../core/async-turns.js';
import type { Device, Memory } from '../plan/device.js';
import type { Batch } from './batch.js';
import { Evaluator } from './evaluate.js';
import { GradientProbe, type GradientFlow } from './gradient-flow.js';
import type { FieldsOf, Generating, GeneratingModel, GeneratorOf, Loss, Model } from './model.js';
import { Predictor } from './predict.js';
import type { Scale } from './source.js';
import type { ClipOptions } from './update.js';

/**
 * Uses of a trainer's weights besides training: evaluation, prediction, generation, gradient flow.
 * Each has programs of its own over the same memory, and is created on first use.
 */
export class ModelUses<M extends Model> {
  #evaluator: Evaluator<M> | undefined;
  #predictor: Predictor<M> | undefined;
  #generator: Generating | undefined;
  #probe: GradientProbe | undefined;
  readonly #probes = new SerialQueue();

  constructor(
    readonly model: M,
    readonly device: Device,
    readonly memory: Memory,
  ) {}

  get evaluator(): Evaluator<M> {
    return (this.#evaluator ??= new Evaluator(this.model, this.device, this.memory));
  }

  get predictor(): Predictor<M> {
    return (this.#predictor ??= new Predictor(this.model, this.device, this.memory));
  }

  /**
   * @param scales scales of the training source by field, by which conditions are scaled. Default:
   *   none
   * @throws UnrolledError for a model that does not generate
   */
  generator(scales: Readonly<Record<string, Scale>> = {}): GeneratorOf<M> {
    this.#generator ??= openGenerator(this.model, this.device, this.memory);
    this.#generator.scales = scales;
    return this.#generator as GeneratorOf<M>;
  }

  /**
   * The gradient flow of a batch. Calls run one after another, since all use the same tensors for
   * states.
   * @param options options of the trainer, which never change
   * @param batch returns the batch; called when all earlier calls have ended
   */
  gradientFlow(
    options: { readonly loss: Loss; readonly clip: ClipOptions },
    batch: () => Promise<Batch<FieldsOf<M>>> | Batch<FieldsOf<M>>,
  ): Promise<GradientFlow> {
    return this.#probes.run(async () => {
      this.#probe ??= new GradientProbe(this.model, options, this.device, this.memory);
      return this.#probe.measure(await batch());
    });
  }

  dispose(): void {
    this.#evaluator?.dispose();
    this.#predictor?.dispose();
    this.#generator?.dispose();
    this.#probe?.dispose();
  }
}

function openGenerator(model: Model, device: Device, memory: Memory): Generating {
  const generating = model as Partial<GeneratingModel>;
  if (!generating.openGenerator)
    throw new UnrolledError(`A ${model.kind} model does not generate sequences.`);
  return generating.openGenerator(device, memory);
}

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
 * What a trainer's weights are used for besides training. Each use has programs of its own over the
 * same memory, and is made when it is first asked for.
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
   * @param scales by field, of the source of training: conditions come in their own units
   * @throws UnrolledError for a model that does not generate
   */
  generator(scales: Readonly<Record<string, Scale>> = {}): GeneratorOf<M> {
    this.#generator ??= openGenerator(this.model, this.device, this.memory);
    this.#generator.scales = scales;
    return this.#generator as GeneratorOf<M>;
  }

  /**
   * The gradient flow of a batch; one after another, since all carry states in the same tensors.
   * @param options those of the trainer; a trainer never changes them
   * @param batch called when its turn has come
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

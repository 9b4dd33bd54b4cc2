import { OptionError } from '../core/errors.js';
import { evaluateShape } from '../core/notation.js';
import { writeSafetensors, type SafetensorsTensor } from '../io/safetensors.js';
import { onlyKnown } from '../core/options.js';
import { PARAMETERS, type StateDict } from '../layers/parameters.js';
import type { Device } from '../plan/device.js';
import { CHECKPOINT_FORMAT, type Checkpoint } from './checkpoint.js';
import { LOSS_SCALE } from './loss-scale.js';
import { optimizerTensors } from './parameter-groups.js';
import { carriedStateName, type Model } from './model.js';
import type { OnVariantsReplaced } from './replaced-variants.js';
import type { RateSchedule } from './schedules.js';
import { optionsOf, type TrainerOptions } from './trainer-options.js';
import { Trainer } from './trainer.js';

/**
 * Writes the whole state of a training run as a safetensors file: parameters under PyTorch's names,
 * optimizer state such as `adam.mean.<parameter>`, carried states `state.<name>`, in mixed precision
 * the factor of the loss `loss_scale`, and a description in the metadata, with the columns of the
 * records and their means and deviations. Call it while the trainer is not running.
 * @param extra plain data of the program, for `Checkpoint.extra`
 * @returns the bytes of the file
 */
export async function saveCheckpoint<M extends Model>(
  trainer: Trainer<M>,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<Uint8Array> {
  if (!(trainer instanceof Trainer)) throw new OptionError('trainer', trainer, 'a Trainer');
  const { model, config, memory, reading } = trainer;
  const tensors: Record<string, SafetensorsTensor> = {};
  const put = (prefix: string, values: StateDict): void => {
    for (const [name, { shape, data }] of Object.entries(values))
      tensors[prefix + name] = { dtype: 'F32', shape: [...shape], data: data as Float32Array };
  };
  put('', model.layout.unpack(await memory.read(PARAMETERS)));
  for (const name of optimizerTensors(config)) put(`${name}.`, model.layout.unpack(await memory.read(name)));
  if (config.precision)
    tensors[LOSS_SCALE] = { dtype: 'F32', shape: [2], data: await memory.read(LOSS_SCALE) };
  for (const [name, shape] of Object.entries(model.states ?? {})) {
    // The tensors may not exist before the first step.
    if (!memory.has(carriedStateName('train', name))) continue;
    const data = await memory.read(carriedStateName('train', name));
    tensors[`state.${name}`] = { dtype: 'F32', shape: stateShape(shape, data.length), data };
  }
  const { groups, optimizer, ...rest } = config;
  const plain = ({ kind: name, options }: typeof optimizer) => ({ kind: name, options });
  const description = {
    model: { kind: model.kind, config: model.toConfig?.() ?? model.config },
    trainer: {
      ...rest,
      optimizer: plain(optimizer),
      groups: groups.map((group) => ({ ...group, optimizer: plain(group.optimizer) })),
    },
    progress: trainer.progress,
    ...(reading ? { reading } : {}),
    adapter: trainer.device.info.adapter,
    variants: trainer.variants,
    extra,
  };
  return writeSafetensors(tensors, { format: CHECKPOINT_FORMAT, unrolled: JSON.stringify(description) });
}

/** Options of `resumeTrainer`. */
export interface ResumeOptions extends Pick<TrainerOptions, 'sizes'> {
  /**
   * Schedule of the learning rate. For a cosine in a longer run, pass
   * `scheduleOfLength(checkpoint.trainer.schedule, steps)`. Default: the schedule of the
   * checkpoint.
   */
  readonly schedule?: RateSchedule;
  /**
   * Called if the device does not offer some kernel variants that the checkpoint was trained with.
   * Then the run does not continue exactly. On another adapter than before, the device chooses all
   * variants, and nothing is reported. Default: nothing is reported.
   */
  readonly onVariantsReplaced?: OnVariantsReplaced;
}

/**
 * Creates a trainer that continues exactly where the checkpoint was written, on the same adapter with
 * the same kernel variants. It predicts with the
 * columns of the checkpoint, and refuses a source whose numbers are scaled differently.
 * @throws OptionError for a value that is no checkpoint, OutOfMemoryError where the device is too
 *   small
 */
export async function resumeTrainer<M extends Model>(
  checkpoint: Checkpoint<M>,
  device: Device,
  options: ResumeOptions = {},
): Promise<Trainer<M>> {
  onlyKnown('resume', options, ['schedule', 'sizes', 'onVariantsReplaced']);
  const { model, trainer: config } = (
    typeof checkpoint === 'object' && checkpoint !== null ? checkpoint : {}
  ) as Partial<Checkpoint<M>>;
  if (!model || !config)
    throw new OptionError('checkpoint', checkpoint, 'a checkpoint, as readCheckpoint(bytes) gives it');
  // On another adapter the variants would not give the same bits.
  const { adapter, variants = {} } = checkpoint;
  const trainer = await Trainer.create(model, {
    ...optionsOf(config),
    ...options,
    ...(adapter === device.info.adapter ? { variants } : {}),
    device,
  });
  const { memory } = trainer;
  const write = async (name: string, data: Float32Array, shape: readonly number[]): Promise<void> => {
    await memory.ensure({ name, shape: [...shape], dtype: 'f32', kind: 'memory' });
    await memory.write(name, data);
  };
  try {
    await trainer.loadParameters(checkpoint.parameters);
    for (const [tensor, values] of Object.entries(checkpoint.optimizer))
      await write(tensor, model.layout.pack(values), [model.layout.elements]);
    if (checkpoint.lossScale) await write(LOSS_SCALE, checkpoint.lossScale, [2]);
    for (const [name, data] of Object.entries(checkpoint.states)) {
      const shape = stateShape(model.states?.[name] ?? ['N'], data.length);
      await write(carriedStateName('train', name), data, shape);
    }
    trainer.restore(checkpoint.progress, checkpoint.reading);
    return trainer;
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}

/**
 * The shape of a carried state. Its only letter is N, which follows from the number of elements.
 */
function stateShape(shape: readonly (string | number)[], elements: number): number[] {
  const rest = shape.reduce<number>(
    (product, size) => (typeof size === 'number' ? product * size : product),
    1,
  );
  return evaluateShape(shape.map(String), { N: elements / rest });
}

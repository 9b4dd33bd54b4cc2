import { OptionError } from '../core/errors.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, Memory } from '../plan/device.js';
import { PARAMETERS, ParameterLayout, type StateDict } from './parameters.js';

/**
 * Copies a model's parameters to a new memory of a device, for sampling and evaluation without a
 * trainer.
 * @throws OptionError for a model or device that is none; ShapeError or DataError for parameters
 *   that do not fit
 */
export async function parametersOnDevice(
  model: { readonly layout: ParameterLayout },
  parameters: StateDict,
  device: Device,
): Promise<Memory> {
  const { layout } = (typeof model === 'object' && model !== null ? model : {}) as Partial<typeof model>;
  if (!(layout instanceof ParameterLayout))
    throw new OptionError('model', model, 'a model, which has a layout of parameters');
  checkDevice(device);
  const arena = layout.pack(parameters);
  const memory = await device.createMemory();
  await memory.ensure({ name: PARAMETERS, shape: [arena.length], dtype: 'f32', kind: 'memory' });
  await memory.write(PARAMETERS, arena);
  return memory;
}

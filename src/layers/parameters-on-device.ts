import { OptionError } from '../core/errors.js';
import { checkDevice } from '../plan/check-device.js';
import type { Device, Memory } from '../plan/device.js';
import { PARAMETERS, ParameterLayout, type StateDict } from './parameters.js';

/** Puts a model's parameters on a device, for sampling and evaluation without a trainer. */
export async function parametersOnDevice(
  model: { readonly layout: ParameterLayout },
  parameters: StateDict,
  device: Device,
): Promise<Memory> {
  const { layout } = (typeof model === 'object' && model !== null ? model : {}) as Partial<typeof model>;
  if (!(layout instanceof ParameterLayout)) throw new OptionError('model', model, 'a model, with a layout');
  checkDevice(device);
  const arena = layout.pack(parameters);
  const memory = await device.createMemory();
  await memory.ensure({ name: PARAMETERS, shape: [arena.length], dtype: 'f32', kind: 'memory' });
  await memory.write(PARAMETERS, arena);
  return memory;
}

import { DeviceError } from '../core/errors.js';
import type { Plan } from '../plan/compile.js';

/**
 * Checks that no kernel of a plan binds more storage buffers than the device allows. WebGPU
 * guarantees 8; most devices offer more, which `openGpu` requests. Without this check the browser
 * would refuse the bind group layout, and its message would not name the option to leave out.
 * @throws ValidationError that names the kernel and the options
 */
export function checkStorageBuffers({ launches }: Pick<Plan, 'launches'>, limit: number): void {
  for (const { kernel, bound } of launches) {
    const excess = bound.length - limit;
    if (excess <= 0) continue;
    const options = Object.entries(kernel.avoidable ?? {}).flatMap(([name, option]) =>
      bound.some(({ binding }) => binding === name) ? option : [],
    );
    const advice =
      options.length < excess
        ? 'Use'
        : `Leave out ${excess === 1 ? options.join(' or ') : `${excess} of ${options.join(', ')}`}, or use`;
    throw new DeviceError(
      `The kernel ${kernel.name} needs ${bound.length} storage buffers, but this device allows ` +
        `${limit} (maxStorageBuffersPerShaderStage). ${advice} another adapter or the cpu backend`,
      'preparing a plan',
    );
  }
}

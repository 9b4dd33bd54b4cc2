import { DeviceError } from '../core/errors.js';
import type { Plan } from '../plan/compile.js';

/**
 * Refuses a plan with a kernel that binds more storage buffers than the device allows. WebGPU
 * grants 8 to every device; most offer more, which `openGpu` asks for. Without this, the layout of
 * the kernel's bindings would be refused instead, with nothing said of the option that brings the
 * binding too many.
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

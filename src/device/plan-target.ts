import type { DeviceInfo } from '../plan/device.js';
import type { PlanTarget } from '../plan/op.js';

/**
 * Plans for a real GPU fill many thousand lanes; a software adapter has a few cores with four lanes
 * each, whose neighbours exchange values where it has subgroups.
 */
export function planTargetOf({ hardware, features }: Pick<DeviceInfo, 'hardware' | 'features'>): PlanTarget {
  return hardware ? { parallelism: 16384 } : { parallelism: 64, quads: features.includes('subgroups') };
}

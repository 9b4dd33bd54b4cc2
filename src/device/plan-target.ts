import { RULES } from '../ops/lib/rules.js';
import type { DeviceInfo } from '../plan/device.js';
import type { AdapterKind, PlanTarget } from '../plan/op.js';

/** What decides about plans. */
export type PlannedDevice = Pick<DeviceInfo, 'hardware' | 'features'> &
  Partial<Pick<DeviceInfo, 'adapter' | 'workgroupMemory'>>;

/**
 * What planners may know of a device. The neighbours of a software adapter exchange values where it
 * has subgroups.
 */
export function planTargetOf(device: PlannedDevice): PlanTarget {
  const { hardware, features, adapter = '', workgroupMemory } = device;
  const kind = hardware ? hardwareKind(adapter) : 'software';
  return {
    kind,
    parallelism: RULES[kind].parallelism,
    ...(kind === 'software' ? { quads: features.includes('subgroups') } : {}),
    ...(features.includes('subgroups') ? { subgroups: true } : {}),
    ...(workgroupMemory === undefined ? {} : { workgroupMemory }),
  };
}

/** GPUs that are parts of a processor, by name: WebGPU does not say. */
const INTEGRATED =
  /qualcomm|adreno|\barm\b|mali|imagination|img-tec|powervr|broadcom|radeon(?:\(tm\))? (?:vega )?(?:\d+ )?graphics|radeon(?:\(tm\))? \d{3}m\b/i;
/** Cards among Intel's, which are parts of processors else. */
const INTEL_CARD = /\barc\b.*\b[ab]\d{3}/i;

function hardwareKind(adapter: string): AdapterKind {
  if (/\bapple\b/i.test(adapter)) return 'apple';
  if (/\bintel\b/i.test(adapter)) return INTEL_CARD.test(adapter) ? 'discrete' : 'integrated';
  return INTEGRATED.test(adapter) ? 'integrated' : 'discrete';
}

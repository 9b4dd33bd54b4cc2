import { RULES } from '../ops/lib/rules.js';
import type { DeviceInfo } from '../plan/device.js';
import type { AdapterKind, PlanTarget } from '../plan/target.js';

/** The facts that decide about plans. */
export type PlannedDevice = Pick<DeviceInfo, 'hardware' | 'features'> &
  Partial<Pick<DeviceInfo, 'adapter' | 'workgroupMemory' | 'maxTensorBytes'>>;

/**
 * Returns the facts about a device that planners may use. On a software adapter with subgroups,
 * kernels exchange values between the four invocations of a quad.
 */
export function planTargetOf(device: PlannedDevice): PlanTarget {
  const { hardware, features, adapter = '', workgroupMemory, maxTensorBytes } = device;
  const kind = hardware ? hardwareKind(adapter) : 'software';
  return {
    kind,
    parallelism: RULES[kind].parallelism,
    ...(kind === 'software' ? { quads: features.includes('subgroups') } : {}),
    ...(features.includes('subgroups') ? { subgroups: true } : {}),
    ...(features.includes('shader-f16') ? { shaderF16: true } : {}),
    ...(workgroupMemory === undefined ? {} : { workgroupMemory }),
    ...(maxTensorBytes === undefined ? {} : { maxTensorBytes }),
  };
}

/** Matches the names of integrated GPUs, which WebGPU does not distinguish. */
const INTEGRATED = new RegExp(
  String.raw`qualcomm|adreno|\barm\b|mali|imagination|img-tec|powervr|broadcom|` +
    String.raw`radeon(?:\(tm\))? (?:(?:vega )?(?:\d+ )?graphics|\d{3}m\b)`,
  'i',
);
/** Matches Intel's discrete GPUs; its others are integrated. */
const INTEL_CARD = /\barc\b.*\b[ab]\d{3}/i;

function hardwareKind(adapter: string): AdapterKind {
  if (/\bapple\b/i.test(adapter)) return 'apple';
  if (/\bintel\b/i.test(adapter)) return INTEL_CARD.test(adapter) ? 'discrete' : 'integrated';
  return INTEGRATED.test(adapter) ? 'integrated' : 'discrete';
}

import type { Device } from '../plan/device.js';
import type { ProductPrecision } from '../plan/target.js';
import type { Strategy } from './contestants.js';
import { ownStrategy, type OwnStrategyOptions } from './own-strategies.js';

/** The devices and other systems of a benchmark. */
export interface SuiteDevices {
  /** The GPU: its fused plan, its general ops and its kernels are timed. */
  readonly gpu?: Device;
  /** The same adapter with kernels chosen by measuring: `tuned` in the grid and the curves. */
  readonly tuned?: Device;
  /** The CPU: SIMD kernels in WebAssembly. Its single kernels are timed if there is no `gpu`. */
  readonly cpu?: Device;
  /** The reference in single precision, to be timed as well. */
  readonly reference?: Device;
  /** Other systems. */
  readonly peers?: readonly Strategy[];
}

/** The most important first: the last ones are left out if time runs short. */
export function ownStrategies(
  { gpu, tuned, cpu, reference }: SuiteDevices,
  precisions: readonly ProductPrecision[],
): readonly Strategy[] {
  const inPrecisions = (options: OwnStrategyOptions): readonly Strategy[] =>
    precisions.map((precision) => ownStrategy({ ...options, precision }));
  return [
    ...(gpu ? inPrecisions({ name: 'fused', device: gpu, form: 'fused' }) : []),
    ...(tuned ? inPrecisions({ name: 'tuned', device: tuned, form: 'fused', tunes: true }) : []),
    ...(gpu ? inPrecisions({ name: 'general', device: gpu, form: 'general' }) : []),
    ...onProcessors(cpu, reference),
  ];
}

/** Devices by the first part of the names of their strategies. */
export function attentionDevices({ gpu, cpu }: SuiteDevices): Readonly<Record<string, Device>> {
  return { ...(gpu ? { '': gpu } : {}), ...(cpu ? { 'cpu, ': cpu } : {}) };
}

function onProcessors(cpu: Device | undefined, reference: Device | undefined): readonly Strategy[] {
  return [
    ...(cpu ? [ownStrategy({ name: 'cpu', device: cpu, form: 'fused' })] : []),
    ...(reference ? [ownStrategy({ name: 'reference', device: reference, form: 'fused' })] : []),
  ];
}

/**
 * Strategies for writing text: many characters at once, as for samples; awaiting each, as a page
 * that shows them one by one; and the CPU.
 */
export function writers({ gpu, cpu, reference, peers = [] }: SuiteDevices): readonly Strategy[] {
  return [
    ...(gpu
      ? [
          ownStrategy({ name: 'fused', device: gpu, form: 'fused' }),
          ownStrategy({ name: 'fused, each awaited', device: gpu, form: 'fused', charactersAtOnce: 1 }),
        ]
      : []),
    ...(gpu ? [ownStrategy({ name: 'general', device: gpu, form: 'general' })] : []),
    ...onProcessors(cpu, reference),
    ...peers,
  ];
}

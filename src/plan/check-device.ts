import { OptionError, ShapeError } from '../core/errors.js';
import type { Device, Feeds, Memory } from './device.js';

/**
 * Checks that a value is a device. Plain JavaScript may pass anything, most often undefined or a
 * promise that was not awaited.
 * @throws OptionError
 */
export function checkDevice(device: unknown): asserts device is Device {
  if (!hasMethods(device, ['createMemory', 'prepare']))
    throw new OptionError('device', device, 'a device, as `await openDevice()` gives it');
}

/** Checks that a value is a memory of a device. @throws OptionError */
export function checkMemory(memory: unknown): asserts memory is Memory {
  if (!hasMethods(memory, ['ensure', 'read', 'write']))
    throw new OptionError('memory', memory, 'a memory, as `await device.createMemory()` gives it');
}

/** Most steps of one submit unless the caller gives another number. */
export const DEFAULT_MAX_STEPS = 64;

/** @throws ShapeError unless a submit has 1 to `maxSteps` steps */
export function checkStepCount(feeds: readonly Feeds[], maxSteps: number): void {
  if (feeds.length === 0 || feeds.length > maxSteps)
    throw new ShapeError(`A submit takes 1 to ${maxSteps} steps, ${feeds.length} came.`);
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
  );
}

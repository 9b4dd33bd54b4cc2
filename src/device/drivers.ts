import { chooseDrivers, type DriverChoice, type DriverReport } from './choose-drivers.js';

/** The choice of this process, by the environment that it was made in: drivers are asked once. */
const choices = new Map<string, Promise<DriverChoice>>();

/**
 * The Vulkan drivers of this machine, and which of them Dawn gets to see. Empty on systems without
 * Vulkan, and where the package `webgpu` is not installed.
 */
export async function listDrivers(): Promise<readonly DriverReport[]> {
  const present = await import('webgpu').then(
    () => true,
    () => false,
  );
  return present ? ((await driverChoice())?.reports ?? []) : [];
}

/** Which drivers Dawn gets to see; undefined where it finds them by itself. */
export function driverChoice(): Promise<DriverChoice> | undefined {
  if (process.platform !== 'linux') return undefined;
  const key = JSON.stringify(
    Object.entries(process.env).filter(([name]) => /^(?:VK|XDG)_|^HOME$/.test(name)),
  );
  const known = choices.get(key) ?? chooseDrivers(process.env);
  choices.set(key, known);
  return known;
}

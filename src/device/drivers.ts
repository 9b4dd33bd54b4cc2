import { chooseDrivers, type DriverChoice, type DriverReport } from './choose-drivers.js';

/** The choice of this process by its environment, so that drivers are asked only once. */
const choices = new Map<string, Promise<DriverChoice>>();

/**
 * Lists the Vulkan drivers of this machine, and which of them Dawn may use. Empty on systems
 * without Vulkan, and if the package `webgpu` is not installed.
 */
export async function listDrivers(): Promise<readonly DriverReport[]> {
  const present = await import('webgpu').then(
    () => true,
    () => false,
  );
  return present ? ((await driverChoice())?.reports ?? []) : [];
}

/** Returns the drivers that Dawn may use; undefined if it finds them itself. */
export function driverChoice(): Promise<DriverChoice> | undefined {
  if (process.platform !== 'linux') return undefined;
  const key = JSON.stringify(
    Object.entries(process.env).filter(([name]) => /^(?:VK|XDG)_|^HOME$/.test(name)),
  );
  const known = choices.get(key) ?? chooseDrivers(process.env);
  choices.set(key, known);
  return known;
}

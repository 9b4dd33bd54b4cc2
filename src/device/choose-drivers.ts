import { realpathSync } from 'node:fs';
import { probeDrivers, type ProbedDriver, type ProbeOptions } from './driver-probe.js';
import { findSoftwareDriver, namedDrivers, registeredDrivers, type Environment } from './vulkan-files.js';

/** One Vulkan driver of this machine. */
export interface DriverReport {
  /** Path of the driver file. */
  readonly file: string;
  /** Names of the adapters that it offers; undefined if the driver was not asked. */
  readonly adapters: readonly string[] | undefined;
  readonly taken: boolean;
  /** A phrase why it was chosen or rejected. */
  readonly why: string;
}

/** The drivers that Dawn may use. */
export interface DriverChoice {
  /** Paths of driver files; empty if none is usable. */
  readonly files: readonly string[];
  /** A Vulkan loader for machines without one of their own. */
  readonly loader: string | undefined;
  readonly reports: readonly DriverReport[];
}

/** Asks drivers for their adapters: `probeDrivers`, or a stand-in of a test. */
export type AskDrivers = (files: readonly string[], options: ProbeOptions) => Promise<ProbedDriver[]>;

/**
 * Another software adapter replaces SwiftShader only if it is faster by this factor. Timings vary
 * from run to run, and results are equal bit for bit on one adapter only.
 */
const CLEARLY_FASTER = 1.25;

/**
 * Chooses the Vulkan drivers that Dawn may use: those of real GPUs; else those named by
 * VK_DRIVER_FILES, if they work; else the fastest working software adapter, usually SwiftShader.
 * Drivers are asked only if there is a choice.
 */
export async function chooseDrivers(
  environment: Environment,
  ask: AskDrivers = probeDrivers,
): Promise<DriverChoice> {
  const own = findSoftwareDriver(environment);
  const options = { loader: own?.loader };
  const named = namedDrivers(environment);
  const others = (named.length > 0 ? named : registeredDrivers(environment)).filter(
    (file) => !isSameFile(file, own?.file),
  );
  const probed = others.length > 0 ? await ask(others, options) : [];
  const compared = !probed.some(isHardware) && named.length === 0 && probed.some(works);
  const [software] = own && compared ? await ask([own.file], options) : [own];
  const reports = judge(probed, software, named.length > 0);
  return { files: reports.filter(({ taken }) => taken).map(({ file }) => file), ...options, reports };
}

/**
 * @param probed the drivers that are registered or named
 * @param software SwiftShader, if there is one; without adapters if it was not asked
 * @param named whether the environment names the drivers
 */
function judge(
  probed: readonly ProbedDriver[],
  software: { readonly file: string; readonly adapters?: ProbedDriver['adapters'] } | undefined,
  named: boolean,
): DriverReport[] {
  const asked = software?.adapters ? (software as ProbedDriver) : undefined;
  const all = asked ? [...probed, asked] : probed;
  const last = software && !asked ? [software.file] : [];
  const report = (taken: readonly ProbedDriver[], why: string, otherwise: string): DriverReport[] => [
    ...all.map((driver) => ({
      file: driver.file,
      adapters: driver.adapters.map(({ name }) => name),
      taken: taken.includes(driver),
      why: taken.includes(driver) ? why : (faultOf(driver) ?? otherwise),
    })),
    ...last.map((file) => ({ file, adapters: undefined, taken: false, why: otherwise })),
  ];
  const hardware = probed.filter(isHardware);
  if (hardware.length > 0) return report(hardware, 'a real GPU', 'a real GPU comes first');
  const working = all.filter(works);
  if (named && working.length > 0)
    return report(working, 'named in VK_DRIVER_FILES', 'not named in VK_DRIVER_FILES');
  if (working.length > 0) {
    const speeds = working.map((driver) => speedOf(driver) / (driver === asked ? 1 : CLEARLY_FASTER));
    const best = working[speeds.indexOf(Math.max(...speeds))];
    const speed = `${speedOf(best).toPrecision(3)} GFLOP/s`;
    const why =
      working.length > 1 ? `the fastest software adapter: ${speed}` : 'a software adapter that works';
    return report([best], why, `not clearly faster than ${best.adapters[0].name}`);
  }
  return report([], '', '').map((each) =>
    each.file === last[0] ? { ...each, taken: true, why: 'software, which needs no GPU' } : each,
  );
}

function isHardware({ adapters }: ProbedDriver): boolean {
  return adapters.some(({ hardware }) => hardware);
}

function works({ adapters }: ProbedDriver): boolean {
  return adapters.some(({ gigaflops }) => gigaflops !== undefined);
}

function speedOf({ adapters }: ProbedDriver): number {
  return Math.max(...adapters.map(({ gigaflops }) => gigaflops ?? 0));
}

function faultOf(driver: ProbedDriver): string | undefined {
  if (isHardware(driver) || works(driver)) return undefined;
  return driver.fault ?? driver.adapters.find(({ fault }) => fault !== undefined)?.fault;
}

function isSameFile(one: string, other: string | undefined): boolean {
  try {
    return other !== undefined && realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

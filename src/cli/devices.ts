import { totalmem } from 'node:os';
import {
  findBrowser,
  listAdapters,
  listDrivers,
  openDevice,
  type AdapterDescription,
  type DriverReport,
} from '../node.js';
import { formatBytes, type ProductPrecision } from '../graph.js';
import { UsageError } from './failure.js';
import type { Services } from './services.js';
import { tuneWorkloads } from './tuning.js';

/** Limits that decide how large a model can be and how its kernels are laid out; --all prints all. */
const TELLING = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBuffersPerShaderStage',
];

/** All options of `devices`. */
export interface DevicesFlags {
  readonly all?: boolean;
  readonly tune?: boolean;
  readonly only?: readonly string[];
  readonly precision?: readonly ProductPrecision[];
  readonly json?: boolean;
}

/**
 * `unrolled devices`: lists the devices of this machine, and the one that would be used.
 * @returns the exit status
 */
export async function runDevices(flags: DevicesFlags, { terminal }: Services): Promise<number> {
  const { only, precision: precisions = ['single'] } = flags;
  if (only && !flags.tune) throw new UsageError('--only needs --tune, whose models it selects.');
  if (flags.precision && !flags.tune)
    throw new UsageError('--precision needs --tune, whose models are trained in it.');
  const adapters = await listAdapters();
  const drivers = await listDrivers();
  const browser = await findBrowser();
  const use = choice(adapters);
  if (flags.json) {
    for (const adapter of adapters)
      terminal.out(`${JSON.stringify({ event: 'adapter', backend: 'webgpu', ...adapter })}\n`);
    for (const driver of drivers) terminal.out(`${JSON.stringify({ event: 'driver', ...driver })}\n`);
    if (flags.tune) await tuneWorkloads({ only, precisions, json: true }, terminal);
    terminal.out(
      `${JSON.stringify({ event: 'devices', adapters: adapters.length, browser: browser ?? null, memory: totalmem(), use })}\n`,
    );
    return 0;
  }
  if (adapters.length === 0)
    terminal.out(
      'webgpu   no adapter: install the package "webgpu", and a driver of Metal, Direct3D 12 or Vulkan\n',
    );
  for (const adapter of adapters) terminal.out(adapterBlock(adapter, flags.all === true));
  drivers.forEach((driver, i) => terminal.out(`${i === 0 ? 'vulkan' : '      '}   ${driverLine(driver)}\n`));
  terminal.out(
    'chrome   ' +
      `${browser ?? 'no browser found: install Chrome, Chromium or Edge, or name one in CHROME_PATH'}\n`,
  );
  const cpu = await openDevice({ backend: 'cpu' });
  terminal.out(`cpu      ${cpu.info.adapter}, ${cpu.info.runtime}, ${formatBytes(totalmem())} of memory\n\n`);
  cpu.dispose();
  if (flags.tune) await tuneWorkloads({ only, precisions, json: false }, terminal);
  terminal.out(`${flags.tune ? '\n' : ''}--backend auto would use ${use}\n`);
  return 0;
}

function choice(adapters: readonly AdapterDescription[]): string {
  if (adapters.length === 0) return 'cpu: there is no WebGPU adapter';
  const [first] = adapters;
  return first.hardware
    ? `webgpu: ${first.name}, a hardware GPU`
    : `webgpu (${first.name}) or cpu, whichever is faster for the model: it measures both, because ` +
        'there is no hardware GPU';
}

/** A Vulkan driver file: its adapters, and why it was used or refused. */
function driverLine({ file, adapters, taken, why }: DriverReport): string {
  const found = adapters === undefined || adapters.length === 0 ? '' : ` (${adapters.join('; ')})`;
  return `${file}${found}: ${taken ? 'taken' : adapters ? 'refused' : 'not asked'}, ${why}`;
}

function adapterBlock({ name, hardware, features, limits }: AdapterDescription, all: boolean): string {
  const names = Object.keys(limits).filter((limit) => all || TELLING.includes(limit));
  const value = (limit: string): string =>
    limit.endsWith('Size') && limits[limit] >= 1024
      ? `${limits[limit]} (${formatBytes(limits[limit])})`
      : String(limits[limit]);
  return [
    `webgpu   ${name}, ${hardware ? 'hardware' : 'software'}`,
    `         features: ${features.join(', ') || 'none'}`,
    ...names.map((limit) => `         ${limit} ${value(limit)}`),
    '',
  ].join('\n');
}

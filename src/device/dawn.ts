import { constants } from 'node:os';
import { restDuring } from './dawn-rest.js';
import { quietVariables } from './driver-probe.js';
import type { DriverChoice, DriverReport } from './choose-drivers.js';
import { driverChoice } from './drivers.js';
import { tuningFileStore } from './tuning/file-store.js';
import type { TuningStore } from './tuning/record.js';

/** Keeps a library loaded after dlopen's handle is closed; from Linux's <dlfcn.h>. */
const RTLD_NODELETE = 0x1000;

/**
 * Every Dawn that this process has opened. Dawn polls for results between turns of the event loop,
 * and once more after a device is destroyed. If the garbage collector freed it before that, the
 * process would crash or hang. So none is ever released.
 */
const opened = new Map<string, GPU>();
/** Whether Dawn's methods rest while it works. They are replaced only once. */
let resting = false;

/** The result of `openDawn`: WebGPU, or why there is none. */
export type OpenedDawn =
  { readonly gpu: GPU; readonly note: string } | { readonly gpu: undefined; readonly why: string };

/**
 * Opens WebGPU in Node: Dawn, from the npm package `webgpu`. On Linux it uses the Vulkan drivers
 * that `chooseDrivers` chooses. Nothing is printed if there is none.
 * @param toggles further features of Dawn to enable, by its own names
 */
export async function openDawn(toggles: readonly string[] = []): Promise<OpenedDawn> {
  let dawn: typeof import('webgpu');
  try {
    dawn = await import('webgpu');
  } catch {
    return { gpu: undefined, why: 'install the package "webgpu"' };
  }
  Object.assign(globalThis, dawn.globals);
  if (!resting) {
    resting = true;
    restDuring(GPUDevice.prototype, ['createComputePipelineAsync', 'popErrorScope']);
    restDuring(GPUQueue.prototype, ['onSubmittedWorkDone']);
    restDuring(GPUBuffer.prototype, ['mapAsync']);
  }
  const choice = await driverChoice();
  if (choice?.files.length === 0) return { gpu: undefined, why: refusals(choice.reports) };
  const drivers = choice?.files.join(':') ?? '';
  const enabled = ['allow_unsafe_apis', ...toggles].join(',');
  const create = async (): Promise<GPU | undefined> => {
    const key = `${drivers} ${enabled}`;
    const gpu = opened.get(key) ?? dawn.create([`enable-dawn-features=${enabled}`]);
    opened.set(key, gpu);
    return (await gpu.requestAdapter()) ? gpu : undefined;
  };
  const gpu = choice ? await withDrivers(choice, create) : await create();
  return gpu
    ? { gpu, note: 'Dawn in Node' }
    : { gpu: undefined, why: 'install a driver of Metal, Direct3D 12 or Vulkan, which Dawn works on' };
}

/**
 * Does `work` while the environment names the chosen drivers. The loader reads it when Dawn
 * requests its first adapter; other programs that this process starts must not see it.
 */
async function withDrivers<T>({ files, loader }: DriverChoice, work: () => Promise<T>): Promise<T> {
  if (loader !== undefined) loadVulkanLoader(loader);
  const set = { VK_DRIVER_FILES: files.join(':'), ...quietVariables(process.env) };
  const before = Object.keys(set).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, set);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

/**
 * Loads Chrome's copy of the Vulkan loader, so that Dawn finds it by name. Node reports that the
 * library is not an addon, which is expected.
 */
function loadVulkanLoader(library: string): void {
  try {
    process.dlopen(
      { exports: {} },
      library,
      constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE,
    );
  } catch {
    // "Module did not self-register": the loader is not a Node addon, but it stays loaded.
  }
}

function refusals(reports: readonly DriverReport[]): string {
  const advice = 'install Chrome or Chromium, whose software adapter needs no GPU';
  if (reports.length === 0) return `no Vulkan driver is installed. Install one, or ${advice}`;
  const each = reports.map(({ file, why }) => `${file}: ${why}`).join('; ');
  return `no Vulkan driver works (${each}). Repair one, or ${advice}`;
}

/** In Node, measured variants are stored in the user's cache folder. */
export function defaultTuningStore(): TuningStore | undefined {
  return tuningFileStore();
}

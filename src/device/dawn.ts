import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Keeps a library loaded after dlopen's handle is closed; Linux's <dlfcn.h>. */
const RTLD_NODELETE = 0x1000;

/**
 * Where Chrome and Chromium are installed: each ships a Vulkan loader and the SwiftShader driver.
 */
const CHROME_FOLDERS = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

/** The path of the browser that the set-up script found, or that the environment names. */
function browserFolder(): string | undefined {
  const path = process.env.PUPPETEER_EXECUTABLE_PATH ?? process.env.CHROME_PATH;
  return path && existsSync(path) ? dirname(realpathSync(path)) : undefined;
}

function softwareFolder(): string | undefined {
  const folders = [browserFolder(), ...browserOfSetup(), ...CHROME_FOLDERS].filter(
    (folder) => folder !== undefined,
  );
  return folders.find((folder) => existsSync(join(folder, 'vk_swiftshader_icd.json')));
}

/** The set-up script of a clone notes the browser that it found. */
function browserOfSetup(): string[] {
  const note = join(import.meta.dirname, '../node_modules/.cache/unrolled/browser.json');
  const other = join(import.meta.dirname, '../../node_modules/.cache/unrolled/browser.json');
  return [note, other]
    .filter(existsSync)
    .map((file) => dirname(realpathSync((JSON.parse(readFileSync(file, 'utf8')) as { path: string }).path)));
}

/**
 * Whether a Vulkan driver is registered in one of the loader's own places. Asking Dawn instead
 * would print warnings where there is none.
 */
function hasVulkanDriver(): boolean {
  const roots = ['/etc', '/usr/share', '/usr/local/share', '/usr/local/etc', join(homedir(), '.local/share')];
  return roots.some((root) => {
    const folder = join(root, 'vulkan/icd.d');
    return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json'));
  });
}

/**
 * Loads Chrome's copy of the Vulkan loader, so that Dawn finds it by name. Node reports the library
 * as "no addon", which is expected.
 */
function loadVulkanLoader(folder: string): void {
  const library = join(folder, 'libvulkan.so.1');
  if (!existsSync(library)) return;
  try {
    process.dlopen(
      { exports: {} },
      library,
      constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL | RTLD_NODELETE,
    );
  } catch {
    // "Module did not self-register": the loader is no Node addon, and stays loaded all the same.
  }
}

/**
 * WebGPU in Node: Dawn, from the npm package `webgpu`. Where Vulkan offers no adapter, SwiftShader
 * is taken from an installed Chrome.
 * @returns undefined where the package is not installed or no adapter is to be had
 */
export async function openDawn(): Promise<{ gpu: GPU; note: string } | undefined> {
  let dawn: typeof import('webgpu');
  try {
    dawn = await import('webgpu');
  } catch {
    return undefined;
  }
  Object.assign(globalThis, dawn.globals);
  const flags = ['enable-dawn-features=allow_unsafe_apis'];
  const folder = process.platform === 'linux' ? softwareFolder() : undefined;
  if (folder) {
    loadVulkanLoader(folder);
    if (!process.env.VK_DRIVER_FILES && !hasVulkanDriver())
      process.env.VK_DRIVER_FILES = join(folder, 'vk_swiftshader_icd.json');
  }
  const gpu = dawn.create(flags);
  return (await gpu.requestAdapter()) ? { gpu, note: 'Dawn in Node' } : undefined;
}

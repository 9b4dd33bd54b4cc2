import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Where Chrome and Chromium are installed. Each includes a Vulkan loader and the SwiftShader
 * driver.
 */
const CHROME_FOLDERS = [
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
  '/opt/microsoft/msedge',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

/** Environment variables that the search for drivers reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The software driver included with a Chrome on this machine. */
export interface SoftwareDriver {
  /** SwiftShader's driver file. */
  readonly file: string;
  /** The Vulkan loader in the same folder, if there is one. */
  readonly loader: string | undefined;
}

/** Returns the SwiftShader of the first Chrome that has it; undefined if none does. */
export function findSoftwareDriver(environment: Environment): SoftwareDriver | undefined {
  const folder = [...browserFolders(environment), ...CHROME_FOLDERS].find((candidate) =>
    existsSync(join(candidate, 'vk_swiftshader_icd.json')),
  );
  if (folder === undefined) return undefined;
  const loader = join(folder, 'libvulkan.so.1');
  return {
    file: join(folder, 'vk_swiftshader_icd.json'),
    loader: existsSync(loader) ? loader : undefined,
  };
}

/** Returns the folders of browsers named by the environment or noted by the set-up of a clone. */
function browserFolders(environment: Environment): string[] {
  const named = environment.PUPPETEER_EXECUTABLE_PATH ?? environment.CHROME_PATH;
  const notes = ['..', '../..']
    .map((up) => join(import.meta.dirname, up, 'node_modules/.cache/unrolled/browser.json'))
    .filter(existsSync)
    .map((file) => (JSON.parse(readFileSync(file, 'utf8')) as { path: string }).path);
  return [named, ...notes]
    .filter((path) => path !== undefined && existsSync(path))
    .map((path) => dirname(realpathSync(path as string)));
}

/** Returns the driver files that a process with this environment names, in order. */
export function namedDrivers(environment: Environment): string[] {
  return driversIn(listOf(environment.VK_DRIVER_FILES, listOf(environment.VK_ICD_FILENAMES)));
}

/** Returns the driver files that the Vulkan loader finds itself, in the order of its search. */
export function registeredDrivers(environment: Environment): string[] {
  const home = environment.HOME ?? homedir();
  const roots = [
    ...listOf(environment.XDG_CONFIG_HOME, [join(home, '.config')]),
    ...listOf(environment.XDG_CONFIG_DIRS, ['/etc/xdg']),
    '/usr/local/etc',
    '/etc',
    ...listOf(environment.XDG_DATA_HOME, [join(home, '.local/share')]),
    ...listOf(environment.XDG_DATA_DIRS, ['/usr/local/share', '/usr/share']),
  ];
  const folders = roots.map((root) => join(root, 'vulkan/icd.d'));
  const files = driversIn([...listOf(environment.VK_ADD_DRIVER_FILES), ...folders.filter(existsSync)]);
  return [...new Set(files)];
}

/**
 * Returns files unchanged, and the driver files in folders. A file that does not exist is listed
 * too.
 */
function driversIn(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith('.json'));
    return names.sort().map((name) => join(path, name));
  });
}

/** Returns the paths of a variable, or the default if it is unset or empty, as the loader does. */
function listOf(value: string | undefined, otherwise: readonly string[] = []): readonly string[] {
  const paths = (value ?? '').split(':').filter((path) => path !== '');
  return paths.length > 0 ? paths : otherwise;
}

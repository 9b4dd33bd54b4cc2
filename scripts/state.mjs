// Paths of this clone, and whether its packages and dist/ are up to date. Uses built-in modules
// only, because it runs before `npm ci`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Folder of the state of the set-up. It disappears with node_modules. */
export const cache = join(root, 'node_modules/.cache/unrolled');
export const browserNote = join(cache, 'browser.json');
export const serversNote = join(cache, 'servers.json');
const buildNote = join(cache, 'build.json');

/** The sources of dist/. */
const sources = [
  'src',
  'shaders',
  'kernels',
  'demo',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
  'scripts/build.mjs',
  'scripts/kernels.mjs',
];

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** A hash of the sources of dist/. Unlike times, it also detects deleted files. */
export function sourceHash() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((path) => filesUnder(join(root, path))))
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/** Stores the hash of the sources that dist/ was built from. */
export function noteBuild(hash) {
  writeJson(buildNote, { sources: hash });
}

/** Whether dist/ was built from the present sources. */
export function distIsFresh() {
  return existsSync(join(root, 'dist/index.js')) && readJson(buildNote)?.sources === sourceHash();
}

/**
 * Whether node_modules has the packages of package-lock.json. Optional packages may be absent,
 * because they are for other platforms.
 */
export function modulesAreFresh() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const present = readJson(join(root, 'node_modules/.package-lock.json'))?.packages;
  if (!present) return false;
  return Object.entries(wanted).every(([path, { version, optional, integrity }]) => {
    if (path === '') return true;
    const installed = present[path];
    return installed ? installed.version === version && installed.integrity === integrity : optional === true;
  });
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value)}\n`);
}

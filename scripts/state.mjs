// What the scripts know about this clone: where things lie, and whether they are fresh. Built-in
// modules only: this runs before `npm ci`.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Notes of the set-up; gone with node_modules, as they should be. */
export const cache = join(root, 'node_modules/.cache/unrolled');
export const browserNote = join(cache, 'browser.json');
export const serversNote = join(cache, 'servers.json');
const buildNote = join(cache, 'build.json');

/** What dist/ is made from. */
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

/** A hash of all that dist/ is made from: unlike times, it also notices files that went away. */
export function sourceHash() {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((path) => filesUnder(join(root, path))))
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/** Notes from which sources dist/ was built. */
export function noteBuild(hash) {
  writeJson(buildNote, { sources: hash });
}

/** Whether dist/ was built from the sources as they are. */
export function distIsFresh() {
  return existsSync(join(root, 'dist/index.js')) && readJson(buildNote)?.sources === sourceHash();
}

/**
 * Whether node_modules holds what package-lock.json asks for. Optional packages may be absent: they
 * are for other platforms.
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

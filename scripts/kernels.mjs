// Compiles kernels/ to WebAssembly, once without and once with relaxed SIMD, and provides both to
// Vite as modules, the second as a patch of the first. The results stay in node_modules/.cache
// until kernels/ or the compiler changes.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { makePatch } from './binary-patch.mjs';
import { cache, readJson, root, writeJson } from './state.mjs';

const folder = join(root, 'kernels');

/** Import of the bytes of a variant: `virtual:kernels/simd`. */
const PREFIX = 'virtual:kernels/';

const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime=stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory=1',
  '--maximumMemory=65536',
  '--enable=simd,threads,bulk-memory',
];

/** By variant: additional features. */
const VARIANTS = { simd: [], relaxed: ['--enable=relaxed-simd'] };

/** Vite plugin: `import { deflated } from 'virtual:kernels/simd'`, raw deflate in base64. */
export function kernels() {
  return {
    name: 'kernels',
    resolveId: (source) => (source.startsWith(PREFIX) ? `\0${source}` : undefined),
    async load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const compiled = await compileKernels();
      return `export const deflated = '${compiled[id.slice(PREFIX.length + 1)]}';\n`;
    },
  };
}

let compiling;

/** The variant `simd`, and the patch from it to `relaxed`, compressed and in base64. */
export function compileKernels() {
  compiling ??= cached();
  return compiling;
}

async function cached() {
  const hash = createHash('sha256').update(OPTIONS.join()).update(JSON.stringify(VARIANTS));
  for (const file of ['node_modules/assemblyscript/package.json', 'scripts/binary-patch.mjs'])
    hash.update(readFileSync(join(root, file)));
  for (const file of sources(folder)) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  const key = hash.digest('hex');
  const note = join(cache, 'kernels.json');
  const known = readJson(note);
  if (known?.key === key) return known.compiled;
  const simd = await compile(VARIANTS.simd);
  const patch = makePatch(simd, await compile(VARIANTS.relaxed));
  const compiled = { simd: compress(simd), relaxed: compress(patch) };
  writeJson(note, { key, compiled });
  return compiled;
}

function compress(bytes) {
  return deflateRawSync(bytes, { level: 9 }).toString('base64');
}

function sources(path) {
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? sources(join(path, entry.name)) : [join(path, entry.name)]))
    .filter((file) => file.endsWith('.ts'));
}

async function compile(options) {
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  const { error, stdout, stderr } = await asc.main(
    ['index.ts', '--outFile', 'kernels.wasm', ...OPTIONS, ...options],
    {
      readFile: (name, base) => readIfThere(join(base === '.' ? folder : join(folder, base), name)),
      writeFile: (_name, contents) => (binary = contents),
      listFiles: () => [],
    },
  );
  if (error || !binary)
    throw new Error(`kernels/ could not be compiled: ${error?.message ?? 'no output'}\n${stderr}${stdout}`);
  return binary;
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // the compiler tries several names for an import
  }
}

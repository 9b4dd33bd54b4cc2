import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run } from './run.js';

let folder: string;
beforeAll(async () => {
  const { code, stderr } = await run(process.execPath, ['scripts/setup.mjs'], { cwd: root });
  if (code !== 0) throw new Error(stderr);
  folder = await mkdtemp(join(tmpdir(), 'unrolled-size-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules/unrolled'), 'junction');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Gzipped kilobytes of what a page with this script loads at first: the entry and its imports. */
async function kilobytesOf(name: string, script: string): Promise<number> {
  const input = join(folder, `${name}.js`);
  await writeFile(input, script);
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: { write: false, target: 'es2023', rolldownOptions: { input } },
  });
  const { output } = built as Extract<typeof built, { output: unknown }>;
  const chunks = new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
  );
  const loaded = new Set(
    [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
  );
  for (const file of loaded) for (const imported of chunks.get(file)?.imports ?? []) loaded.add(imported);
  const bytes = [...loaded].map((file) => gzipSync(chunks.get(file)?.code ?? '').length);
  const size = bytes.reduce((sum, one) => sum + one, 0) / 1000;
  console.info(`${name}: ${size.toFixed(1)} KB gzipped`);
  return size;
}

test('a page with a vocabulary loads nothing but a vocabulary', async () => {
  const script = `import { Vocabulary } from 'unrolled'; console.log(Vocabulary.fromSymbols(['a']));`;
  expect(await kilobytesOf('vocabulary', script)).toBeLessThan(3);
});

test('a page that generates from a checkpoint', async () => {
  const script = `import { openDevice, parametersOnDevice, readCheckpoint, Sampler } from 'unrolled';
    const { model, parameters } = readCheckpoint(new Uint8Array(await (await fetch('model')).arrayBuffer()));
    const device = await openDevice();
    const sampler = await Sampler.create(model, device, await parametersOnDevice(model, parameters, device));
    document.title = await sampler.sample({ length: 100 });`;
  expect(await kilobytesOf('generation', script)).toBeLessThan(105);
});

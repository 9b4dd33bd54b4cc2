import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { samplingGraph } from '../../src/graph.js';
import { charModel, Vocabulary } from '../../src/index.js';
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

/** The size of a page's scripts in kilobytes after gzip. */
interface Sizes {
  /** The entry and its static imports. */
  readonly atFirst: number;
  /** The same, and the modules whose names contain one of `later`, which are loaded on demand. */
  readonly inAll: number;
}

/** Bundles a page with this script. */
async function kilobytesOf(name: string, script: string, later: readonly string[] = []): Promise<Sizes> {
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
  const sizeOf = (files: ReadonlySet<string>): number => {
    for (const file of files)
      for (const one of chunks.get(file)?.imports ?? []) (files as Set<string>).add(one);
    return [...files].reduce((sum, file) => sum + gzipSync(chunks.get(file)?.code ?? '').length / 1000, 0);
  };
  const entries = new Set(
    [...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName),
  );
  const atFirst = sizeOf(entries);
  for (const part of later) {
    const found = [...chunks.values()].filter(({ facadeModuleId }) => facadeModuleId?.includes(part));
    expect(found, part).toHaveLength(1);
    entries.add(found[0].fileName);
  }
  const sizes = { atFirst, inAll: sizeOf(entries) };
  console.info(
    `${name}: ${atFirst.toFixed(1)} KB gzipped, with what it loads later ${sizes.inAll.toFixed(1)}`,
  );
  return sizes;
}

test('a page with a vocabulary loads nothing but a vocabulary', async () => {
  const script = `import { Vocabulary } from 'unrolled'; console.log(Vocabulary.fromSymbols(['a']));`;
  expect((await kilobytesOf('vocabulary', script)).atFirst).toBeLessThan(3);
});

test('a page that generates from a checkpoint loads no training, and the kernels of its own cell', async () => {
  const script = `import { openDevice, readCheckpoint, Sampler } from 'unrolled';
import { parametersOnDevice } from 'unrolled/graph';
    const { model, parameters } = readCheckpoint(new Uint8Array(await (await fetch('model')).arrayBuffer()));
    const device = await openDevice();
    const sampler = await Sampler.create(model, device, await parametersOnDevice(model, parameters, device));
    document.title = await sampler.sample({ length: 100 });`;
  const model = charModel({ vocabulary: Vocabulary.fromSymbols(['a', 'b']), cell: 'lstm' });
  const ops = new Set(samplingGraph(model).calls.map(({ op }) => op));
  const sizes = await kilobytesOf('generation', script, [
    'device/gpu-device',
    ...Array.from(ops, (op) => `ops/${op}/implementation`),
  ]);
  expect(sizes.atFirst).toBeLessThan(45);
  expect(sizes.inAll).toBeLessThan(86);
});

test('a page that goes on with any checkpoint loads the models of its kind alone', async () => {
  const script = `import { loadCheckpoint, openDevice } from 'unrolled';
    const bytes = new Uint8Array(await (await fetch('run')).arrayBuffer());
    const trainer = await loadCheckpoint(bytes, { device: await openDevice() });
    document.title = String(trainer.step);`;
  // Each kind is a chunk of its own.
  const kinds = ['classifier', 'tagger', 'regressor', 'encoder-decoder', 'captioner'].map(
    (kind) => `tasks/${kind}`,
  );
  const sizes = await kilobytesOf('resumption', script, [...kinds, 'text/language-model']);
  expect(sizes.atFirst).toBeLessThan(60);
  expect(sizes.inAll).toBeGreaterThan(sizes.atFirst + 10);
});

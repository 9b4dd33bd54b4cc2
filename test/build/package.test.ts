import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run } from './run.js';

// These tests install the tarball that npm would publish into an empty application, as a user would.

let folder: string;
let app: string;
let installed: string;

/** Runs a program that must succeed, and returns its output. */
async function succeed(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { cwd });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

async function filesOf(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

beforeAll(async () => {
  await succeed(process.execPath, ['scripts/setup.mjs'], root);
  folder = await mkdtemp(join(tmpdir(), 'unrolled-package-'));
  app = join(folder, 'app');
  installed = join(app, 'node_modules/unrolled');
  await mkdir(app);
  await succeed('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module' }));
  await succeed(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      join(folder, String(tarball)),
    ],
    app,
  );
  for (const tool of ['vite', 'typescript'])
    await symlink(join(root, 'node_modules', tool), join(app, 'node_modules', tool));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('has the library, its types and its docs, and neither sources, tests nor pages', async () => {
  const files = (await filesOf(installed)).map((file) =>
    file.slice(installed.length + 1).replaceAll('\\', '/'),
  );
  for (const file of [
    'dist/index.js',
    'dist/graph.js',
    'dist/bench/index.js',
    'dist/verify/index.js',
    'dist/node.js',
    'dist/cli.js',
    'dist/dawn.js',
    'dist/no-dawn.js',
    'dist/types/index.d.ts',
    'dist/types/graph.d.ts',
    'dist/types/bench/index.d.ts',
    'dist/types/verify/index.d.ts',
    'dist/types/node.d.ts',
    'LICENSE',
  ])
    expect(files).toContain(file);
  expect(files.filter((file) => /^(src|test|demo|scripts|shaders|dist\/demo)\//.test(file))).toEqual([]);
  const { size } = await stat(
    join(folder, String((await readdir(folder)).find((name) => name.endsWith('.tgz')))),
  );
  console.info(`package: ${files.length} files, ${Math.round(size / 1024)} KiB packed`);
});

test('names the licence of every package that it bundles', async () => {
  const bundled = (await filesOf(join(installed, 'dist/packages')))
    .map((file) => file.slice(join(installed, 'dist/packages').length + 1).replaceAll('\\', '/'))
    .map((file) => /^(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? file);
  const licences = await readFile(join(installed, 'dist/licenses.md'), 'utf8');
  expect(bundled).toContain('papaparse');
  for (const name of new Set(bundled)) expect(licences).toMatch(new RegExp(`^## ${name} - .*\\(.+\\)$`, 'm'));
});

test('works in a plain Node script', async () => {
  await writeFile(
    join(app, 'script.js'),
    `import { openDevice } from 'unrolled';
     import * as node from 'unrolled/node';
     const device = await openDevice({ backend: 'cpu' });
     console.log(JSON.stringify({ backend: device.info.backend, same: node.openDevice === openDevice }));
     device.dispose();`,
  );
  expect(JSON.parse(await succeed(process.execPath, ['script.js'], app))).toEqual({
    backend: 'cpu',
    same: true,
  });
});

test('every name is behind one door, and the door of Node opens the main one too', async () => {
  await writeFile(
    join(app, 'doors.js'),
    `const doors = {};
     for (const door of ['', '/graph', '/bench', '/verify', '/node'])
       doors[door] = Object.keys(await import('unrolled' + door));
     console.log(JSON.stringify(doors));`,
  );
  const { '/node': node, ...doors } = JSON.parse(
    await succeed(process.execPath, ['doors.js'], app),
  ) as Record<string, readonly string[]>;
  const all = Object.values(doors).flat();
  expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
  expect(doors['']).toContain('Trainer');
  expect(doors[''].length).toBeLessThanOrEqual(60);
  expect(doors['/graph']).toEqual(
    expect.arrayContaining(['GraphBuilder', 'ops', 'differentiate', 'compile']),
  );
  expect(doors['/bench']).toContain('runBench');
  expect(doors['/verify']).toContain('verifyOps');
  expect(all.filter((name) => node.includes(name)).sort()).toEqual([...doors['']].sort());
  expect(node).toContain('corpusFromFile');
});

test('a queue says which packages it needs, and nobody else has them', async () => {
  for (const [url, client] of [
    ['redis://127.0.0.1:1', 'ioredis'],
    ['postgres://me@127.0.0.1:1/db', 'pg'],
  ]) {
    const worker = await run(process.execPath, [join(installed, 'dist/cli.js'), 'worker', '--queue', url]);
    expect(worker.code).toBe(1);
    expect(worker.stderr).toBe(
      `unrolled: --queue needs packages that are not installed: npm install bullmq ${client} (with -g if ` +
        'unrolled is installed with -g).\n',
    );
  }
});

test('reaches Dawn in Node, which has an adapter', async () => {
  await writeFile(
    join(app, 'dawn.js'),
    `import { openDevice } from 'unrolled';
     const device = await openDevice({ backend: 'webgpu' });
     console.log(device.info.runtime, '|', device.info.adapter);
     device.dispose();`,
  );
  const printed = await succeed(process.execPath, ['dawn.js'], app);
  console.info(`adapter of the installed package: ${printed.trim()}`);
  expect(printed).toMatch(/^Dawn in Node \| ./);
});

test('ends well where the garbage collector runs right after a device of Dawn is gone', async () => {
  await writeFile(
    join(app, 'collected.js'),
    `import { openDevice } from 'unrolled';
     for (let i = 0; i < 3; i++) (await openDevice({ backend: 'webgpu' })).dispose();
     await openDevice({ backend: 'webgpu' });
     for (let turn = 0; turn < 20; turn++) {
       gc();
       await new Promise((next) => setTimeout(next, 5));
     }
     console.log('ended');
     process.exit();`,
  );
  expect(await succeed(process.execPath, ['--expose-gc', 'collected.js'], app)).toBe('ended\n');
});

test('trains a second model on a second source, both of a user', async () => {
  await writeFile(
    join(app, 'own.js'),
    `import { adam, defineModel, losses, nn, openDevice, saveCheckpoint, Trainer } from 'unrolled';
     const fields = { x: { dtype: 'f32', shape: ['T', 'N', 1] }, y: { dtype: 'f32', shape: ['T', 'N', 1] } };
     const model = defineModel({
       kind: 'sine', fields,
       modules: { rnn: nn.lstm({ input: 1, hidden: 8 }), head: nn.linear(8, 1) },
       forward: ({ rnn, head }, { x }) => ({ next: head(rnn(x).y) }),
       loss: ({ next }, { y }) => losses.mse(next, y),
     });
     const source = {
       fields, fingerprint: 'sine',
       loader: ({ batch: N = 4 } = {}) => {
         let index = 0;
         const wave = (shift) => Float32Array.from({ length: 12 * N }, (_, i) => Math.sin(0.5 * Math.floor(i / N) + (i % N) + shift));
         return {
           batchesPerEpoch: 10,
           next: () => ({ arrays: { x: wave(index), y: wave(index + 0.5) }, sizes: { T: 12, N }, count: 12 * N, epoch: 0, index: index++ }),
           state: () => ({ order: 'sine', seed: 0, epoch: 0, index: index % 10, batchesPerEpoch: 10 }),
           restore: (state) => { index = state.index; },
         };
       },
     };
     const device = await openDevice({ backend: 'cpu' });
     const trainer = await Trainer.create(model, { device, batch: 3, optimizer: adam({ rate: 0.02 }) });
     const seen = [];
     for await (const { loss } of trainer.run(source, { steps: 40 })) seen.push(loss);
     const { byteLength } = await saveCheckpoint(trainer);
     console.log(JSON.stringify({ first: seen[0], last: seen.at(-1), byteLength }));
     device.dispose();`,
  );
  const { first, last, byteLength } = JSON.parse(await succeed(process.execPath, ['own.js'], app)) as {
    readonly first: number;
    readonly last: number;
    readonly byteLength: number;
  };
  expect(last).toBeLessThan(0.3 * first);
  expect(byteLength).toBeGreaterThan(4000);
});

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const options =
  '--noEmit --strict --target es2023 --module esnext --moduleResolution bundler --lib es2023,dom'.split(' ');
const inNode = '--noEmit --strict --target es2023 --module node16 --lib es2023,dom'.split(' ');

test('all doors have types that a strict program compiles against, for bundlers and for Node', async () => {
  await writeFile(
    join(app, 'doors.ts'),
    `import { WORKLOADS, type Workload } from 'unrolled/bench';
     import { GraphBuilder, ops, type Graph } from 'unrolled/graph';
     import { verifyOps, type OpCheck } from 'unrolled/verify';
     import { openDevice } from 'unrolled';
     export const graph: Graph = new GraphBuilder().graph;
     export const name: string = ops.linear.name;
     export const workload: Workload = WORKLOADS[0];
     export const checks = async (): Promise<readonly OpCheck[]> => verifyOps(await openDevice());`,
  );
  await writeFile(
    join(app, 'typed.ts'),
    `import { openDevice, type Device } from 'unrolled';\nimport * as node from ` +
      `'unrolled/node';\nexport const device: Promise<Device> = openDevice({ backend: 'cpu' });\nexport ` +
      `const other = node.openDevice;\n`,
  );
  for (const resolution of [options, inNode])
    await succeed(process.execPath, [tsc, ...resolution, 'doors.ts', 'typed.ts'], app);
});

test('a wrong option is an error of types', async () => {
  await writeFile(
    join(app, 'wrong.ts'),
    `import { openDevice } from 'unrolled';\nexport const device = openDevice({ backend: 'gpu' });\n`,
  );
  const wrong = await run(process.execPath, [tsc, ...options, 'wrong.ts'], { cwd: app });
  expect(wrong.stdout).toContain(`Type '"gpu"' is not assignable to type`);
});

test('no declaration speaks of files that are not in the package', async () => {
  for (const file of await filesOf(join(installed, 'dist/types')))
    expect.soft(await readFile(file, 'utf8'), file).not.toMatch(/from '[^']*(\?raw|\.wgsl)/);
});

test('an application built with Vite has the shaders in it, and neither Node nor Dawn', async () => {
  await writeFile(join(app, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
  await writeFile(
    join(app, 'main.js'),
    `import { openDevice } from 'unrolled';\nopenDevice({ backend: 'auto' }).then((device) => { ` +
      `document.title = device.info.adapter; });\n`,
  );
  const printed = await succeed(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'build', '--minify', 'false'],
    app,
  );
  expect(printed).not.toMatch(/externalized for browser compatibility/);
  const built = (await filesOf(join(app, 'dist'))).filter((file) => file.endsWith('.js'));
  const text = (await Promise.all(built.map((file) => readFile(file, 'utf8')))).join('\n');
  expect(text).toContain('@compute');
  expect(text).not.toMatch(/\bnode:|__vite-browser-external|dlopen|import\("webgpu"\)|from ?"webgpu"|#dawn/);
});

test('the command runs from the installed package', async () => {
  const command = join(app, 'node_modules/.bin', process.platform === 'win32' ? 'unrolled.cmd' : 'unrolled');
  expect(await succeed(command, ['--help'], app)).toMatch(/^Usage: unrolled/);
});

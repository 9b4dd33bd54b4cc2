// Builds dist/: the library, its types, the page of `--backend chrome` and the demo pages.
// The build goes to another folder, which then replaces dist/, so that no process reads an
// unfinished dist/.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'vite';
import { noteBuild, readJson, root, sourceHash } from './state.mjs';

/** Entry files of the library: name in dist/ and source. */
const entries = {
  index: 'src/index.ts',
  graph: 'src/graph.ts',
  'bench/index': 'src/bench/index.ts',
  'verify/index': 'src/verify/index.ts',
  node: 'src/node.ts',
  cli: 'src/cli/main.ts',
  dawn: 'src/device/dawn.ts',
  'no-dawn': 'src/device/no-dawn.ts',
  find: 'src/chrome/find.ts',
  launch: 'src/chrome/launch.ts',
};

/** Packages that the library imports at run time. All others are bundled. */
const { dependencies, optionalDependencies, peerDependencies } = readJson(join(root, 'package.json'));
const external = [
  /^node:/,
  '#dawn',
  ...Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }),
];

/**
 * `scene-panel-[hash].js` of demo/src/scene/panel.ts.
 * @param module none where several are shared
 */
const chunkName = (module, name) => `${module ? `${basename(dirname(module))}-` : ''}${name}-[hash].js`;

/** Imports that must not be reached from these entries by static imports: they run in browsers. */
const forBrowsers = ['index.js', 'graph.js', 'bench/index.js', 'verify/index.js', 'no-dawn.js'];

const hash = sourceHash();
const out = join(root, `.dist-${process.pid}`);
const shared = { root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' };
process.on('uncaughtException', (error) => fail(error.message));
process.on('exit', () => rmSync(out, { recursive: true, force: true }));

const library = await build({
  ...shared,
  build: {
    outDir: out,
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    copyPublicDir: false,
    license: { fileName: 'licenses.md' }, // of the packages that are bundled
    lib: { entry: mapValues(entries, (file) => join(root, file)), formats: ['es'] },
    rolldownOptions: {
      external,
      // Modules stay separate, so that a bundler can leave out those that an application does not
      // use.
      output: { preserveModules: true, preserveModulesRoot: join(root, 'src'), entryFileNames },
    },
  },
});
refuseNodeInBrowsers(library.flatMap(({ output }) => output));
chmodSync(join(out, 'cli.js'), 0o755);

if (existsSync(join(root, 'src/chrome/page.ts')))
  await build({
    ...shared,
    build: {
      outDir: join(out, 'chrome'),
      emptyOutDir: false,
      minify: false,
      copyPublicDir: false,
      lib: { entry: join(root, 'src/chrome/page.ts'), formats: ['es'], fileName: () => 'page.js' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });

// Relative addresses, so that the pages work under any path of a server.
const demo = join(root, 'demo');
if (existsSync(join(demo, 'index.html')))
  await build({
    ...shared,
    root: demo,
    base: './',
    build: {
      outDir: join(out, 'demo'),
      license: { fileName: 'licenses.md' },
      rolldownOptions: {
        input: readdirSync(demo)
          .filter((file) => file.endsWith('.html'))
          .map((file) => join(demo, file)),
        // The name of a chunk contains its folder, since several folders have a file `panel.ts`.
        output: { chunkFileNames: ({ facadeModuleId, name }) => `assets/${chunkName(facadeModuleId, name)}` },
      },
    },
  });

// tsconfig.build.json only writes the declarations. `npm run typecheck` checks types.
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(
  process.execPath,
  [tsc, '-p', 'tsconfig.build.json', '--outDir', join(out, 'types')],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) fail('the declarations could not be written (see above).');

const dist = join(root, 'dist');
const old = join(root, `.dist-old-${process.pid}`);
mkdirSync(dist, { recursive: true });
renameSync(dist, old);
renameSync(out, dist);
rmSync(old, { recursive: true, force: true });
noteBuild(hash);

/** A browser has no node: modules: no chunk that a page would load may import one. */
function refuseNodeInBrowsers(chunks) {
  const byName = new Map(
    chunks.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  );
  const reached = new Set(forBrowsers);
  for (const name of reached) {
    const chunk = byName.get(name);
    if (!chunk) {
      if (name !== '#dawn') fail(`${name} is not in the bundle, and a page would load it.`);
      continue;
    }
    for (const imported of [...chunk.imports, ...chunk.dynamicImports]) reached.add(imported);
  }
}

/**
 * Where a module of the library goes: entries have names, sources keep their places, and what comes
 * from packages may not be in a node_modules, which npm would not publish.
 */
function entryFileNames({ name, facadeModuleId }) {
  const entry = Object.entries(entries).find(([, file]) => join(root, file) === facadeModuleId);
  return `${entry ? entry[0] : name.replace(/(^|\/)node_modules\//, '$1packages/')}.js`;
}

function mapValues(object, map) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function fail(message) {
  console.error(`unrolled build: ${message}`);
  process.exit(1);
}

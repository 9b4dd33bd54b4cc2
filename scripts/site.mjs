// `npm run site`: writes site/, the files for a static host: the training page and the benchmark
// page at its root, and docs/ with the guides and the API reference.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readJson, root } from './state.mjs';

const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'site') } } });
const site = resolve(values.out);
rmSync(site, { recursive: true, force: true });
cpSync(join(root, 'dist/demo'), site, { recursive: true });

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve('typedoc/package.json'));
const { bin } = readJson(join(folder, 'package.json'));
const { status } = spawnSync(process.execPath, [join(folder, bin.typedoc), '--out', join(site, 'docs')], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) console.log(`unrolled site: written to ${site}`);
process.exitCode = status ?? 1;

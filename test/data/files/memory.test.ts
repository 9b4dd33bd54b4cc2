import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { build } from 'vite';

const folder = mkdtempSync(join(tmpdir(), 'unrolled-memory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BLOCKS = 96;
/** The rows of one block of 1 MiB. */
const ROWS = 1024;

it('one column of a table that is larger than the heap can be read', async () => {
  const path = join(folder, 'large.csv');
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, 'key,text\n');
  const row = (i: number): string => `a key of row ${i},"${'text, ""quoted"" '.repeat(58)}"\n`;
  for (let block = 0; block < BLOCKS; block++)
    writeSync(descriptor, Array.from({ length: ROWS }, (_, i) => row(block * ROWS + i)).join(''));
  closeSync(descriptor);

  const entry = join(folder, 'entry.ts');
  const source = join(import.meta.dirname, '../../../src/data/records.ts');
  writeFileSync(entry, `export { records } from ${JSON.stringify(source)};\n`);
  await build({
    configFile: false,
    logLevel: 'error',
    // papaparse is bundled too, because there is no node_modules next to the bundle.
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: join(folder, 'bundle'),
      rolldownOptions: { output: { entryFileNames: 'bundle.mjs' } },
    },
  });
  const main = join(folder, 'bundle/main.mjs');
  writeFileSync(
    main,
    `import { records } from './bundle.mjs';
     const rows = await records.csv(${JSON.stringify(path)}, { columns: ['key'] });
     console.log(JSON.stringify({ length: rows.length, last: rows.at(rows.length - 1) }));`,
  );
  const output = execFileSync(process.execPath, ['--max-old-space-size=56', main], { encoding: 'utf8' });
  const last = BLOCKS * ROWS - 1;
  expect(JSON.parse(output)).toEqual({ length: last + 1, last: { key: `a key of row ${last}` } });
}, 120_000);

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run } from './run.js';

let site: string;
beforeAll(async () => {
  site = await mkdtemp(join(tmpdir(), 'unrolled-site-'));
  // Ends with 1 if a signature names a type that no door exports, or a docstring is malformed.
  const { code, stdout, stderr } = await run(process.execPath, ['scripts/site.mjs', '--out', site]);
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
});
afterAll(() => rm(site, { recursive: true, force: true }));

test('the site has the pages, and every guide beside the reference', async () => {
  expect(await readdir(site)).toEqual(expect.arrayContaining(['index.html', 'bench.html', 'docs']));
  const guides = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  expect(guides.length).toBeGreaterThan(5);
  const pages = (await readdir(join(site, 'docs/documents'))).map((page) => page.toLowerCase());
  for (const guide of guides) expect(pages.join()).toContain(guide.toLowerCase().replace('.md', '.html'));
});

test('the reference tells of shapes, defaults and errors', async () => {
  const page = await readFile(join(site, 'docs/classes/index.Trainer.html'), 'utf8');
  expect(page).toContain('class="tsd-signature');
  expect(page).toContain('Throws');
});

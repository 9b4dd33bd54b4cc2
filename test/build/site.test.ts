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

test('every page has the head that pages share', async () => {
  const pages = (await readdir(site)).filter((name) => name.endsWith('.html'));
  expect(pages.length).toBeGreaterThan(3);
  for (const name of pages) {
    const [head] = (await readFile(join(site, name), 'utf8')).split('</head>');
    expect(head, name).toContain('<meta charset="utf-8">');
    expect(head, name).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
    expect(head, name).toMatch(/<link rel="icon" href="\.\/assets\//);
    const [, style] = /rel="stylesheet"[^>]* href="\.\/([^"]+)"/.exec(head) ?? [];
    expect(await readFile(join(site, style), 'utf8'), name).toContain('.panel');
  }
});

test('the reference tells of shapes, defaults and errors', async () => {
  const page = await readFile(join(site, 'docs/classes/index.Trainer.html'), 'utf8');
  expect(page).toContain('class="tsd-signature');
  expect(page).toContain('Throws');
});

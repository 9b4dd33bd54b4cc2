import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, run } from './run.js';

const notesOf = (tag: string) => run(process.execPath, ['scripts/release-notes.mjs', tag]);

test('the notes of a release are what the change log says of its version', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const { code, stdout } = await notesOf(`v${version}`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^- \S/);
  expect(stdout).not.toContain('## ');
  expect(await readFile(join(root, 'CHANGELOG.md'), 'utf8')).toContain(stdout);
});

test('a tag that is not the version is refused in one line', async () => {
  const { code, stderr } = await notesOf('v99.0.0');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^unrolled release: the tag is "v99\.0\.0", [^\n]*\n$/);
});

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileError } from '../../src/io/file-error.js';
import { checkFolderWritable, makeFolder } from '../../src/io/node/folders.js';

let root: string;
beforeAll(() => (root = mkdtempSync(join(tmpdir(), 'unrolled-folders-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('makeFolder makes missing folders, and returns them from the outermost on', () => {
  mkdirSync(join(root, 'a'));
  const all = [join(root, 'a/b'), join(root, 'a/b/c')];
  expect(makeFolder(join(root, 'a/b/c'))).toEqual(all);
  expect(makeFolder(join(root, 'a/b/c'))).toEqual([]);
});

it('makeFolder refuses a path that a file is part of, and one where folders cannot be made', () => {
  writeFileSync(join(root, 'file'), '');
  const reason = /: a part of its path is a file, not a folder\.$/;
  for (const path of ['file', 'file/a', 'file/a/b']) {
    expect(() => makeFolder(join(root, path))).toThrow(reason);
    expect(() => makeFolder(join(root, path))).toThrow(FileError);
  }
  // Node's own recursive mkdir does not return here.
  expect(() => makeFolder('/proc/unrolled/a')).toThrow(/^Cannot write "\/proc\/unrolled\/a": .*\.$/);
});

it('checkFolderWritable leaves no trace, whether or not the folder exists', async () => {
  mkdirSync(join(root, 'there'));
  await checkFolderWritable(join(root, 'there'));
  await checkFolderWritable(join(root, 'new/inside'));
  expect(readdirSync(join(root, 'there'))).toEqual([]);
  expect(existsSync(join(root, 'new'))).toBe(false);
});

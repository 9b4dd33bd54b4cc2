import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileError, FileError } from '../../src/io/file-error.js';
import { readFileBytes, writeFileAtomic } from '../../src/io/node/files.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'unrolled-files-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OLD = 'the old file';

/** A new folder with one file in it. */
function withOldFile(name: string): { readonly inside: string; readonly path: string } {
  const inside = join(folder, name);
  mkdirSync(inside);
  writeFileSync(join(inside, 'checkpoint'), OLD);
  return { inside, path: join(inside, 'checkpoint') };
}

describe('writeFileAtomic', () => {
  it('creates and replaces, and leaves nothing else behind', async () => {
    const { inside, path } = withOldFile('replace');
    chmodSync(path, 0o640);
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    await writeFileAtomic(join(inside, 'new'), new Uint8Array(100_000).fill(7));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(readFileSync(join(inside, 'new')).length).toBe(100_000);
    expect(readdirSync(inside).sort()).toEqual(['checkpoint', 'new']);
  });

  it('replaces the target of a symbolic link, not the link', async () => {
    const { inside, path } = withOldFile('link');
    symlinkSync(path, join(inside, 'latest'));
    await writeFileAtomic(join(inside, 'latest'), Uint8Array.of(5));
    expect([...readFileSync(path)]).toEqual([5]);
    expect(readdirSync(inside).sort()).toEqual(['checkpoint', 'latest']);
  });

  it('writes through relative paths', async () => {
    const { inside } = withOldFile('relative');
    const back = process.cwd();
    process.chdir(inside);
    try {
      await writeFileAtomic('checkpoint', Uint8Array.of(9));
    } finally {
      process.chdir(back);
    }
    expect([...readFileSync(join(inside, 'checkpoint'))]).toEqual([9]);
  });

  it('the old file survives a write that stops in the middle for lack of room', async () => {
    const { inside, path } = withOldFile('full');
    const built = join(folder, 'built');
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: fileURLToPath(new URL('../../src/io/node/files.ts', import.meta.url)),
        outDir: built,
        rolldownOptions: { output: { entryFileNames: 'files.mjs' } },
      },
    });
    writeFileSync(
      join(built, 'write.mjs'),
      `import { writeFileAtomic } from './files.mjs';
       await writeFileAtomic(${JSON.stringify(path)}, new Uint8Array(1 << 20)).catch((error) => { console.log(error.name + '|' + error.message); process.exitCode = 1; });`,
    );
    // The limit of the shell's children, 64 blocks, lets part of the megabyte through and refuses
    // the rest, as a full disk does.
    const child = spawnSync(
      'bash',
      ['-c', 'ulimit -f 64 && exec "$0" "$1"', process.execPath, join(built, 'write.mjs')],
      { encoding: 'utf8' },
    );
    expect(child.stdout).toBe(
      `FileError|Cannot write ${JSON.stringify(path)}: it would be larger than the system allows a ` +
        `file to be.\n`,
    );
    expect(child.status).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(OLD);
    expect(readdirSync(inside)).toEqual(['checkpoint']);
    // Without the limit the same program succeeds: the limit was the reason.
    execFileSync(process.execPath, [join(built, 'write.mjs')]);
    expect(statSync(path).size).toBe(1 << 20);
  });

  it('a folder in the place of the file stays, with one line', async () => {
    const { inside } = withOldFile('folder');
    mkdirSync(join(inside, 'taken'));
    await expect(writeFileAtomic(join(inside, 'taken'), new Uint8Array(1))).rejects.toThrow(
      `Cannot write ${JSON.stringify(join(inside, 'taken'))}: it is a folder.`,
    );
    expect(readdirSync(inside).sort()).toEqual(['checkpoint', 'taken']);
  });

  it.each([
    ['missing/file', 'there is no such folder'],
    ['plain/file', 'a part of its path is a file, not a folder'],
    ['x'.repeat(300), 'its name is too long'],
  ])('%s is one line', async (name, cause) => {
    writeFileSync(join(folder, 'plain'), '');
    const path = join(folder, name);
    const error: unknown = await writeFileAtomic(path, new Uint8Array(1)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FileError);
    expect((error as FileError).message).toBe(`Cannot write ${JSON.stringify(path)}: ${cause}.`);
  });
});

describe('readFileBytes', () => {
  it('gives plain bytes', async () => {
    const { path } = withOldFile('read');
    const bytes = await readFileBytes(path);
    expect(bytes).toEqual(new TextEncoder().encode(OLD));
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
  });
  it.each([
    ['missing', 'there is no such file'],
    ['.', 'it is a folder'],
  ])('%s is one line', async (name, cause) => {
    const path = join(folder, name);
    await expect(readFileBytes(path)).rejects.toThrow(`Cannot read ${JSON.stringify(path)}: ${cause}.`);
  });
});

describe('fileError', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EACCES', 'permission denied'],
    ['EROFS', 'the disk is read-only'],
    ['EDQUOT', 'the disk quota is used up'],
  ])('%s: %s', (code, cause) => {
    const error = fileError('write', 'a/b', Object.assign(new Error('x'), { code }));
    expect(error.message).toBe(`Cannot write "a/b": ${cause}.`);
    expect(error.code).toBe(code);
  });
  it('passes on what it does not know, first line only', () => {
    expect(fileError('read', 'a', new Error('strange\nthings')).message).toBe('Cannot read "a": strange.');
  });
});

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileError, FileError } from '../../src/io/file-error.js';
import { checkFileWritable, readFileBytes, writeFileAtomic } from '../../src/io/node/files.js';
import { fileIdentity } from '../../src/io/node/places.js';

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
  it('creates and replaces files, and leaves no other file', async () => {
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

  it('creates the missing target of a link, through relative links and linked folders', async () => {
    const { inside } = withOldFile('dangling');
    mkdirSync(join(inside, 'deep'));
    symlinkSync('deep', join(inside, 'alias'));
    symlinkSync('alias/new', join(inside, 'latest'));
    await writeFileAtomic(join(inside, 'latest'), Uint8Array.of(6));
    expect(readlinkSync(join(inside, 'latest'))).toBe('alias/new');
    expect([...readFileSync(join(inside, 'deep', 'new'))]).toEqual([6]);
  });

  it('writes to a pipe without replacing it', async () => {
    const { inside } = withOldFile('pipe');
    const pipe = join(inside, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'ignore'] });
    const got = new Promise<string>((resolve) => reader.stdout.once('data', (data) => resolve(String(data))));
    await writeFileAtomic(pipe, new TextEncoder().encode('through'));
    expect(await got).toBe('through');
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it('writes a file whose name has the largest length', async () => {
    const path = join(folder, 'n'.repeat(255));
    await writeFileAtomic(path, Uint8Array.of(1));
    expect(readFileSync(path).length).toBe(1);
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

  it('the old file is unchanged if the disk becomes full during a write', async () => {
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

  it('refuses to replace a folder, in one line', async () => {
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

describe('checkFileWritable', () => {
  it('does not change the folder', async () => {
    const { inside, path } = withOldFile('checked');
    await checkFileWritable(path);
    await checkFileWritable(join(inside, 'new'));
    expect(readFileSync(path, 'utf8')).toBe(OLD);
    expect(readdirSync(inside)).toEqual(['checkpoint']);
  });

  it('refuses a folder and a file without permission', async () => {
    const { inside, path } = withOldFile('forbidden');
    chmodSync(path, 0o444);
    chmodSync(inside, 0o555);
    // Root may do everything: another user's rights are tried.
    const root = process.geteuid?.() === 0;
    if (root) {
      chmodSync(folder, 0o755);
      process.seteuid?.(65534);
    }
    const messages: unknown[] = [];
    for (const name of [path, join(inside, 'new')])
      messages.push(await checkFileWritable(name).catch((error: unknown) => (error as Error).message));
    if (root) process.seteuid?.(0);
    expect(messages).toEqual([
      `Cannot write ${JSON.stringify(path)}: permission denied.`,
      `Cannot write ${JSON.stringify(join(inside, 'new'))}: permission denied.`,
    ]);
  });

  it('refuses a socket', async () => {
    const path = join(folder, 'socket');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      await expect(checkFileWritable(path)).rejects.toThrow('it is a socket');
      await expect(writeFileAtomic(path, new Uint8Array(1))).rejects.toThrow('it is a socket');
    } finally {
      server.close();
    }
  });
});

describe('fileIdentity', () => {
  it('is equal for all paths of a file, even if it does not exist yet', async () => {
    const { inside, path } = withOldFile('identity');
    symlinkSync(path, join(inside, 'link'));
    linkSync(path, join(inside, 'hard'));
    symlinkSync(inside, join(folder, 'other'));
    symlinkSync('new', join(inside, 'dangling'));
    symlinkSync('circle', join(inside, 'circle'));
    const same = [path, join(inside, 'link'), join(inside, 'hard'), join(folder, 'other/checkpoint')];
    const absent = [join(inside, 'new'), join(folder, 'other/new'), join(inside, 'dangling')];
    const others = [join(inside, 'circle'), join(folder, 'new'), join(inside, 'none/new')];
    const of = (paths: readonly string[]): Promise<string[]> => Promise.all(paths.map(fileIdentity));
    expect(new Set(await of(same)).size).toBe(1);
    expect(new Set(await of(absent)).size).toBe(1);
    expect(new Set(await of([same[0], absent[0], ...others])).size).toBe(5);
  });
});

describe('readFileBytes', () => {
  it('returns a plain Uint8Array', async () => {
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
  it('reports the first line of an unknown error', () => {
    expect(fileError('read', 'a', new Error('strange\nthings')).message).toBe('Cannot read "a": strange.');
  });
});

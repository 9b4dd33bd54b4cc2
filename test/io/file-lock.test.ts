import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it, vi } from 'vitest';
import { FileLock } from '../../src/io/node/file-lock.js';
import { temporaryFolder } from '../cli/support.js';

const links = vi.hoisted(() => ({ exist: true }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    linkSync(from: string, to: string): void {
      if (!links.exist) throw Object.assign(new Error('no links'), { code: 'EPERM' });
      fs.linkSync(from, to);
    },
  };
});

const file = temporaryFolder();

it.each([true, false])('one process holds a lock until its release (hard links: %s)', (exist) => {
  links.exist = exist;
  const path = file(`lock-${String(exist)}`);
  const lock = FileLock.take(path);
  expect(lock).toBeInstanceOf(FileLock);
  expect(FileLock.take(path)).toMatchObject({ process: process.pid });
  if (lock instanceof FileLock) lock.release();
  const again = FileLock.take(path);
  expect(again).toBeInstanceOf(FileLock);
  if (again instanceof FileLock) again.release();
  expect(readdirSync(dirname(path))).toEqual([]);
});

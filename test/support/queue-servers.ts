import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { findServers, SERVER_ADVICE } from '../../scripts/queue-servers.mjs';

/** A server of queues that tests have started. */
export interface QueueServer {
  readonly url: string;
  /** Kills it at once, like a power cut. */
  kill(): Promise<void>;
  /** The same, and starts it again: Redis has forgotten everything, PostgreSQL has not. */
  restart(between: () => Promise<void>): Promise<void>;
}

export const SERVER_KINDS = ['redis', 'postgres'] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** Returns why there is no server of a kind; undefined if there is one. */
export function missingServer(kind: ServerKind): string | undefined {
  return findServers()[kind] === undefined ? `there is no ${kind} here: ${SERVER_ADVICE}` : undefined;
}

/**
 * Starts a server for the tests of a file. If there is none, prints the reason, and the tests do
 * nothing, except under CI, where they fail.
 * @returns a function that returns the server's address, or undefined without a server
 */
export function queueServer(kind: ServerKind): () => string | undefined {
  let server: QueueServer | undefined;
  const missing = missingServer(kind);
  beforeAll(async () => {
    if (missing === undefined) server = await startServer(kind);
    else if (process.env.CI) throw new Error(missing);
    else console.warn(`Not tested: ${missing}`);
  });
  afterAll(() => server?.kill());
  return () => server?.url;
}

/** Starts a server that stores nothing. @param at its port; a free one by default */
export async function startServer(kind: ServerKind, at?: number): Promise<QueueServer> {
  const folder = mkdtempSync(join(tmpdir(), `unrolled-${kind}-`));
  const port = at ?? (await freePort());
  const begin = kind === 'redis' ? startRedis : startPostgres;
  const ready = kind === 'redis' ? 'Ready to accept connections' : 'ready to accept connections';
  let { url, child } = begin(folder, port);
  await said(child, ready);
  const end = async (): Promise<void> => {
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    // PostgreSQL's other processes end with the first one, at SIGQUIT.
    child.kill(kind === 'redis' ? 'SIGKILL' : 'SIGQUIT');
    await ended;
  };
  return {
    url,
    async kill() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
    async restart(between) {
      await end();
      await between();
      ({ url, child } = begin(folder, port));
      await said(child, ready);
    },
  };
}

interface Started {
  readonly url: string;
  readonly child: ChildProcess;
}

function startRedis(folder: string, port: number): Started {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn(String(findServers().redis), [...options, '--dir', folder], PIPED);
  return { url: `redis://127.0.0.1:${port}`, child };
}

/** PostgreSQL refuses to run as root. Then it runs as the user of its package, or as nobody. */
function startPostgres(folder: string, port: number): Started {
  const { initdb = '', postgres = '' } = findServers();
  const user = process.getuid?.() === 0 ? otherUser() : undefined;
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options: SpawnOptions = { ...PIPED, ...user, cwd: folder };
  if (!existsSync(data)) {
    const made = spawnSync(initdb, ['-D', data, '-U', 'unrolled', '-A', 'trust', '--no-sync'], {
      ...{ ...user, cwd: folder, encoding: 'utf8' },
    });
    if (made.status !== 0) throw new Error(`initdb failed:\n${made.stdout}\n${made.stderr}`);
  }
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(postgres, args, options);
  return { url: `postgres://unrolled@127.0.0.1:${port}/postgres`, child };
}

const PIPED: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe'] };

function otherUser(): { readonly uid: number; readonly gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] =
    users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a program has written a text, and keeps reading its output. */
function said(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let all = '';
    const take = (piece: Buffer): void => {
      all = `${all}${piece.toString()}`.slice(-8192);
      if (all.includes(text)) resolve();
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`The server ended:\n${all}`)));
  });
}

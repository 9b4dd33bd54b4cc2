import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { BackendClasses, IQueueBackend } from 'bullmq';
import { messageOf, OptionError, UnrolledError } from '../../core/errors.js';

/**
 * Uses a server of queues. `classes` are those of BullMQ, for Redis or for PostgreSQL; their
 * constructors take `connection`.
 */
export type OnServer<T> = <B extends IQueueBackend, C>(
  classes: BackendClasses<B, C>,
  connection: C,
) => Promise<T>;

/** By protocol: the package of the client. */
const CLIENTS: Readonly<Record<string, 'ioredis' | 'pg'>> = {
  'redis:': 'ioredis',
  'rediss:': 'ioredis',
  'postgres:': 'pg',
  'postgresql:': 'pg',
};

/** Milliseconds until a client tries again to reach a server. */
const RETRY_MS = 1000;

/**
 * Uses a server of queues: Redis, or PostgreSQL by BullMQ's backend, which stores its tables in the
 * schema `bullmq`. Tables that do not exist are made when a connection begins, and not later.
 * @param url begins with `redis://`, `rediss://`, `postgres://` or `postgresql://`
 * @throws OptionError for another address; UnrolledError if packages are not installed
 */
export async function onServer<T>(url: string, use: OnServer<T>): Promise<T> {
  const client = CLIENTS[urlOf(url).protocol];
  checkInstalled(['bullmq', client]);
  const { createPostgresBackend, createRedisBackend, withBackend } = await import('bullmq');
  if (client === 'pg')
    return use(withBackend(createPostgresBackend), {
      ...{ connectionString: url, migrate: true },
      Client: steadyClient(),
    });
  // Requests that are made while the server cannot be reached are repeated when it is back.
  const waiting = { maxRetriesPerRequest: null, retryStrategy: (): number => RETRY_MS };
  return use(withBackend(createRedisBackend), { url, ...waiting });
}

/** The part of the client of PostgreSQL that is used here. */
type PgClient = new (config: object) => EventEmitter;

/**
 * Returns a client that ignores the event `error`. If a connection breaks during a query, the query
 * fails, and the client also emits the event. Without a listener the event would end the process.
 */
function steadyClient(): PgClient {
  const { Client } = createRequire(import.meta.url)('pg') as { readonly Client: PgClient };
  return class extends Client {
    constructor(config: object) {
      super(config);
      this.on('error', () => undefined);
    }
  };
}

/** Returns an address without user name and password, for messages. */
export function shownUrl(url: string): string {
  const { protocol, host, pathname } = urlOf(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

function urlOf(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !(parsed.protocol in CLIENTS) || parsed.host === '')
    throw new OptionError('--queue', hidden(url), 'redis://HOST:PORT or postgres://USER@HOST/DATABASE');
  return parsed;
}

/** Removes the password of an address that cannot be parsed, for messages. */
function hidden(url: string): string {
  return url.replace(/:[^:/@]*@/, ':…@');
}

function checkInstalled(packages: readonly string[]): void {
  const require = createRequire(import.meta.url);
  const missing = packages.filter((name) => {
    try {
      require.resolve(name);
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length > 0)
    throw new UnrolledError(
      `--queue needs ${missing.length === 1 ? 'a package that is' : 'packages that are'} not installed: ` +
        `npm install ${missing.join(' ')} (with -g if unrolled is installed with -g).`,
    );
}

/** Milliseconds that a server has for its first answer. */
const PATIENCE_MS = 15_000;

/** The methods that BullMQ's queues and workers share. */
interface Connecting {
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** Waits for the first answer of a server. @throws UnrolledError if it cannot be reached */
export async function reached(url: string, connecting: Connecting): Promise<void> {
  let fail: (error: Error) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  const timer = setTimeout(() => fail(new Error('no answer')), PATIENCE_MS);
  connecting.on('error', fail);
  try {
    await Promise.race([connecting.waitUntilReady(), failed]);
  } catch (error) {
    throw new UnrolledError(
      `Cannot reach the queue at ${shownUrl(url)}: ${reasonOf(error)}. Start the server, or correct --queue.`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
    connecting.off('error', fail);
    failed.catch(() => undefined);
  }
}

/**
 * Returns why a connection failed, in one line without a full stop. If a name has several addresses,
 * Node throws an AggregateError with an empty message, so its first error is used.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return messageOf(error).split('\n')[0].replace(/\.$/, '');
}

/** Milliseconds that closing may take. A server that has gone never answers. */
const CLOSING_MS = 3000;

/** Runs all functions that close connections, for at most CLOSING_MS. */
export async function closeAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSING_MS)));
  await Promise.race([Promise.allSettled(closing.map((close) => close())), enough]);
  clearTimeout(timer);
}

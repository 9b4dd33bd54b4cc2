import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { BackendClasses, IQueueBackend } from 'bullmq';
import { messageOf, OptionError, UnrolledError } from '../../core/errors.js';

/**
 * What is done with a server: `classes` are BullMQ's, bound to Redis or to PostgreSQL, and take
 * `connection`.
 */
export type OnServer<T> = <B extends IQueueBackend, C>(
  classes: BackendClasses<B, C>,
  connection: C,
) => Promise<T>;

/** Protocols, and the package that speaks each. */
const CLIENTS: Readonly<Record<string, 'ioredis' | 'pg'>> = {
  'redis:': 'ioredis',
  'rediss:': 'ioredis',
  'postgres:': 'pg',
  'postgresql:': 'pg',
};

/** Milliseconds until a client tries again to reach a server that has gone. */
const RETRY_MS = 1000;

/**
 * Takes up a server of queues: Redis, or PostgreSQL by BullMQ's own backend, which keeps its tables in
 * the schema `bullmq` and makes them where they are not there.
 * @param url `redis://`, `rediss://`, `postgres://` or `postgresql://`
 * @throws OptionError for another address; UnrolledError where packages are not installed
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
  // What is asked while the server is away is asked again when it is back.
  const waiting = { maxRetriesPerRequest: null, retryStrategy: (): number => RETRY_MS };
  return use(withBackend(createRedisBackend), { url, ...waiting });
}

/** What is used of a client of PostgreSQL. */
type PgClient = new (config: object) => EventEmitter;

/**
 * A client whose connection breaks while a query of it is under way tells so twice: by the query, and
 * by an event, which nobody listens to then and which would end the process.
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

/** The address without what is secret in it. */
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

/** A password must not get into a message, whatever the rest of the address looks like. */
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
        `npm install ${missing.join(' ')} (with -g where unrolled is installed so).`,
    );
}

/** How long a server has to answer at first. */
const PATIENCE_MS = 15_000;

/** What BullMQ's queues and workers have in common. */
interface Connecting {
  waitUntilReady(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** Waits for the first answer of a server. @throws UnrolledError where it cannot be reached */
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

/** Why a connection failed. Node has an error of several addresses, with an empty message. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return messageOf(error).split('\n')[0].replace(/\.$/, '');
}

/** How long the end of a connection may take: a server that has gone does not answer. */
const CLOSING_MS = 3000;

/** Closes what is open, as far as the server lets it. */
export async function closeAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSING_MS)));
  await Promise.race([Promise.allSettled(closing.map((close) => close())), enough]);
  clearTimeout(timer);
}

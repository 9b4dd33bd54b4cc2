import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { download, type Download } from '../../src/text/node/download.js';

const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 31) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let server: Server;
let url: string;
/** What each request asked for: its Range header, or `all`. */
let asked: string[];
let answer: Answer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unrolled-test-'));
  asked = [];
  answer = withRange;
  server = createServer((request, response) => {
    asked.push(request.headers.range ?? 'all');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/text.txt`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const withRange: Answer = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (from >= content.length)
    return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  const headers = {
    'content-length': content.length - from,
    'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
  };
  response.writeHead(from > 0 ? 206 : 200, headers).end(content.subarray(from));
};

const withoutRange: Answer = (_, response) =>
  void response.writeHead(200, { 'content-length': content.length }).end(content);

/** Sends `count` bytes and cuts the connection once they are in the file. */
const cutAfter =
  (count: number): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, count));
    const arrived = setInterval(() => {
      if ((statSync(`${path()}.part`, { throwIfNoEntry: false })?.size ?? 0) < count) return;
      clearInterval(arrived);
      response.destroy();
    }, 1);
  };

const path = (): string => join(folder, 'cache', 'text.txt');
const get = (options: Partial<Download> = {}): Promise<string> =>
  download({ url, path: path(), bytes: content.length, sha256, ...options });
const files = (): string[] => readdirSync(join(folder, 'cache'));

function keep(bytes: Uint8Array): void {
  mkdirSync(join(folder, 'cache'));
  writeFileSync(`${path()}.part`, bytes);
}

describe('download', () => {
  it('fetches a file into a new folder, reports progress, and fetches it once', async () => {
    const progress: number[] = [];
    expect(await get({ onProgress: (bytes, total) => progress.push(bytes / total) })).toBe(path());
    expect(readFileSync(path()).equals(content)).toBe(true);
    expect(files()).toEqual(['text.txt']);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    await get();
    expect(asked).toEqual(['all']);
  });

  it('waits for another download of the same file, and takes its result', async () => {
    let release: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (release = resolve));
    answer = (request, response) => void both.then(() => withRange(request, response));
    const first = get();
    await expect.poll(() => asked).toEqual(['all']);
    const second = get();
    await expect.poll(files).toContain('text.txt.lock');
    release();
    expect(await Promise.all([first, second])).toEqual([path(), path()]);
    expect(readFileSync(path()).equals(content)).toBe(true);
    expect([asked, files()]).toEqual([['all'], ['text.txt']]);
  });

  it.each([
    ['was killed', { machine: hostname(), process: 2 ** 30 }],
    ['is on another machine, and may have ended', { machine: 'far-away', process: 7 }],
    ['wrote nothing', undefined],
  ])('does not wait for a process that %s', async (_, holder) => {
    mkdirSync(join(folder, 'cache'));
    writeFileSync(`${path()}.lock`, holder ? JSON.stringify(holder) : '');
    await get();
    expect(readFileSync(path()).equals(content)).toBe(true);
  });

  it('goes on after a cut connection where it stopped', async () => {
    answer = cutAfter(40_000);
    await expect(get()).rejects.toThrow(
      /^The download of .* stopped after 40000 of 100000 bytes .*Run it again to continue from there\.$/,
    );
    expect(existsSync(path())).toBe(false);
    answer = withRange;
    await get();
    expect(readFileSync(path()).equals(content)).toBe(true);
    expect(asked).toEqual(['all', 'bytes=40000-']);
    expect(files()).toEqual(['text.txt']);
  });

  it('begins again where the server does not know ranges', async () => {
    keep(content.subarray(0, 30_000));
    answer = withoutRange;
    await get();
    expect(readFileSync(path()).equals(content)).toBe(true);
    expect(asked).toEqual(['bytes=30000-']);
  });

  it('begins again where the server refuses the range or sends another one', async () => {
    for (const status of [416, 206]) {
      rmSync(join(folder, 'cache'), { recursive: true, force: true });
      keep(content.subarray(0, 30_000));
      asked = [];
      answer = (request, response) => {
        if (request.headers.range === undefined) withRange(request, response);
        else response.writeHead(status, { 'content-range': 'bytes 5-9/100000' }).end('12345');
      };
      await get();
      expect(readFileSync(path()).equals(content)).toBe(true);
      expect(asked).toEqual(['bytes=30000-', 'all']);
    }
  });

  it('uses a complete piece without asking, and begins again when the piece was of another file', async () => {
    keep(content);
    await get();
    expect(asked).toEqual([]);
    rmSync(join(folder, 'cache'), { recursive: true });
    keep(Buffer.alloc(30_000, 7));
    await get();
    expect(readFileSync(path()).equals(content)).toBe(true);
    expect(asked).toEqual(['bytes=30000-', 'all']);
  });

  it('replaces a file that was damaged in the cache', async () => {
    keep(new Uint8Array(0));
    writeFileSync(path(), Buffer.alloc(content.length, 7));
    await get();
    expect(readFileSync(path()).equals(content)).toBe(true);
  });

  it('throws away a file with a wrong checksum, and leaves an older one alone', async () => {
    keep(new Uint8Array(0));
    writeFileSync(path(), 'older');
    const wrong = '0'.repeat(64);
    await expect(get({ sha256: wrong })).rejects.toThrow(
      `is not the expected file: expected SHA-256 ${wrong}, got ${sha256}.`,
    );
    expect(files()).toEqual(['text.txt']);
    expect(readFileSync(path(), 'utf8')).toBe('older');
  });

  it('refuses a file that is too long, and says where a short one ended', async () => {
    await expect(get({ bytes: 99_999 })).rejects.toThrow('it has more than the expected 99999 bytes');
    rmSync(join(folder, 'cache'), { recursive: true });
    await expect(get({ bytes: 100_001 })).rejects.toThrow('stopped after 100000 of 100001 bytes.');
  });

  it('says in one line why it failed', async () => {
    answer = (_, response) => void response.writeHead(404).end('no');
    await expect(get()).rejects.toThrow(
      new DataError(`Cannot download ${url}: the server has no such file.`),
    );
    answer = (_, response) => void response.writeHead(503).end('no');
    await expect(get()).rejects.toThrow(
      `Cannot download ${url}: the server answered 503 Service Unavailable.`,
    );
    await expect(get({ url: 'http://127.0.0.1:9/x' })).rejects.toThrow(
      /^Cannot download http:\/\/127\.0\.0\.1:9\/x: .+\. Check the connection and try again\.$/,
    );
    await expect(get({ url: 'http://nowhere.invalid/x' })).rejects.toThrow(
      'this machine seems to be offline',
    );
    writeFileSync(join(folder, 'file'), '');
    await expect(get({ path: join(folder, 'file', 'x') })).rejects.toThrow(/^Cannot write ".*": .+\.$/);
  });

  it('stops on a signal and keeps what has arrived', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 40_000));
    };
    const controller = new AbortController();
    await expect(
      get({ signal: controller.signal, onProgress: (bytes) => bytes === 40_000 && controller.abort() }),
    ).rejects.toThrow('stopped after 40000 of 100000 bytes');
    answer = withRange;
    await get();
    expect(asked).toEqual(['all', 'bytes=40000-']);
  });
});

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, sep } from 'node:path';
import { fileError, UnrolledError } from '../../node.js';
import { History } from '../../sweep/index.js';
import { readRecord } from '../../sweep/node/index.js';
import { DONE } from '../failure.js';
import type { Services } from '../services.js';
import { specIn } from './record-exports.js';

export interface OpenFlags {
  readonly port?: number;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
/** The path of the record on the server. */
const RECORD = '/record/';

/**
 * `unrolled sweep show --open`: serves the page of sweeps and the record on 127.0.0.1 until Ctrl-C,
 * and opens the page in a browser if there is a display. Reloading the page reads the record again.
 * @returns the exit status
 */
export async function openSweep(path: string, flags: OpenFlags, services: Services): Promise<number> {
  const history = new History({ values: false });
  await readRecord(path, history);
  specIn(history, path);
  const pages = pagesFolder();
  const server = createServer((request, response) => {
    void serve(decodeURIComponent((request.url ?? '/').replace(/[?#].*$/, '')), pages, path, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) =>
      reject(new UnrolledError(`Cannot serve the page: ${message}. Choose another --port.`)),
    );
    server.listen(flags.port ?? 0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const record = encodeURIComponent(`.${RECORD}${basename(path)}`);
  const address = `http://127.0.0.1:${port}/sweep.html?record=${record}`;
  services.terminal.out(`unrolled: the sweep is at ${address} (stop with Ctrl-C)\n`);
  openBrowser(address);
  const interrupt = services.interrupt(() => undefined);
  try {
    await new Promise<void>((resolve) => {
      if (interrupt.signal.aborted) resolve();
      interrupt.signal.addEventListener('abort', () => resolve());
    });
    return DONE;
  } finally {
    interrupt.release();
    server.close();
    server.closeAllConnections();
  }
}

/** @throws UnrolledError if there are no pages, as in the published package */
function pagesFolder(): string {
  const root = dirname(createRequire(import.meta.url).resolve('unrolled/package.json'));
  const pages = join(root, 'dist/demo');
  if (existsSync(join(pages, 'sweep.html'))) return pages;
  throw new UnrolledError(
    'There are no pages: they are built in a clone of the project (npm run build), and are not part of ' +
      'the package. Open sweep.html of the site, and drop the record on it.',
  );
}

async function serve(path: string, pages: string, record: string, response: ServerResponse): Promise<void> {
  try {
    const file = path.startsWith(RECORD) ? record : join(pages, path);
    if (file !== record && !file.startsWith(pages + sep)) throw new Error('outside of the pages');
    const bytes = await readFile(file);
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-store',
    });
    response.end(bytes);
  } catch (error) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(fileError('read', path, error).message);
  }
}

/** Opens an address in a browser, unless there is no display or the session is remote. */
function openBrowser(address: string): void {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (CI ?? SSH_CONNECTION) return;
  const { platform } = process;
  if (platform === 'linux' && !(DISPLAY ?? WAYLAND_DISPLAY)) return;
  const [program, ...args] =
    platform === 'win32'
      ? ['cmd', '/c', 'start', '', address]
      : [platform === 'darwin' ? 'open' : 'xdg-open', address];
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  // If there is no such program, the user can copy the address from the terminal.
  child.once('error', () => undefined);
  child.unref();
}

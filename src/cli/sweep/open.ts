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
import type { Services } from '../session.js';
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
/** Where the record is found, beside the pages. */
const RECORD = '/record/';

/**
 * `unrolled sweep show --open`: serves the page of sweeps and the record on the loopback interface until
 * Ctrl-C, and opens it where there is a display. The record is read anew with the page.
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
      reject(new UnrolledError(`The page cannot be served: ${message}. Choose another --port.`)),
    );
    server.listen(flags.port ?? 0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const record = encodeURIComponent(`.${RECORD}${basename(path)}`);
  const address = `http://127.0.0.1:${port}/sweep.html?record=${record}`;
  services.terminal.out(`unrolled: the sweep is at ${address} (Ctrl-C ends)\n`);
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

/** @throws UnrolledError where the pages are not there: the package of npm has none */
function pagesFolder(): string {
  const root = dirname(createRequire(import.meta.url).resolve('unrolled/package.json'));
  const pages = join(root, 'dist/demo');
  if (existsSync(join(pages, 'sweep.html'))) return pages;
  throw new UnrolledError(
    'The pages are not here: they come with a clone of the project (npm run build), not with the package. ' +
      'Open sweep.html of the site and drop the record on it.',
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

/** Opens an address where somebody can see it; whoever cannot has it in the terminal. */
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
  // Without such a program the address is in the terminal still.
  child.once('error', () => undefined);
  child.unref();
}

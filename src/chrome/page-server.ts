import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { PAGE_MODULE, SOCKET_PATH } from './page-api.js';

const HTML =
  '<!doctype html><title>unrolled</title><link rel="icon" href="data:,"><script type="module" ' +
  `src="${PAGE_MODULE}"></script>`;

/** A server for the page of the chrome backend, with a connection to the page. */
export interface PageServer {
  /** Address of the page. It contains a secret, so that no other page on this machine can connect. */
  readonly address: string;
  readonly port: number;
  /** Called with every message from the page. Set it before the page is opened. */
  onMessage: (bytes: Uint8Array) => void;
  /** Called when the page has connected; `onClose` when the connection has ended. */
  onOpen: () => void;
  onClose: () => void;
  send(bytes: Uint8Array): void;
  /** Frees the port. */
  close(): Promise<void>;
}

/**
 * Serves `module`, the code of the page, on a free port of the loopback interface, which is a secure
 * origin as WebGPU requires.
 */
export async function servePage(module: string): Promise<PageServer> {
  const folder = `/${randomUUID()}/`;
  const server = createServer((request, response) => {
    if (request.url === folder) respond(response, 'text/html', HTML);
    else if (request.url === folder + PAGE_MODULE) respond(response, 'text/javascript', module);
    else response.writeHead(404).end();
  });
  // No compression: parameters hardly shrink, and messages stay on this machine. No size limit: a
  // tensor may be large.
  const sockets = new WebSocketServer({
    server,
    path: folder + SOCKET_PATH,
    perMessageDeflate: false,
    maxPayload: 0,
  });
  const connections = new Set<Socket>();
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    sockets.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const { port } = server.address() as AddressInfo;
  let socket: WebSocket | undefined;
  const page: PageServer = {
    address: `http://127.0.0.1:${port}${folder}`,
    port,
    onMessage: () => undefined,
    onOpen: () => undefined,
    onClose: () => undefined,
    send: (bytes) => socket?.send(bytes),
    close: () =>
      new Promise((resolve) => {
        sockets.close();
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
  sockets.on('connection', (connected) => {
    socket = connected;
    connected.binaryType = 'nodebuffer';
    connected.on('message', (data) => page.onMessage(data as Buffer));
    connected.on('close', () => page.onClose());
    // A broken connection also emits `close`, which is handled.
    connected.on('error', () => undefined);
    page.onOpen();
  });
  return page;
}

function respond(response: ServerResponse, type: string, body: string): void {
  response
    .writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' })
    .end(body);
}

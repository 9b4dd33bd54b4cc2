import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError, messageOf } from '../core/errors.js';
import { onlyKnown } from '../core/options.js';
import { checkMemory } from '../plan/check-device.js';
import type { Device, DeviceCounts, DeviceInfo, Memory, PrepareOptions, Program } from '../plan/device.js';
import { checkGraph, type Graph } from '../plan/graph.js';
import { Connection } from './connection.js';
import { launchChrome, type LaunchedChrome } from './launch.js';
import { PAGE_MODULE } from './page-api.js';
import { servePage, type PageServer } from './page-server.js';
import { RemoteMemory, RemoteProgram } from './remote-program.js';

/** Options of `openChromeDevice`. */
export interface ChromeDeviceOptions {
  /**
   * `true`: Chrome's software adapter (SwiftShader). `false`: a real GPU, or an error. Default: a real
   * GPU where there is one, otherwise software.
   */
  readonly software?: boolean;
  /**
   * Path of the browser. Default: the environment's (PUPPETEER_EXECUTABLE_PATH, CHROME_PATH),
   * puppeteer's own, or an installed Chrome, Chromium or Edge.
   */
  readonly executablePath?: string;
}

/** Time for the page to load its code. */
const LOADING_MILLISECONDS = 60_000;

const GONE =
  'Headless Chrome went away: its page or its process has ended. Open the device again and load the ' +
  'last checkpoint';

/**
 * A device in a page of headless Chrome. Every call is sent to the page, which runs the same code.
 * Read this file first: `launch.ts` starts the browser, `page-server.ts` serves the page (`page.ts`),
 * and `connection.ts` sends the calls of `page-api.ts` as `messages.ts` encodes them.
 */
export class ChromeDevice implements Device {
  readonly info: DeviceInfo;
  readonly #connection: Connection;
  readonly #chrome: LaunchedChrome;
  readonly #server: PageServer;
  #lastId = 0;
  #closed: Promise<void> | undefined;

  private constructor(info: DeviceInfo, connection: Connection, chrome: LaunchedChrome, server: PageServer) {
    this.info = { ...info, runtime: 'headless Chrome' };
    this.#connection = connection;
    this.#chrome = chrome;
    this.#server = server;
    server.onClose = () => {
      connection.fail(GONE);
      this.dispose();
    };
  }

  /** Starts the browser, loads the page and opens its device. */
  static async open(options: ChromeDeviceOptions): Promise<ChromeDevice> {
    onlyKnown('openChromeDevice', options, ['software', 'executablePath']);
    const server = await servePage(readPage());
    let chrome: LaunchedChrome | undefined;
    try {
      chrome = await launchChrome(options);
      const connection = await connect(server, chrome);
      return new ChromeDevice(await connection.call('open'), connection, chrome, server);
    } catch (error) {
      await Promise.all([server.close(), chrome?.close()]);
      throw error;
    }
  }

  get counts(): DeviceCounts {
    return this.#connection.counts;
  }

  get lost(): Promise<DeviceError> {
    return this.#connection.lost;
  }

  /** The process id of the browser, for tests that kill it. */
  get processId(): number | undefined {
    return this.#chrome.browser.process()?.pid;
  }

  /** The port of the page's server, for the same tests. */
  get port(): number {
    return this.#server.port;
  }

  async createMemory(): Promise<Memory> {
    const id = ++this.#lastId;
    await this.#connection.call('createMemory', id);
    return new RemoteMemory(this.#connection, id);
  }

  async prepare(graph: Graph, memory: Memory, options: PrepareOptions = {}): Promise<Program> {
    checkGraph(graph);
    checkMemory(memory);
    const own = memory as RemoteMemory;
    const id = ++this.#lastId;
    const prepared = await this.#connection.call('prepare', id, graph, own.id, options);
    own.add(Object.values(graph.tensors));
    return new RemoteProgram(this.#connection, id, prepared);
  }

  dispose(): void {
    void this.close();
  }

  /** Like `dispose`, with a promise that resolves when browser and server have ended. */
  close(): Promise<void> {
    this.#connection.dispose();
    this.#closed ??= Promise.all([this.#server.close(), this.#chrome.close()]).then(() => undefined);
    return this.#closed;
  }
}

/**
 * Opens WebGPU in headless Chrome, through puppeteer: for machines where Node has no WebGPU of its
 * own, and to check how browsers compute. The browser ends with `dispose`, and with this process at
 * the latest.
 * @throws DeviceError that says what to do, where puppeteer, a browser or an adapter is missing
 */
export function openChromeDevice(options: ChromeDeviceOptions = {}): Promise<ChromeDevice> {
  return ChromeDevice.open(options);
}

/** Reads the code of the page, `dist/chrome/page.js`, from dist/, dist/chunks/ or src/chrome/. */
function readPage(): string {
  const places = ['chrome', '../chrome', '../../dist/chrome'].map((folder) =>
    join(import.meta.dirname, folder, PAGE_MODULE),
  );
  const built = places.find((file) => existsSync(file));
  if (built !== undefined) return readFileSync(built, 'utf8');
  throw new DeviceError(
    `The code of Chrome's page is missing: there is no dist/chrome/${PAGE_MODULE}. In a clone run: npm ` +
      'run build',
    'opening a device',
  );
}

/** Opens the page and waits until it has connected. */
async function connect(server: PageServer, { browser }: LaunchedChrome): Promise<Connection> {
  const connection = new Connection((bytes) => server.send(bytes));
  server.onMessage = (bytes) => connection.receive(bytes);
  server.onClose = () => connection.fail(GONE);
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: unknown): void =>
        reject(
          new DeviceError(
            `The page of headless Chrome did not start: ${messageOf(reason).split('\n')[0]}`,
            'opening a device',
          ),
        );
      server.onOpen = resolve;
      timer = setTimeout(
        () => fail(`no answer within ${LOADING_MILLISECONDS / 1000} s`),
        LOADING_MILLISECONDS,
      );
      browser.once('disconnected', () => fail('the browser ended'));
      const load = async (): Promise<void> => {
        const page = (await browser.pages())[0] ?? (await browser.newPage());
        page.on('pageerror', fail);
        await page.goto(server.address);
      };
      load().catch(fail);
    });
  } finally {
    clearTimeout(timer);
  }
  return connection;
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'puppeteer';
import { DeviceError, messageOf } from '../core/errors.js';
import { isHardware } from '../device/adapters.js';
import { BROWSER_ADVICE, findBrowser } from './find.js';
import { endWithProcess } from './end-with-process.js';

/** Time for a browser to close by itself before it is killed. */
const CLOSING_MILLISECONDS = 5000;

/** Options of `launchChrome`. */
export interface LaunchOptions {
  /**
   * `true`: Chrome's software adapter (SwiftShader). `false`: a real GPU, or an error. Default: a real
   * GPU where there is one, otherwise software.
   */
  readonly software?: boolean;
  /** Default true. A window needs a display. */
  readonly headless?: boolean;
  /** Path of the browser. Default: what `findBrowser` finds. */
  readonly executablePath?: string;
}

/** A running browser whose pages have WebGPU. */
export interface LaunchedChrome {
  readonly browser: Browser;
  /** Whether it uses the software adapter. */
  readonly software: boolean;
  /** Closes the browser, and kills it if it does not close by itself. */
  close(): Promise<void>;
}

/**
 * The flags of a Chrome that computes with WebGPU and makes no network requests of its own. `root`
 * switches the sandbox off, which refuses to run as root.
 */
export function chromeArguments({
  software,
  root,
}: {
  readonly software: boolean;
  readonly root: boolean;
}): string[] {
  const quiet = [
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  // Chrome slows timers of background pages down to one a second.
  const awake = [
    '--disable-background-timer-throttling',
    '--disable-renderer-backgrounding',
    '--disable-backgrounding-occluded-windows',
  ];
  // Without a display, Chrome on Linux finds a GPU only through Vulkan, and must not try to draw to
  // a window with it.
  const vulkan =
    process.platform === 'linux' && !software
      ? [
          '--enable-features=Vulkan',
          '--use-angle=vulkan',
          '--disable-vulkan-surface',
          '--ignore-gpu-blocklist',
        ]
      : [];
  return [
    ...quiet,
    ...awake,
    '--enable-unsafe-webgpu',
    ...(software ? ['--use-webgpu-adapter=swiftshader'] : vulkan),
    ...(root ? ['--no-sandbox'] : []),
  ];
}

/** Whether Linux has no device file of any GPU driver. Then no browser need be started to ask. */
function surelyNoGpu(): boolean {
  return (
    process.platform === 'linux' &&
    !['/dev/dri', '/dev/nvidiactl', '/dev/dxg', '/dev/kgsl-3d0', '/dev/mali0'].some((path) =>
      existsSync(path),
    )
  );
}

/**
 * Asks for a GPU in a page of this browser. WebGPU exists only for secure origins, so the page has a
 * localhost address that is answered here.
 */
async function hasGpu(browser: Browser): Promise<boolean> {
  const page = await browser.newPage();
  try {
    await page.setRequestInterception(true);
    page.on(
      'request',
      (request) => void request.respond({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    await page.goto('http://localhost/');
    const info = await page.evaluate(async () => {
      const adapter = await (navigator as Partial<Navigator>).gpu?.requestAdapter();
      if (!adapter) return undefined;
      const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
      return { vendor, architecture, device, description, isFallbackAdapter };
    });
    return info !== undefined && isHardware({ info });
  } finally {
    await page.close();
  }
}

/** Starts the browser with a profile of its own, which is removed when it ends. */
async function start(
  executablePath: string,
  headless: boolean,
  args: readonly string[],
): Promise<Omit<LaunchedChrome, 'software'>> {
  const { default: puppeteer } = await import('puppeteer');
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-chrome-'));
  try {
    const browser = await puppeteer.launch({
      executablePath,
      headless,
      args: [...args],
      userDataDir: folder,
      // A browser connected by a pipe ends when the pipe closes, even when this process is killed.
      pipe: true,
      // A killed Chrome leaves small folders for its locks in the temporary folder.
      ...(process.platform === 'linux' ? { env: { ...process.env, TMPDIR: folder } } : {}),
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      protocolTimeout: 600_000,
    });
    const child = browser.process();
    if (!child) throw new Error('the browser has no process');
    const kill = endWithProcess(child, folder);
    return {
      browser,
      close: async () => {
        const force = setTimeout(kill, CLOSING_MILLISECONDS);
        await browser.close().catch(kill);
        clearTimeout(force);
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Starts Chrome with WebGPU through puppeteer. The caller closes it.
 * @throws DeviceError where puppeteer or a browser is missing, or the browser does not start
 */
export async function launchChrome(options: LaunchOptions = {}): Promise<LaunchedChrome> {
  const doing = 'starting Chrome';
  await import('puppeteer').catch((cause: unknown) => {
    throw new DeviceError(
      'The chrome backend needs the package "puppeteer". Install it: npm install puppeteer',
      doing,
      { cause },
    );
  });
  const executablePath =
    options.executablePath ??
    (await findBrowser().catch((cause: unknown) => {
      throw new DeviceError(messageOf(cause).replace(/\.$/, ''), doing, { cause });
    }));
  if (executablePath === undefined)
    throw new DeviceError(`There is no browser on this machine. ${BROWSER_ADVICE}`, doing);
  if (!existsSync(executablePath))
    throw new DeviceError(`There is no browser at ${executablePath}. ${BROWSER_ADVICE}`, doing);

  const launch = async (software: boolean, root = process.getuid?.() === 0): Promise<LaunchedChrome> => {
    try {
      return {
        ...(await start(executablePath, options.headless ?? true, chromeArguments({ software, root }))),
        software,
      };
    } catch (cause) {
      // Some Linux systems forbid the user namespaces that the sandbox needs. This browser opens only
      // pages of this library.
      if (!root && /sandbox/i.test(messageOf(cause))) return launch(software, true);
      throw new DeviceError(
        `${executablePath} does not start: ${messageOf(cause).replace(/\s+/g, ' ').slice(0, 300)}. ` +
          BROWSER_ADVICE,
        doing,
        { cause },
      );
    }
  };

  if (options.software !== true && (options.software === false || !surelyNoGpu())) {
    const chrome = await launch(false);
    if (options.software === false || (await hasGpu(chrome.browser).catch(() => false))) return chrome;
    await chrome.close();
  }
  return launch(true);
}

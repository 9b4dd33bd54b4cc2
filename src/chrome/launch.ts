import { existsSync } from 'node:fs';
import type { Browser } from 'puppeteer';
import { DeviceError, messageOf } from '../core/errors.js';
import { BROWSER_ADVICE, findBrowser } from './find.js';

/** What `launchChrome` takes. */
export interface LaunchOptions {
  /** `true`: Chrome's software adapter (SwiftShader); `false`: a real GPU or none; absent: a real GPU where there is one, else software. */
  readonly software?: boolean;
  /** Default true. A window needs a display. */
  readonly headless?: boolean;
  /** Path of the browser. Default: what `findBrowser` finds. */
  readonly executablePath?: string;
}

/** A running browser whose pages have WebGPU. */
export interface LaunchedChrome {
  readonly browser: Browser;
  /** Whether it was started on the software adapter. */
  readonly software: boolean;
}

/** The flags of a Chrome that computes with WebGPU and talks to nobody. `root`: Chrome's sandbox refuses to run as root. */
export function chromeArguments({ software, root }: { readonly software: boolean; readonly root: boolean }): string[] {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  // A page in the background is slowed down to one timer a second.
  const awake = ['--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'];
  const vulkan = process.platform === 'linux' && !software ? ['--enable-features=Vulkan'] : [];
  return [...quiet, ...awake, '--enable-unsafe-webgpu', ...(software ? ['--use-webgpu-adapter=swiftshader'] : vulkan), ...(root ? ['--no-sandbox'] : [])];
}

/** Linux without a device file of any GPU driver: no need to start a browser in order to learn that there is none. */
function surelyNoGpu(): boolean {
  return process.platform === 'linux' && !['/dev/dri', '/dev/nvidiactl', '/dev/dxg', '/dev/kgsl-3d0', '/dev/mali0'].some((path) => existsSync(path));
}

/** Asks in a page of this browser for a GPU. WebGPU is there for secure origins only, so an answered localhost address stands in for one. */
async function hasGpu(browser: Browser): Promise<boolean> {
  const page = await browser.newPage();
  try {
    await page.setRequestInterception(true);
    page.on('request', (request) => void request.respond({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto('http://localhost/');
    return await page.evaluate(async () => {
      const adapter = await (navigator as Partial<Navigator>).gpu?.requestAdapter();
      return adapter ? !adapter.info.isFallbackAdapter && adapter.info.architecture !== 'swiftshader' : false;
    });
  } finally {
    await page.close();
  }
}

/**
 * Starts Chrome with WebGPU through puppeteer. The caller closes it.
 * @throws DeviceError where puppeteer or a browser is missing, or the browser does not start
 */
export async function launchChrome(options: LaunchOptions = {}): Promise<LaunchedChrome> {
  const doing = 'starting Chrome';
  const { default: puppeteer } = await import('puppeteer').catch((cause: unknown) => {
    throw new DeviceError('The chrome backend needs the package "puppeteer". Install it: npm install puppeteer', doing, { cause });
  });
  const executablePath = options.executablePath ?? (await findBrowser());
  if (executablePath === undefined) throw new DeviceError(`There is no browser on this machine. ${BROWSER_ADVICE}`, doing);
  const root = process.getuid?.() === 0;

  const start = async (software: boolean, unconfined: boolean): Promise<Browser> => {
    try {
      return await puppeteer.launch({ executablePath, headless: options.headless ?? true, args: chromeArguments({ software, root: unconfined }), protocolTimeout: 600_000 });
    } catch (cause) {
      // Some Linux systems forbid the user namespaces that the sandbox is made of. Only our own pages are opened in this browser.
      if (!unconfined && /sandbox/i.test(messageOf(cause))) return start(software, true);
      throw new DeviceError(`${executablePath} does not start: ${messageOf(cause).replace(/\s+/g, ' ').slice(0, 300)}. ${BROWSER_ADVICE}`, doing, { cause });
    }
  };

  if (options.software !== true && (options.software === false || !surelyNoGpu())) {
    const browser = await start(false, root);
    if (options.software === false || (await hasGpu(browser))) return { browser, software: false };
    await browser.close();
  }
  return { browser: await start(true, root), software: true };
}

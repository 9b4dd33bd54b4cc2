import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UnrolledError } from '../core/errors.js';

/**
 * File in which the set-up script stores the path of the browser that it found: `{ "path": … }`. It
 * exists in a clone, but not in an installed package.
 */
export const BROWSER_NOTE = join(
  import.meta.dirname.replace(/[\\/](dist|src[\\/]chrome)$/, ''),
  'node_modules/.cache/unrolled/browser.json',
);

/** Environment variables that name a browser. The first that is set counts. */
const VARIABLES = ['PUPPETEER_EXECUTABLE_PATH', 'CHROME_PATH'] as const;

/** How a user gets a browser: the end of an error message. */
export const BROWSER_ADVICE =
  'Install Chrome, Chromium or Edge, or name one in the environment variable CHROME_PATH';

/** Paths where installers put Chrome, Chromium and Edge. */
function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Google Chrome Canary'];
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      apps.map((app) => join(folder, `${app}.app/Contents/MacOS/${app}`)),
    );
  }
  if (process.platform === 'win32') {
    const folders = [
      process.env.PROGRAMFILES,
      process.env['PROGRAMFILES(X86)'],
      process.env.LOCALAPPDATA,
    ].filter((folder) => folder !== undefined);
    return folders.flatMap((folder) =>
      [
        'Google/Chrome/Application/chrome.exe',
        'Chromium/Application/chrome.exe',
        'Microsoft/Edge/Application/msedge.exe',
      ].map((path) => join(folder, path)),
    );
  }
  const names = [
    'google-chrome-stable',
    'google-chrome',
    'chromium',
    'chromium-browser',
    'microsoft-edge-stable',
    'microsoft-edge',
  ];
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return [
    ...names.flatMap((name) =>
      [...folders, '/usr/bin', '/usr/local/bin', '/snap/bin'].map((folder) => join(folder, name)),
    ),
    '/opt/google/chrome/chrome',
    '/opt/microsoft/msedge/msedge',
  ];
}

/** The browser that the environment names. @throws UnrolledError where the file does not exist */
function browserOfEnvironment(): string | undefined {
  for (const variable of VARIABLES) {
    const path = process.env[variable];
    if (!path) continue;
    if (!existsSync(path))
      throw new UnrolledError(
        `${variable} names the browser ${path}, and there is no such file. Correct the variable, or ` +
          'unset it.',
      );
    return path;
  }
  return undefined;
}

function browserOfNote(): string | undefined {
  try {
    const { path } = JSON.parse(readFileSync(BROWSER_NOTE, 'utf8')) as { path?: unknown };
    return typeof path === 'string' && existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

async function browserOfPuppeteer(): Promise<string | undefined> {
  try {
    const { default: puppeteer } = await import('puppeteer');
    const path = puppeteer.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The path of a Chrome, Chromium or Edge. The environment's comes first, then the set-up script's,
 * puppeteer's, and an installed one.
 * @returns undefined where there is none
 * @throws UnrolledError where the environment names a file that does not exist
 */
export async function findBrowser(): Promise<string | undefined> {
  return (
    browserOfEnvironment() ??
    browserOfNote() ??
    (await browserOfPuppeteer()) ??
    usualPlaces().find((path) => existsSync(path))
  );
}

// Prepares a clone for start and test: packages, the built library, a browser. It runs before
// `npm start` and `npm test`, also in a new clone, so it uses built-in modules only. It returns
// quickly if nothing is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installServers } from './queue-servers.mjs';
import {
  browserNote,
  cache,
  distIsFresh,
  modulesAreFresh,
  readJson,
  root,
  serversNote,
  writeJson,
} from './state.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  fail(
    `needs Node 20.19 or later, and this is ${process.versions.node}. Get a current one from ` +
      'https://nodejs.org.',
  );

/** Only `npm test` needs servers, so other commands install no database. */
const forTests = process.env.npm_lifecycle_event === 'pretest';

if (!(await everythingIsThere())) {
  const unlock = await lock(join(root, '.setup.lock'));
  try {
    installPackages();
    build();
    await provideBrowser();
    if (forTests) provideServers();
  } finally {
    unlock();
  }
}

async function everythingIsThere() {
  return (
    modulesAreFresh() &&
    distIsFresh() &&
    notedBrowser() !== undefined &&
    (!forTests || existsSync(serversNote))
  );
}

/** The browser of the last set-up, unless it is gone or the environment names another. */
function notedBrowser() {
  const path = readJson(browserNote)?.path;
  const named = process.env.PUPPETEER_EXECUTABLE_PATH || process.env.CHROME_PATH || path;
  return typeof path === 'string' && path === named && existsSync(path) ? path : undefined;
}

function installPackages() {
  if (modulesAreFresh()) return;
  say('installing packages (npm ci)');
  // Install scripts are not needed: nothing is compiled, browsers are looked for below, and the
  // build is the next step.
  run(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
    'npm ci failed (see above). Check the network and the npm registry, then run it again.',
  );
  if (!modulesAreFresh())
    fail(
      'npm ci ended, but node_modules is not what package-lock.json asks for. Install with the ' +
        'optional and development packages: npm ci --include=dev --include=optional.',
    );
}

function build() {
  if (distIsFresh()) return;
  say('building dist/');
  run(process.execPath, [join(root, 'scripts/build.mjs')], 'the build failed (see above).');
}

async function provideBrowser() {
  if (notedBrowser() !== undefined) return;
  rmSync(browserNote, { force: true });
  const { findBrowser, BROWSER_ADVICE } = await import(pathToFileURL(join(root, 'dist/find.js')));
  const find = () => findBrowser().catch((error) => fail(error.message));
  const path =
    (await find()) ?? (await downloadBrowser()) ?? (installDebianChromium() ? await find() : undefined);
  if (path === undefined)
    fail(`found no browser and could not install one. ${BROWSER_ADVICE}; then run: npm run setup`);
  writeJson(browserNote, { path });
  say(`browser: ${path}`);
}

/** Searches once, so that a missing server is not reported each time. */
function provideServers() {
  if (existsSync(serversNote)) return;
  installServers(say);
  writeJson(serversNote, { looked: true });
}

/** Downloads the Chrome version of puppeteer into the cache of this clone. */
async function downloadBrowser() {
  say('there is no browser: downloading Chrome');
  try {
    const { install, detectBrowserPlatform } = await import('@puppeteer/browsers');
    const { PUPPETEER_REVISIONS } = await import('puppeteer');
    const { executablePath } = await install({
      browser: 'chrome',
      buildId: PUPPETEER_REVISIONS.chrome,
      cacheDir: join(cache, 'browsers'),
      platform: detectBrowserPlatform(),
    });
    if (
      spawnSync(executablePath, ['--version'], { stdio: 'ignore', timeout: 30_000 }).status === 0 ||
      process.platform === 'win32'
    )
      return executablePath;
    say('the downloaded Chrome does not run here: system libraries are missing');
  } catch (error) {
    say(
      'Chrome could not be downloaded: ' +
        `${error instanceof Error ? error.message.split('\n')[0].replace(/:$/, '') : error}`,
    );
  }
  return undefined;
}

/**
 * Installs Chromium as root on Debian and its derivatives. Ubuntu's package only refers to a snap,
 * which containers cannot run; then no browser is found afterwards.
 */
function installDebianChromium() {
  if (
    process.platform !== 'linux' ||
    process.getuid() !== 0 ||
    spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0
  )
    return false;
  say("installing Debian's chromium (apt-get install chromium)");
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  spawnSync('apt-get', ['update'], options);
  return spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options).status === 0;
}

/** Waits until no other set-up runs in this clone. @returns a function that releases the lock */
async function lock(file) {
  for (let said = false; ;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      const unlock = () => rmSync(file, { force: true });
      process.on('exit', unlock);
      for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
      return unlock;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write in ${root}: ${error.message}`);
    }
    const owner = Number(readOr(file, '0'));
    if (!isAlive(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!said)
      say(`waiting for another set-up in this folder (process ${owner}; if there is none, delete ${file})`);
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function isAlive(pid) {
  // Another process may be between creating the file and writing its number.
  if (!(pid > 0)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}

function run(command, args, message) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status !== 0) fail(message);
}

function say(message) {
  console.log(`unrolled set-up: ${message}`);
}

function fail(message) {
  console.error(`unrolled set-up: ${message}`);
  process.exit(1);
}

// Takes the pictures of docs/img anew, from the built pages (`npm run build`) in headless Chrome: node scripts/screenshots.mjs [NAME…]
// Those in the repository have 96 colours, by any tool that can, which makes them a third as large.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { preview } from 'vite';
import { launchChrome } from '../dist/launch.js';
import { root } from './state.mjs';

const folder = join(root, 'docs/img');
const [WIDE, NARROW] = [1280, 390];
/** How long a page may take to come to what the picture shows: software adapters compile and train slowly. */
const PATIENCE = 600_000;

/** Pages with a training in them, and when they are worth a picture. */
const TRAINING = 'index.html?hidden=64&time=32';
const LSTM = 'index.html?cell=lstm&hidden=64&time=32&batch=8&optimizer=adam&rate=0.005';
const TRAINED = 'unrolledDemo.state().step >= 1000 && document.querySelectorAll("#strip li").length >= 6';
const text = (selector, words) => `document.querySelector('${selector}')?.textContent.includes('${words}')`;
const COMPARED =
  "[...document.querySelectorAll('#compare-table tr')].some(({ cells }) => cells[0].textContent === 'Steps' && Number(cells[1].textContent.replace(',', '')) >= 1000)";
const COMPARISON = { address: 'index.html?autostart=0#compare?delay=15', click: '#compare-start', until: COMPARED, shot: '#compare' };
const SCENE = {
  address: 'index.html?autostart=0#scene',
  act: async (page) => {
    await page.waitForSelector('#scene-next');
    for (let click = 0; click < 4; click++) {
      await page.click('#scene-next');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  },
  shot: '#scene',
};

/**
 * A picture: of an address, after `open` (a selector of details), `click`, `act` and `until` (JavaScript), of the element `shot` or, without it, of the window.
 * `dark`, and the size of the window where it is not the usual one.
 */
const visits = {
  training: { address: TRAINING, until: TRAINED, height: 1000 },
  'training-dark': { address: TRAINING, until: TRAINED, height: 800, dark: true },
  'training-narrow': { address: TRAINING, until: TRAINED, width: NARROW, height: 1000 },
  inside: { address: LSTM, until: TRAINED, open: '#inside-details', shot: '#inside', settle: 6000 },
  'inside-dark': { address: LSTM, until: TRAINED, open: '#inside-details', shot: '#inside', settle: 6000, dark: true },
  'inside-narrow': { address: LSTM, until: TRAINED, open: '#inside-details', shot: '#inside', settle: 6000, width: NARROW },
  compare: COMPARISON,
  'compare-dark': { ...COMPARISON, dark: true },
  'compare-narrow': { ...COMPARISON, width: NARROW },
  scene: SCENE,
  'scene-dark': { ...SCENE, dark: true },
  'scene-narrow': { ...SCENE, width: NARROW },
  check: { address: 'index.html?autostart=0', click: '#check-start', until: text('#check-status', 'Passed'), shot: 'section:has(> .check)' },
  bench: { address: 'bench.html?parts=grid&only=H100&autostart=1&rounds=5', until: "unrolledBench.state().status === 'done'", full: true },
  'bench-dark': { address: 'bench.html?parts=grid&only=H100&autostart=1&rounds=5', until: "unrolledBench.state().status === 'done'", full: true, dark: true },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in visits));
if (unknown.length > 0) {
  console.error(`screenshots: there is no ${unknown.join(', ')}. Choose from ${Object.keys(visits).join(', ')}.`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const server = await preview({ configFile: false, root, logLevel: 'error', build: { outDir: join(root, 'dist/demo') }, preview: { host: 'localhost', port: 4190 } });
const chrome = await launchChrome();
try {
  for (const [name, visit] of Object.entries(visits)) if (wanted.length === 0 || wanted.includes(name)) await picture(name, visit);
} finally {
  await chrome.close();
  await server.close();
}

async function picture(name, { address, open, click, act, until, shot, full = false, settle = 500, width = WIDE, height = 900, dark = false }) {
  const context = await chrome.browser.createBrowserContext(); // nothing of another visit is kept
  const page = await context.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }]);
  await page.goto(`http://localhost:${server.httpServer.address().port}/${address}`);
  if (open)
    await page.$eval(open, (details) => {
      details.open = true;
      details.scrollIntoView(); // it rests while it is out of sight
    });
  if (click) {
    await page.waitForSelector(`${click}:not(:disabled)`);
    await page.click(click);
  }
  if (act) await act(page);
  if (until) await page.waitForFunction(until, { timeout: PATIENCE, polling: 250 });
  await new Promise((resolve) => setTimeout(resolve, settle));
  const path = join(folder, `${name}.png`);
  await (shot ? await page.$(shot) : page).screenshot({ path, fullPage: full });
  await context.close();
  console.log(path);
}

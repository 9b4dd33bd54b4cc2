// Takes the pictures of docs/img again, from the built pages (`npm run build`) in headless Chrome.
// With pngquant (apt-get install pngquant) they have 96 colours and are a third as large.
//   node scripts/screenshots.mjs [NAME…] [--out FOLDER] [--dist FOLDER]
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChrome } from '../dist/launch.js';
import { serve } from './serve.mjs';
import { root } from './state.mjs';

const WIDE = 1280;
/** The window of a phone. */
const PHONE = { width: 390, height: 844 };
const COLOURS = 96;
/**
 * Time limit until a page shows the content of a picture. Software adapters compile and train
 * slowly.
 */
const PATIENCE = 600_000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const text = (selector, words) => `document.querySelector('${selector}')?.textContent.includes('${words}')`;

const TRAINED = 'unrolledDemo.state().step >= 1000 && document.querySelectorAll("#strip li").length >= 6';
const INSIDE = {
  address: 'index.html?cell=lstm&hidden=64&time=32&batch=8&optimizer=adam&rate=0.005',
  open: '#inside-details',
  until: TRAINED,
  act: async (page) => {
    // The prediction after a character of the second row or so: what it depends on is seen in the
    // row above, too.
    await page.$eval('#inside-cells [data-position="44"]', (cell) => {
      cell.focus({ preventScroll: true });
      cell.click();
    });
    await page.waitForSelector('#inside-cells.connected');
  },
  shot: '#inside',
  settle: 6000,
};
const COMPARED =
  "[...document.querySelectorAll('#compare-table tr')].some(({ cells }) => cells[0].textContent === " +
  "'Steps' && Number(cells[1].textContent.replace(',', '')) >= 400)";
const COMPARE = {
  address: 'index.html?autostart=0#compare?delay=15',
  click: '#compare-start',
  until:
    "[...document.querySelectorAll('#compare-table tr')].some(({ cells }) => cells[0].textContent === " +
    "'Steps' && Number(cells[1].textContent.replace(',', '')) >= 1000)",
  shot: '#compare',
};
const SCENE = {
  address: 'index.html?autostart=0#scene',
  act: async (page) => {
    await page.waitForSelector('#scene-next');
    // Forward, backward, update; then forward and backward with the new weights.
    for (let click = 0; click < 5; click++) {
      await page.click('#scene-next');
      await sleep(500);
    }
  },
  shot: '#scene',
};
const CHECK = {
  address: 'index.html?autostart=0',
  click: '#check-start',
  until: text('#check-status', 'Passed'),
  shot: 'section:has(> .check)',
};
const BENCH = {
  address: 'bench.html?parts=grid&only=H100&autostart=1&rounds=5',
  until: "unrolledBench.state().status === 'done'",
  full: true,
};
/** A step of the training: curve, coloured text, units and writing, moved by one slider. */
const FILM = {
  address: 'index.html?seed=0#learns',
  until: 'unrolledDemo.samples().length >= 8',
  act: async (page) => {
    await page.$eval('#film', (box) => box.scrollIntoView({ block: 'end' }));
    await page.waitForSelector('.film-passage span');
    await page.$eval('#film-step', (slider) => {
      slider.value = '4';
      slider.dispatchEvent(new Event('input'));
    });
  },
  shot: '.run > .panel',
  settle: 3000,
  webp: true,
};
const TASKS = {
  address: 'tasks.html?task=dates&seed=0',
  until: 'unrolledTasks.state().share >= 0.9',
  height: 1130,
};
const UNROLLED = {
  ...TASKS,
  act: async (page) => {
    await page.$eval('#task-unrolled', (box) => box.scrollIntoView());
    await page.waitForSelector('#task-unrolled .look.now');
  },
  shot: 'section:has(> #task-unrolled)',
  settle: 2000,
  webp: true,
};
const DARK = { dark: true };
/** What a phone shows from the top of an element on, with so many pixels above it. */
const narrow = (from, above = 8) => ({ ...PHONE, from, above, shot: undefined, full: false });

/** A chapter as it is first seen, in the window of a desk and of a small phone. */
const chapter = (id, more = {}) => {
  const visit = { address: `index.html?seed=0#${id}`, height: 800, webp: true, settle: 1500, ...more };
  const phone = { ...visit, width: 360, height: 740 };
  return {
    [id]: visit,
    [`${id}-dark`]: { ...visit, ...DARK },
    [`${id}-narrow`]: phone,
    [`${id}-narrow-dark`]: { ...phone, ...DARK },
  };
};

/**
 * A picture: of an address, after `open` (a selector of details), `click`, `until` (JavaScript) and
 * `act`, of the element `shot`, of the page (`full`) or else of the window, scrolled to the element
 * `from` and what is `above` it. `dark`, `webp`, and the size of the window where it is not the
 * usual one.
 */
const visits = {
  ...chapter('guesses', { until: 'unrolledDemo.state().step >= 400' }),
  ...chapter('remembers', {
    until: "document.querySelector('#inside-cells .cell')",
    open: '#inside-details',
  }),
  ...chapter('learns', { until: 'unrolledDemo.samples().length >= 6' }),
  ...chapter('forgets', { until: COMPARED, click: '#compare-now' }),
  ...chapter('yours'),
  film: FILM,
  'film-dark': { ...FILM, ...DARK },
  tasks: TASKS,
  'tasks-dark': { ...TASKS, ...DARK },
  unrolled: UNROLLED,
  'unrolled-dark': { ...UNROLLED, ...DARK },
  inside: INSIDE,
  'inside-dark': { ...INSIDE, ...DARK },
  'inside-narrow': { ...INSIDE, ...narrow('#inside-body') },
  compare: COMPARE,
  'compare-dark': { ...COMPARE, ...DARK },
  'compare-narrow': { ...COMPARE, ...narrow('#compare-results') },
  scene: SCENE,
  'scene-dark': { ...SCENE, ...DARK },
  'scene-narrow': { ...SCENE, ...narrow('#scene .letters', 96) },
  check: CHECK,
  'check-dark': { ...CHECK, ...DARK },
  'check-narrow': { ...CHECK, ...narrow(CHECK.shot) },
  bench: BENCH,
  'bench-dark': { ...BENCH, ...DARK },
  'bench-narrow': { ...BENCH, ...narrow('#results') },
};

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(root, 'docs/img') },
    dist: { type: 'string', default: join(root, 'dist/demo') },
  },
});
const unknown = wanted.filter((name) => !(name in visits));
if (unknown.length > 0) {
  console.error(
    `screenshots: there is no ${unknown.join(', ')}. Choose from ${Object.keys(visits).join(', ')}.`,
  );
  process.exit(2);
}
mkdirSync(options.out, { recursive: true });
const server = await serve(options.dist, { port: 4190 });
const chrome = await launchChrome();
try {
  for (const [name, visit] of Object.entries(visits))
    if (wanted.length === 0 || wanted.includes(name)) await picture(name, visit);
} finally {
  await chrome.close();
  await server.close();
}

async function picture(
  name,
  {
    address,
    open,
    click,
    until,
    act,
    shot,
    from,
    above,
    full = false,
    settle = 500,
    width = WIDE,
    height = 900,
    dark = false,
    webp = false,
  },
) {
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
  if (until) await page.waitForFunction(until, { timeout: PATIENCE, polling: 250 });
  if (act) await act(page);
  if (from) await scrollTo(page, from, above);
  await sleep(settle);
  if (from) await scrollTo(page, from, above); // what lies before it may have grown
  const path = join(options.out, `${name}.${webp ? 'webp' : 'png'}`);
  const kind = webp ? { type: 'webp', quality: 50 } : {};
  await (shot ? await page.$(shot) : page).screenshot({ path, fullPage: full, ...kind });
  await context.close();
  if (webp) {
    console.log(path);
    return;
  }
  const { error, status } = spawnSync('pngquant', ['--force', '--ext', '.png', String(COLOURS), path]);
  console.log(
    error || status !== 0 ? `${path}, in all its colours: pngquant would make it a third as large` : path,
  );
}

function scrollTo(page, selector, above) {
  const scroll = (element, margin) => {
    element.style.scrollMarginTop = `${margin}px`;
    element.scrollIntoView();
  };
  return page.$eval(selector, scroll, above);
}

// Takes the pictures of docs/img again, from the built pages (`npm run build`) in headless Chrome.
// `learning` is the moving one: frames of the first screen while it trains.
//   node scripts/screenshots.mjs [NAME…] [--out FOLDER] [--dist FOLDER]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChrome } from '../dist/launch.js';
import { serve } from './serve.mjs';
import { root } from './state.mjs';
import { animated } from './webp.mjs';

const WIDE = 1280;
/** The window of a phone. */
const PHONE = { width: 390, height: 844 };
/** A small phone. */
const SMALL = { width: 360, height: 740 };
/** However slow the machine is, a training must not end before a picture is taken. */
const GOES_ON = 'seed=0&untilLearned=0';
/** Text stays sharp, and a picture has some 50 kB. */
const WEBP = { type: 'webp', quality: 40 };
const MOVING = 'learning';
/**
 * Time limit until a page shows the content of a picture. Software adapters compile and train
 * slowly.
 */
const PATIENCE = 600_000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const text = (selector, words) => `document.querySelector('${selector}')?.textContent.includes('${words}')`;

const TRAINED = 'unrolledDemo.state().step >= 1000 && document.querySelectorAll("#strip li").length >= 6';
const INSIDE = {
  address: `index.html?cell=lstm&hidden=64&time=32&batch=8&optimizer=adam&rate=0.005&${GOES_ON}`,
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
  "'Steps' && Number(cells[1].textContent.replace(',', '')) >= 1000)";
const COMPARE = {
  address: 'index.html?autostart=0#compare?delay=15',
  click: '#compare-start',
  until: COMPARED,
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
  address: `index.html?${GOES_ON}#learns`,
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
};
/** What a phone shows from the top of an element on, with so many pixels above it. */
const narrow = (from, above = 8) => ({ ...PHONE, from, above, shot: undefined, full: false });
/** A chapter as it is first seen. */
const chapter = (id, more = {}) => ({
  address: `index.html?${GOES_ON}#${id}`,
  height: 800,
  settle: 1500,
  ...more,
});
const GUESSES = chapter('guesses', { until: 'unrolledDemo.state().step >= 400' });
const LEARNS = chapter('learns', { until: 'unrolledDemo.samples().length >= 6' });

/**
 * A picture, in light and dark: of an address, after `open` (a selector of details), `click`, `until`
 * (JavaScript) and `act`, of the element `shot`, of the page (`full`) or else of the window, scrolled
 * to the element `from` and what is `above` it. `schemes` if not both are wanted, and the size of the
 * window if it is not the usual one.
 */
const visits = {
  guesses: GUESSES,
  'guesses-narrow': { ...GUESSES, ...SMALL, schemes: ['light'] },
  remembers: chapter('remembers', {
    until: "document.querySelector('#inside-cells .cell') && unrolledDemo.state().step >= 400",
  }),
  learns: LEARNS,
  'learns-narrow': { ...LEARNS, ...SMALL, schemes: ['dark'] },
  forgets: chapter('forgets', { until: COMPARED }),
  yours: chapter('yours'),
  film: FILM,
  tasks: TASKS,
  unrolled: UNROLLED,
  'inside-narrow': { ...INSIDE, ...narrow('#inside-body'), schemes: ['light'] },
  'compare-narrow': { ...COMPARE, ...narrow('#compare-results'), schemes: ['light'] },
  scene: SCENE,
  'scene-narrow': { ...SCENE, ...narrow('#scene .letters', 96), schemes: ['light'] },
  check: CHECK,
  'check-narrow': { ...CHECK, ...narrow(CHECK.shot), schemes: ['light'] },
  bench: BENCH,
};

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: join(root, 'docs/img') },
    dist: { type: 'string', default: join(root, 'dist/demo') },
  },
});
const names = [...Object.keys(visits), MOVING];
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`screenshots: there is no ${unknown.join(', ')}. Choose from ${names.join(', ')}.`);
  process.exit(2);
}
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);
mkdirSync(options.out, { recursive: true });
const server = await serve(options.dist, { port: 4190 });
const chrome = await launchChrome();
try {
  for (const [name, visit] of Object.entries(visits)) if (isWanted(name)) await picture(name, visit);
  if (isWanted(MOVING)) await movingPicture();
} finally {
  await chrome.close();
  await server.close();
}

/** Opens a page in which nothing of another visit is kept. */
async function opened(address, size) {
  const context = await chrome.browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport(size);
  await page.goto(`http://localhost:${server.httpServer.address().port}/${address}`);
  return page;
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
    schemes = ['light', 'dark'],
  },
) {
  const page = await opened(address, { width, height });
  if (open)
    await page.$eval(open, (details) => {
      details.open = true;
      details.scrollIntoView(); // it rests while it is out of sight
    });
  if (click) {
    await page.waitForSelector(click);
    await page.$eval(click, (button) => button.scrollIntoView()); // panels are loaded when near
    await page.waitForSelector(`${click}:not(:disabled)`, { timeout: PATIENCE });
    await page.click(click);
  }
  if (until) await page.waitForFunction(until, { timeout: PATIENCE, polling: 250 });
  if (act) await act(page);
  // The row of chapters stands over the window, and would over an element that is higher than that.
  if (shot) await page.$$eval('nav.stepper', ([row]) => row?.style.setProperty('display', 'none'));
  for (const scheme of schemes) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    if (from) await scrollTo(page, from, above);
    await sleep(settle);
    if (from) await scrollTo(page, from, above); // what lies before it may have grown
    const path = join(options.out, `${name}${scheme === 'dark' ? '-dark' : ''}.webp`);
    await (shot ? await page.$(shot) : page).screenshot({ path, fullPage: full, ...WEBP });
    console.log(path);
  }
  await page.browserContext().close();
}

/** The first screen while it trains: a frame whenever the steps are half as many again. */
async function movingPicture() {
  const page = await opened(`index.html?${GOES_ON}`, { width: 900, height: 900 });
  await page.waitForSelector('#now-strip .read');
  const [top, bottom] = await page.evaluate(() => [
    document.querySelector('.now').getBoundingClientRect().top - 8,
    document.querySelector('.now-row').getBoundingClientRect().bottom + 8,
  ]);
  const clip = { x: 0, y: top, width: 885, height: bottom - top };
  const frames = [];
  for (let next = 0; next < 1500;) {
    await page.waitForFunction(`unrolledDemo.state().step >= ${next}`, { timeout: PATIENCE });
    const step = await page.evaluate('unrolledDemo.state().step');
    frames.push(await page.screenshot({ clip, ...WEBP, quality: 25 }));
    next = Math.max(5, Math.ceil(step * 1.5));
  }
  const path = join(options.out, `${MOVING}.webp`);
  const durations = frames.map((_, i) => (i === frames.length - 1 ? 4000 : 900));
  writeFileSync(path, animated(frames, durations));
  console.log(path);
  await page.browserContext().close();
}

function scrollTo(page, selector, above) {
  const scroll = (element, margin) => {
    element.style.scrollMarginTop = `${margin}px`;
    element.scrollIntoView();
  };
  return page.$eval(selector, scroll, above);
}

// `npm start`: serves the built demo and opens it in the browser. Without a display, or with
// --headless, it runs the same page in headless Chrome for a minute of training and prints loss and
// samples. The exit code is 0 if the loss fell, else 1.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChrome } from '../dist/launch.js';
import { serve } from './serve.mjs';
import { root } from './state.mjs';

/**
 * Time limit until the first training step of a page. A software adapter compiles shaders slowly.
 */
const PATIENCE_SECONDS = 180;
/** Time between two prints of the state of the page. */
const REPORT_SECONDS = 5;

const options = readOptions();
const server = await servePages();
const address = `http://localhost:${server.httpServer.address().port}/`;

if (options.headless || !hasDisplay())
  await trainHeadless().catch((error) => fail(`the page stopped: ${error.message.split('\n')[0]}`));
else console.log(`unrolled: training at ${address} (Ctrl-C ends). Without a window: npm start -- --headless`);

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        headless: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '60' },
        port: { type: 'string' },
        dist: { type: 'string', default: join(root, 'dist/demo') },
      },
    }));
  } catch (error) {
    fail(`${error.message.split('\n')[0]} Options: --headless, --seconds N, --port N, --dist FOLDER.`);
  }
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) fail(`--seconds: expected a number above 0, got "${values.seconds}".`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536))
    fail(`--port: expected a whole number from 0 to 65535, got "${values.port}".`);
  if (!existsSync(join(values.dist, 'index.html')))
    fail(`${join(values.dist, 'index.html')} is missing. Run: npm run build`);
  return { headless: values.headless, seconds, port, dist: values.dist };
}

function hasDisplay() {
  if (process.env.CI || process.env.SSH_CONNECTION) return false;
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Serves the built pages on the given port, or on the first free one. */
async function servePages() {
  const open = !options.headless && hasDisplay();
  try {
    return await serve(options.dist, {
      port: options.port ?? 4173,
      strictPort: options.port !== undefined,
      open,
    });
  } catch (error) {
    return fail(
      /in use/i.test(error.message)
        ? `port ${options.port} is in use. Choose another: npm start -- --port N`
        : `the demo cannot be served: ${error.message.split('\n')[0]}`,
    );
  }
}

async function trainHeadless() {
  const { browser, software } = await launchChrome().catch((error) => fail(error.message));
  const close = async (code) => {
    await browser.close();
    await server.close();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close(130));

  const page = await browser.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  await page.goto(`${address}?autostart=1`);
  /** JSON has no NaN, so it arrives as null. */
  const state = async () => {
    const now = await page.evaluate(() => window.unrolledDemo?.state());
    return now && { ...now, smoothLoss: now.smoothLoss ?? NaN, charsPerSecond: now.charsPerSecond ?? NaN };
  };

  const first = await waitForStep(state);
  if (!first) {
    const status = (await state().catch(() => undefined))?.status;
    console.error(
      `unrolled: the page did not begin to train within ${PATIENCE_SECONDS} s. ` +
        `${[status && `It says: ${status}`, ...troubles].filter(Boolean).join(' | ')}`,
    );
    await close(1);
  }
  console.log(
    `unrolled: training in headless Chrome on ${first.adapter}${software ? ' (no GPU found)' : ''}, ` +
      `${first.dispatchesPerStep} dispatches per step, for ${options.seconds} s`,
  );
  console.log(`a uniform guess has loss ${first.baseline.toFixed(3)}`);

  const start = performance.now();
  let last = first;
  let printed = 0;
  for (
    let elapsed = 0, reports = 0;
    elapsed < options.seconds;
    elapsed = (performance.now() - start) / 1000
  ) {
    await sleep(Math.min(250, (options.seconds - elapsed) * 1000));
    last = await state();
    const samples = await page.evaluate(() => window.unrolledDemo.samples());
    for (const { step, text } of samples.slice(printed))
      console.log(`\n--- sample after ${step} steps\n${text}\n`);
    printed = samples.length;
    if (last.status === 'done') {
      console.log(`unrolled: it has learned what it can of this text, best at step ${last.step}`);
      break;
    }
    if ((performance.now() - start) / 1000 < (reports + 1) * Math.min(REPORT_SECONDS, options.seconds))
      continue;
    reports++;
    console.log(
      `step ${last.step}  smooth loss ${last.smoothLoss.toFixed(3)}  ` +
        `${Math.round(last.charsPerSecond)} characters/s`,
    );
  }

  const fell = last.step > first.step && last.smoothLoss < first.smoothLoss;
  console.log(
    fell
      ? `unrolled: the loss fell from ${first.smoothLoss.toFixed(3)} to ${last.smoothLoss.toFixed(3)} in ` +
          `${last.step} steps`
      : `unrolled: the loss did not fall: ${first.smoothLoss} at step ${first.step}, ${last.smoothLoss} ` +
          `at step ${last.step}. ${troubles.join(' | ')}`,
  );
  await close(fell ? 0 : 1);
}

/** The first state with a training step. Undefined after the time limit. */
async function waitForStep(state) {
  for (
    const start = performance.now();
    performance.now() - start < PATIENCE_SECONDS * 1000;
    await sleep(50)
  ) {
    const now = await state();
    if (now && now.step > 0 && Number.isFinite(now.smoothLoss)) return now;
  }
  return undefined;
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function fail(message) {
  console.error(`unrolled: ${message}`);
  process.exit(1);
}

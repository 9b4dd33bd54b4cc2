// `npm run bench`: runs the benchmark page (demo/bench.html) in headless Chrome. Prints each figure
// when it is measured, and the report at the end. Exit codes: 0 if everything was measured, 2 for
// wrong options, else 1. --out FOLDER writes the report as JSON, CSV and Markdown.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChrome } from '../dist/launch.js';
import { serve } from './serve.mjs';
import { root } from './state.mjs';

/** Options that become options of the page's address. */
const PAGE_OPTIONS = ['parts', 'precision', 'peers', 'only', 'rounds', 'turn', 'budget'];
const USAGE =
  'Options: --parts grid,curves,generation,kernels,attention  --precision single,mixed  --peers jax,tensorflow  --only TEXT,…  --rounds N  ' +
  '--turn MILLISECONDS  --budget SECONDS  --no-cpu  --out FOLDER  --json  --dist FOLDER.';

const options = readOptions();
const server = await serve(options.dist, { port: 4174 }).catch((error) =>
  fail(`the page cannot be served: ${error.message.split('\n')[0]}`),
);
const chrome = await launchChrome().catch((error) => fail(error.message));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close(130));
await measure().catch(async (error) => {
  console.error(`unrolled: the page stopped: ${error.message.split('\n')[0]}`);
  await close(1);
});

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        ...Object.fromEntries(PAGE_OPTIONS.map((name) => [name, { type: 'string' }])),
        'no-cpu': { type: 'boolean', default: false },
        out: { type: 'string' },
        json: { type: 'boolean', default: false },
        dist: { type: 'string', default: join(root, 'dist/demo') },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    fail(`${error.message.split('\n')[0]} ${USAGE}`, 2);
  }
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  if (!existsSync(join(values.dist, 'bench.html')))
    fail(`${join(values.dist, 'bench.html')} is missing. Run: npm run build`);
  return values;
}

function address() {
  const query = new URLSearchParams({ autostart: '1' });
  for (const name of PAGE_OPTIONS) if (options[name] !== undefined) query.set(name, options[name]);
  if (options['no-cpu']) query.set('cpu', '0');
  return `http://localhost:${server.httpServer.address().port}/bench.html?${query}`;
}

async function measure() {
  const page = await chrome.browser.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  await page.goto(address());
  const state = () =>
    page.evaluate(() => ({
      ...window.unrolledBench?.state(),
      error: document.getElementById('form-error').textContent,
    }));
  const say = options.json ? () => undefined : (text) => console.error(text);
  let last = await state();
  for (let doing = ''; last.status === 'running'; last = await state()) {
    if (last.doing !== doing && !/, round (?!1 )/.test(last.doing)) say(`  ${last.doing}`);
    doing = last.doing;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  if (last.status === 'ready') {
    console.error(`unrolled: ${last.error} ${USAGE}`);
    await close(2);
  }
  if (last.status !== 'done') {
    console.error(
      'unrolled: the benchmark ended early: ' +
        `${[last.error, last.sentence, ...troubles].filter(Boolean).join(' | ')}`,
    );
    await close(1);
  }
  const texts = Object.fromEntries(
    await Promise.all(
      ['json', 'csv', 'md'].map(async (format) => [
        format,
        await page.evaluate((name) => window.unrolledBench.text(name), format),
      ]),
    ),
  );
  console.log(options.json ? texts.json : texts.md);
  if (options.out !== undefined) {
    mkdirSync(options.out, { recursive: true });
    for (const [format, text] of Object.entries(texts))
      writeFileSync(join(options.out, `bench.${format}`), text);
  }
  const { leftOut } = JSON.parse(texts.json);
  const failed = leftOut.filter((each) => each.failed);
  for (const { workload, strategy = 'all', why } of failed)
    console.error(`unrolled: ${workload}, ${strategy}: ${why}`);
  await close(failed.length > 0 ? 1 : 0);
}

async function close(code) {
  await chrome.close();
  await server.close();
  process.exit(code);
}

function fail(message, code = 1) {
  console.error(`unrolled: ${message}`);
  process.exit(code);
}

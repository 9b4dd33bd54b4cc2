// Runs vitest, and stops a test file that runs away: one of whose tests none has finished for so
// long that it never will. Vitest's own time limits need a turn of the worker's event loop, which
// such a file does not leave. Its worker is killed, and all other files run to their end.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { root as clone } from './state.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true, // parts of the names of the files to run; without any all of them
  options: {
    /** Folder of the tests, with vitest's configuration. */
    root: { type: 'string', default: clone },
    /** Where vitest's JSON report goes. */
    report: { type: 'string' },
    /** A test, and a hook, may take three minutes: see vite.config.ts. */
    minutes: { type: 'string', default: '10' },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got "${values.minutes}".`);

/** Every worker writes a file here: its process's number is the name, its test file the content. */
const workers = mkdtempSync(join(tmpdir(), 'unrolled-workers-'));
process.env.UNROLLED_WORKERS = workers;
process.on('exit', () => rmSync(workers, { recursive: true, force: true }));

/** When something was last heard of each test file that is under way. */
const heard = new Map();
const stopped = new Set();
/** How often no worker was found for a file: a machine may be slow to start one. */
const missed = new Map();
const MOST_MISSED = 10;
const hear = ({ moduleId }) => stopped.has(moduleId) || heard.set(moduleId, performance.now());
const supervisor = {
  onTestModuleQueued: hear,
  onTestModuleCollected: hear,
  onTestModuleStart: hear,
  onTestCaseReady: ({ module }) => hear(module),
  onTestCaseResult: ({ module }) => hear(module),
  onTestModuleEnd: ({ moduleId }) => heard.delete(moduleId),
};

const limit = minutes * 60_000;
const watch = setInterval(() => {
  for (const [file, time] of heard) if (performance.now() - time > limit) stop(file);
}, limit / 20);

const vitest = await startVitest('test', positionals, {
  root: values.root,
  run: true,
  watch: false,
  setupFiles: [join(import.meta.dirname, 'announce-worker.mjs')],
  reporters: [
    'default',
    ...(values.report === undefined ? [] : [['json', { outputFile: values.report }]]),
    supervisor,
  ],
});
clearInterval(watch);
await vitest.close();
for (const file of stopped) console.log(said(file));
if (stopped.size > 0) process.exitCode = 1;

function stop(file) {
  const running = readdirSync(workers).filter((pid) => readFileSync(join(workers, pid), 'utf8') === file);
  const misses = (missed.get(file) ?? 0) + 1;
  if (running.length === 0 && misses < MOST_MISSED) {
    missed.set(file, misses);
    heard.set(file, performance.now());
    return;
  }
  heard.delete(file);
  stopped.add(file);
  console.log(said(file));
  if (running.length === 0) process.exit(1); // nothing else ends the run
  for (const pid of running) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}

function said(file) {
  return `${relative(values.root, file)} ran away: none of its tests finished for ${minutes} minutes. It was stopped.`;
}

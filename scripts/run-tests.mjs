// Runs vitest, and stops a test file if none of its tests has finished for a long time. The time
// limits of vitest need the event loop of the worker, which an endless loop blocks. The worker of
// such a file is killed, and all other files run to their end.
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
    /** Path of vitest's JSON report. */
    report: { type: 'string' },
    /** A test, and a hook, may take three minutes: see vite.config.ts. */
    minutes: { type: 'string', default: '10' },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got "${values.minutes}".`);

/**
 * Every worker writes a file here. Its name is the number of the process, its content the test
 * file.
 */
const workers = mkdtempSync(join(tmpdir(), 'unrolled-workers-'));
process.env.UNROLLED_WORKERS = workers;
process.on('exit', () => rmSync(workers, { recursive: true, force: true }));

/** By running test file: the time of its last report. */
const heard = new Map();
const stopped = new Set();
/** By test file: how many times no worker was found, since a machine may be slow to start one. */
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
      // The process has just ended by itself.
    }
  }
}

function said(file) {
  return `${relative(values.root, file)} ran away: none of its tests finished for ${minutes} minutes. It was stopped.`;
}

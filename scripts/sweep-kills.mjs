// Runs a sweep while its workers and its coordinator are killed with -9 every few seconds. Each
// trial must end once, with the result of an undisturbed local sweep.
//   node scripts/sweep-kills.mjs redis://127.0.0.1:6379 [TRIALS] [SECONDS]     after npm run build
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

/** Trials that take a second or two, with a checkpoint every 50 steps. */
const TRAIN = [
  ...['--', '--text', 'chinese', '--limit', '600', '--hidden', '8', '--batch', '2', '--time', '10'],
  ...['--validation', '0.2', '--eval-every', '50', '--checkpoint-every', '50', '--backend', 'cpu'],
  ...['--steps', '400'],
];

/** Seconds until the trials of a worker are taken for lost. Short, to make the test short. */
const LEASE = '2';

/**
 * @param {{ url: string, trials: number, workers: number, seconds: number, most?: number, random?:
 *   () => number }} options most: kills in all
 * @returns trials of both sweeps, how often each ended by the record, and kills
 */
export async function sweepUnderKills({
  url,
  trials,
  workers,
  seconds,
  most = Infinity,
  random = Math.random,
}) {
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-kills-'));
  const running = new Set();
  const counts = { workers: 0, coordinators: 0 };
  const startWorker = () => {
    const worker = group(['worker', '--queue', url, '--jobs', '1', '--lease', LEASE]);
    running.add(worker);
    worker.ended.then(() => running.delete(worker));
  };
  try {
    const grid = ['--range', 'rate=0.001:0.3:log', '--points', String(trials), '--order', 'sobol'];
    const local = join(folder, 'local.journal');
    const undisturbed = spawnSync(process.execPath, [cli, 'sweep', ...grid, '--record', local, ...TRAIN]);
    if (undisturbed.status !== 0) throw new Error(`The local sweep failed:\n${undisturbed.stderr}`);
    for (let i = 0; i < workers; i++) startWorker();
    const wide = join(folder, 'wide.journal');
    let coordinator = group(['sweep', ...grid, '--queue', url, '--record', wide, ...TRAIN]);
    let status;
    coordinator.ended.then((code) => (status = code));
    while (status === undefined) {
      await Promise.race([coordinator.ended, sleep(seconds * 1000 * (0.5 + random()))]);
      if (status !== undefined || counts.workers + counts.coordinators >= most) continue;
      // Each fourth kill is the coordinator's.
      if ((counts.workers + counts.coordinators) % 4 === 1 && trialsEnded(wide) > 0) {
        coordinator.kill();
        await coordinator.ended;
        counts.coordinators++;
        status = undefined;
        coordinator = group(['sweep', 'resume', wide, '--queue', url]);
        coordinator.ended.then((code) => (status = code));
      } else {
        const all = [...running];
        all[Math.floor(random() * all.length)].kill();
        counts.workers++;
        startWorker();
      }
    }
    if (status !== 0) throw new Error(`The sweep over a queue ended with ${status}:\n${coordinator.said()}`);
    return { local: results(local), wide: results(wide), ends: endsIn(wide), kills: counts };
  } finally {
    for (const worker of running) worker.kill();
    await Promise.all([...running].map(({ ended }) => ended));
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A command with a process group of its own: what kills it kills its trials, as a power cut does.
 */
function group(args) {
  const child = spawn(process.execPath, [cli, ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  return {
    ended,
    said: () => said,
    kill: () => child.exitCode ?? child.signalCode ?? process.kill(-child.pid, 'SIGKILL'),
  };
}

/** What `sweep show` says of all trials, without what depends on the clock. */
function results(record) {
  const { stdout } = spawnSync(process.execPath, [cli, 'sweep', 'show', record, '--json'], {
    encoding: 'utf8',
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'trial')
    .sort((a, b) => a.trial - b.trial)
    .map(({ trial, state, loss, rate, steps, seed }) => ({ trial, state, loss, rate, steps, seed }));
}

/** The lines of the record with one kind of operation. */
function operations(record, code) {
  return readFileSync(record, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`{"op_code":${code},`) && line.endsWith('}'))
    .map((line) => JSON.parse(line));
}

function trialsEnded(record) {
  try {
    return operations(record, 6).length;
  } catch {
    return 0;
  }
}

function endsIn(record) {
  const ends = new Map();
  for (const { trial_id } of operations(record, 6)) ends.set(trial_id, (ends.get(trial_id) ?? 0) + 1);
  return [...ends.values()];
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [url, trials = '50', seconds = '3'] = process.argv.slice(2);
  if (url === undefined) {
    console.error('sweep-kills: name a server: node scripts/sweep-kills.mjs redis://127.0.0.1:6379');
    process.exit(2);
  }
  const began = performance.now();
  const { local, wide, ends, kills } = await sweepUnderKills({
    ...{ url, trials: Number(trials), workers: 3, seconds: Number(seconds) },
  });
  const same = JSON.stringify(local) === JSON.stringify(wide);
  const once = ends.length === Number(trials) && ends.every((count) => count === 1);
  console.log(
    `${trials} trials, ${kills.workers} kills of workers, ${kills.coordinators} of the coordinator, ` +
      `${((performance.now() - began) / 1000).toFixed(0)} s: each ended once: ${once}; results as undisturbed: ${same}`,
  );
  process.exit(same && once ? 0 : 1);
}

import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';

/** A browser that must not outlive this process, with the folder of its profile. */
interface Kept {
  readonly browser: ChildProcess;
  readonly folder: string;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The browsers that run. The handlers of process events stand only while there are some. */
const running = new Set<Kept>();

/**
 * Ends the browser with the processes that it has started, and removes its profile. Synchronous: it
 * also runs while Node exits.
 */
function kill({ browser, folder }: Kept): void {
  try {
    // Where the browser leads a process group of its own, the group has its helpers in it.
    if (process.platform !== 'win32' && browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
    else browser.kill('SIGKILL');
  } catch {
    browser.kill('SIGKILL');
  }
  removeFolder(folder);
}

/**
 * Processes that are just ending may still write files: hence the retries. What is left after them
 * lies in the system's temporary folder.
 */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } catch {
    // Not worth an error: nothing depends on it.
  }
}

function killAll(): void {
  for (const kept of running) kill(kept);
}

/**
 * A signal ends this process, and the browsers with it, unless the program has a handler of its
 * own: then the program decides.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

/**
 * Ends `browser` when this process ends in any way that Node can notice.
 * @returns a function that ends it now
 */
export function keep(browser: ChildProcess, folder: string): () => void {
  const kept: Kept = { browser, folder };
  if (running.size === 0) {
    process.on('exit', killAll);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  running.add(kept);
  browser.once('exit', () => {
    running.delete(kept);
    removeFolder(folder);
    if (running.size > 0) return;
    process.off('exit', killAll);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  });
  return () => kill(kept);
}

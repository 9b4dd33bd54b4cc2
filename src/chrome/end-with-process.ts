import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';

/** A browser that must end with this process, and the folder of its profile. */
interface Kept {
  readonly browser: ChildProcess;
  readonly folder: string;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Running browsers. Handlers of process events are installed only while there are some. */
const running = new Set<Kept>();

/**
 * Ends the browser with its child processes and removes its profile. It is synchronous, because it
 * also runs while Node exits.
 */
function kill({ browser, folder }: Kept): void {
  try {
    // Where the browser leads a process group, its helpers are in that group.
    if (process.platform !== 'win32' && browser.pid !== undefined) process.kill(-browser.pid, 'SIGKILL');
    else browser.kill('SIGKILL');
  } catch {
    browser.kill('SIGKILL');
  }
  removeFolder(folder);
}

/**
 * Removes the profile. Processes that are ending may still write files: hence the retries. Anything
 * that remains is in the system's temporary folder.
 */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  } catch {
    // Nothing depends on it.
  }
}

function killAll(): void {
  for (const kept of running) kill(kept);
}

/**
 * Ends the browsers and this process at a signal. If the program has its own handler, the program
 * decides what ends.
 */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}

/**
 * Makes `browser` end when this process ends in any way that Node can notice.
 * @returns a function that ends it immediately
 */
export function endWithProcess(browser: ChildProcess, folder: string): () => void {
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

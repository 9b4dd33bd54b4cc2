import { messageOf } from '../core/errors.js';
import source from './thread.js?raw';

/** The data that a thread starts with. All of it can be posted. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly words: Int32Array;
  readonly index: number;
  readonly threads: number;
  readonly patience: number;
  readonly tallTiles: boolean;
}

/** A thread of the operating system: a web worker or a worker of Node. */
export interface Thread {
  /** Resolves when the thread is ready for work, rejects when it cannot start. */
  readonly ready: Promise<void>;
  terminate(): void;
}

interface NodeWorkers {
  readonly Worker: new (
    address: URL,
    options: object,
  ) => {
    on(event: string, listener: (value: unknown) => void): void;
    unref(): void;
    terminate(): Promise<number>;
  };
}

const READY = 'ready';

/**
 * Starts a thread from its source text, so that it needs no file beside the library and no server.
 * @param onEnd called with the reason if the thread ends before `terminate`
 */
export function startWorker(start: ThreadStart, onEnd: (why: string) => void): Thread {
  const workers = nodeWorkers();
  return workers ? nodeThread(workers, start, onEnd) : pageThread(start, onEnd);
}

/** Number of threads that this machine runs at the same time. */
export function processorCount(): number {
  const os = builtin('os') as { availableParallelism?: () => number } | undefined;
  return os?.availableParallelism?.() ?? (navigator as Partial<Navigator>).hardwareConcurrency ?? 1;
}

/** Loads a module of Node without an import, which the bundler of a page could not resolve. */
function builtin(name: string): unknown {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  return process?.getBuiltinModule?.(name);
}

function nodeWorkers(): NodeWorkers | undefined {
  return builtin('worker_threads') as NodeWorkers | undefined;
}

function nodeThread({ Worker }: NodeWorkers, start: ThreadStart, onEnd: (why: string) => void): Thread {
  const code =
    `const { parentPort, workerData } = process.getBuiltinModule('worker_threads');\n${source}\n` +
    'await startThread(workerData, (word) => parentPort.postMessage(word));\n';
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: start,
  });
  let ended = false;
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('message', (word) => {
      // The process may end while the thread sleeps, but not before the thread has started.
      worker.unref();
      if (word === READY) resolve();
      else reject(new Error(String(word)));
    });
    const end = (why: string): void => {
      reject(new Error(why));
      if (!ended) onEnd(why);
    };
    worker.on('error', (error) => end(messageOf(error)));
    worker.on('exit', (code) => end(`a thread ended with code ${String(code)}`));
  });
  return {
    ready,
    terminate: () => {
      ended = true;
      void worker.terminate();
    },
  };
}

function pageThread(start: ThreadStart, onEnd: (why: string) => void): Thread {
  const code =
    `${source}\naddEventListener("message", ({ data }) => startThread(data, (word) => postMessage(word)), ` +
    '{ once: true });\n';
  const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  const worker = new Worker(address, { type: 'module', name: `unrolled thread ${start.index}` });
  let ended = false;
  const ready = new Promise<void>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      URL.revokeObjectURL(address);
      if (data === READY) resolve();
      else reject(new Error(String(data)));
    });
    worker.addEventListener('error', (event) => {
      const why = event.message || "a content security policy must allow worker-src 'self' blob:";
      reject(new Error(why));
      if (!ended) onEnd(why);
    });
  });
  worker.postMessage(start);
  return {
    ready,
    terminate: () => {
      ended = true;
      worker.terminate();
    },
  };
}

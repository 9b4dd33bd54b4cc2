// The code of every thread of the CPU device, including the first: thread-team.ts imports it, and workers.ts
// sends it as text to the other threads. So it imports nothing.

/** Indices of the shared control words. */
export const WORD = { go: 0, end: 1, table: 2, arrived: 3, generation: 4, fault: 5, text: 8, size: 264 };

/** How often a thread polls a word before it sleeps. */
const SPINS = 3000;

/** Milliseconds after which a sleeping thread wakes to check for the end. */
const NAP = 100;

/** Number of a call without a kernel: the first thread runs its reference. */
export const NO_KERNEL = -1;

/**
 * @param {object} thread
 * @param {WebAssembly.Instance} thread.instance
 * @param {WebAssembly.Memory} thread.memory
 * @param {Int32Array} thread.words
 * @param {number} thread.index 0 for the thread that starts every run
 * @param {number} thread.threads
 * @param {boolean} thread.mayBlock whether Atomics.wait is allowed here
 * @param {number} thread.patience fewest milliseconds that thread 0 waits for others
 * @param {boolean} thread.tallTiles whether products are computed in tiles of six rows: see kernels/lib/tile.ts
 */
export function createRunner({ instance, memory, words, index, threads, mayBlock, patience, tallTiles }) {
  instance.exports.use_tall_tiles(tallTiles ? 1 : 0);
  const kernels = kernelNames(instance.exports).map((name) => instance.exports[name]);
  const tables = new Map();

  /** Reads the calls of a program from memory, once. */
  function callsAt(address) {
    // Another thread may have grown the memory.
    if (memory.buffer.byteLength < address + 8) memory.grow(0);
    const header = new Float64Array(memory.buffer, address, 3);
    const known = tables.get(address);
    if (known?.id === header[0]) return known.calls;
    const [id, length, scratch] = header;
    if (memory.buffer.byteLength < address + 8 * length) memory.grow(0);
    const numbers = new Float64Array(memory.buffer, address, length);
    const calls = [];
    for (let i = 3; i < length;) {
      const [kernel, barrier, scratchAt, count] = numbers.subarray(i, i + 4);
      const own = i + 4 + 2 * index;
      const given = i + 4 + 2 * threads;
      const parameters = Array.from(numbers.subarray(given, given + count));
      if (scratchAt >= 0) parameters[scratchAt] = scratch + index * parameters[scratchAt];
      parameters.push(numbers[own], numbers[own + 1]);
      calls.push({ kernel, barrier: barrier === 1, idle: numbers[own] >= numbers[own + 1], parameters });
      i = given + count;
    }
    tables.set(address, { id, calls });
    return calls;
  }

  /** Waits until all threads have arrived. */
  function meet(began) {
    const generation = Atomics.load(words, WORD.generation);
    if (Atomics.add(words, WORD.arrived, 1) + 1 === threads) {
      Atomics.store(words, WORD.arrived, 0);
      Atomics.add(words, WORD.generation, 1);
      Atomics.notify(words, WORD.generation);
      return;
    }
    for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(words, WORD.generation) !== generation) return;
    let last = performance.now();
    const limit = patience + 20 * (last - began);
    for (let waited = 0; Atomics.load(words, WORD.generation) === generation;) {
      if (mayBlock) Atomics.wait(words, WORD.generation, generation, NAP);
      if (Atomics.load(words, WORD.end) !== 0) throw lost('the device was disposed of');
      const now = performance.now();
      // While this process was stopped, the other threads were, too: such a time counts as one nap.
      waited += Math.min(now - last, NAP);
      last = now;
      if (index === 0 && waited > limit)
        throw lost(`a thread did not answer for ${Math.round(limit / 1000)} s`);
    }
  }

  /**
   * Runs the calls of a table, as one of `threads`. After a fault this thread does no more work, but
   * still meets the others, which would wait for ever otherwise.
   * @param reference runs the call with this index, which has no kernel; thread 0 only
   * @param observe called after each call; thread 0 only
   */
  function run(address, reference, observe) {
    const began = performance.now();
    const calls = callsAt(address);
    let failure;
    for (let i = 0; i < calls.length; i++) {
      const { kernel, barrier, idle, parameters } = calls[i];
      if (failure === undefined && Atomics.load(words, WORD.fault) === 0) {
        try {
          if (kernel === NO_KERNEL) reference?.(i);
          else if (!idle) kernels[kernel](...parameters);
        } catch (error) {
          failure = error;
          reportFault(error);
        }
      }
      if (barrier && threads > 1) meet(began);
      observe?.(i);
    }
    if (failure !== undefined) throw failure;
  }

  /** Reports a fault to thread 0 through the control words. */
  function reportFault(error) {
    const text = String(error?.message ?? error).slice(0, WORD.size - WORD.text - 1);
    for (let i = 0; i < text.length; i++) words[WORD.text + i] = text.charCodeAt(i);
    words[WORD.text + text.length] = 0;
    Atomics.compareExchange(words, WORD.fault, 0, index + 1);
  }

  /** Runs the tables that thread 0 starts, until the device is disposed of. */
  function serve() {
    for (let seen = 0; ;) {
      for (let spin = 0; spin < SPINS && Atomics.load(words, WORD.go) === seen; spin++);
      if (Atomics.load(words, WORD.go) === seen) Atomics.wait(words, WORD.go, seen);
      if (Atomics.load(words, WORD.end) !== 0) return;
      if (Atomics.load(words, WORD.go) === seen) continue;
      seen = Atomics.load(words, WORD.go);
      try {
        run(words[WORD.table] >>> 0);
      } catch {
        if (Atomics.load(words, WORD.end) !== 0) return; // else noted, and thread 0 reports it
      }
    }
  }

  return { run, serve };
}

/** Names of the kernels, in the order in which tables number them. */
export function kernelNames(exports) {
  return Object.keys(exports)
    .filter((name) => typeof exports[name] === 'function')
    .sort();
}

/** Runs one of the other threads: instantiates the kernels, reports `ready`, and serves. */
export async function startThread({ module, ...thread }, post) {
  try {
    const instance = await WebAssembly.instantiate(module, { env: { memory: thread.memory, abort } });
    const runner = createRunner({ ...thread, instance, mayBlock: true });
    post('ready');
    runner.serve();
  } catch (error) {
    post(String(error?.message ?? error));
  }
}

/** The error of a thread that missed a meeting, after which the threads are out of step. */
function lost(why) {
  return Object.assign(new Error(why), { lost: true });
}

export function abort() {
  throw new Error('a kernel was called with sizes it does not take');
}

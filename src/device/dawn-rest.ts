/**
 * Dawn in Node polls for finished work in every turn of the event loop. While a software adapter
 * computes, that polling would take one core from the computation. So the event loop sleeps a
 * moment in each turn while Dawn works.
 */

/**
 * Milliseconds at the beginning of a wait without sleep, so that short work is answered at once.
 */
const AWAKE = 0.2;
/** Longest sleep in milliseconds, which bounds the delay of everything else in this process. */
const LONGEST = 1;
/** A sleep is this share of the time waited so far, which bounds what it adds to the wait. */
const SHARE = 1 / 8;

const nothing = new Int32Array(new SharedArrayBuffer(4));
let pending = 0;
/**
 * Whether a turn is scheduled. Only one is at a time, so each turn of the event loop has one sleep.
 */
let due = false;
/** When the last work began or ended. */
let since = 0;

type Asynchronous = (...args: never[]) => Promise<unknown>;

/**
 * Makes the event loop rest until the promises of these methods, which Dawn settles, are settled.
 */
export function restDuring(prototype: object, methods: readonly string[]): void {
  for (const name of methods) {
    const method = Reflect.get(prototype, name) as Asynchronous;
    const resting = function (this: unknown, ...args: never[]): Promise<unknown> {
      const promise = method.apply(this, args);
      begin();
      promise.then(end, end);
      return promise;
    };
    Reflect.set(prototype, name, resting);
  }
}

function begin(): void {
  since = performance.now();
  pending++;
  if (!due) next();
}

function end(): void {
  since = performance.now();
  pending--;
}

function next(): void {
  due = true;
  setImmediate(turn);
}

function turn(): void {
  due = false;
  if (pending === 0) return;
  const waited = performance.now() - since;
  if (waited > AWAKE) Atomics.wait(nothing, 0, 0, Math.min(LONGEST, waited * SHARE));
  next();
}

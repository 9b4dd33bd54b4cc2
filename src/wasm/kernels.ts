import { DeviceError } from '../core/errors.js';
import { MOST_PAGES } from './heap.js';
import { applyPatch, readNumber } from './binary-patch.js';

/** How products are rounded: see `relaxed` in WasmDeviceOptions. */
export type Arithmetic = 'simd' | 'relaxed';

/** A module with one function, which applies an instruction to three vectors of zeros. */
const probe = (operation: readonly number[]): Uint8Array<ArrayBuffer> => {
  const zero = [0xfd, 0x0c, ...Array<number>(16).fill(0)]; // v128.const 0
  const body = [0, ...zero, ...zero, ...zero, ...operation, 0x1a, 0x0b]; // drop, end
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, 4, 1, 0x60, 0, 0], // a type without parameters and results
    ...[3, 2, 1, 0], // one function of it
    ...[10, body.length + 2, 1, body.length, ...body],
  ]);
};

/** Whether this runtime supports 128-bit SIMD. */
export function hasSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(probe([0xfd, 0xe4, 1, 0x1a])); // add, drop
}

/** Whether this runtime supports relaxed SIMD: Chromium and Node from 22 on do, Node 20 with a flag. */
export function hasRelaxed(): boolean {
  return hasSimd() && WebAssembly.validate(probe([0xfd, 0x85, 2])); // relaxed_madd
}

/**
 * Whether threads can share a memory: always in Node, and in pages that are isolated from other
 * origins. Other pages can create a shared memory, but cannot post it to a worker.
 */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined') return false;
  return (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated ?? true;
}

/**
 * Whether tiles of six rows are faster. They are with relaxed SIMD where the compiler keeps the order
 * of the kernels' loads: in browsers, and in Node from 24 on (kernels/lib/tile.ts; measured in
 * docs/benchmarks.md).
 */
export function suitsTallTiles(arithmetic: Arithmetic): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return arithmetic === 'relaxed' && Number.parseInt(process?.versions?.node ?? '24') >= 24;
}

/** The kernels of a variant, compiled for a shared or an unshared memory. */
export async function compileKernels(arithmetic: Arithmetic, shared: boolean): Promise<WebAssembly.Module> {
  const bytes = await bytesOf(arithmetic);
  if (!shared) makeUnshared(bytes);
  try {
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw new DeviceError(
      'WebAssembly could not be compiled; a content security policy must allow script-src ' +
        "'wasm-unsafe-eval'",
      'opening the CPU device',
      { cause: error },
    );
  }
}

/** The binary of a variant. The one for relaxed SIMD is stored as a patch of the other. */
async function bytesOf(arithmetic: Arithmetic): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await inflate((await import('virtual:kernels/simd')).deflated);
  if (arithmetic === 'simd') return bytes;
  return applyPatch(bytes, await inflate((await import('virtual:kernels/relaxed')).deflated));
}

async function inflate(base64: string): Promise<Uint8Array<ArrayBuffer>> {
  const compressed = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const stream = new Blob([compressed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Number of the module section that imports the memory. */
const IMPORTS = 2;
/** Values of the limits byte of a memory: with a maximum, and shared with a maximum. */
const LIMITED = 1;
const LIMITED_SHARED = 3;

/** Clears the flag that declares the imported memory as shared, so that one binary serves both kinds. */
function makeUnshared(bytes: Uint8Array): void {
  const name = [3, ...new TextEncoder().encode('env'), 6, ...new TextEncoder().encode('memory'), 2];
  for (let at = 8; at < bytes.length;) {
    const section = bytes[at];
    const [length, content] = readNumber(bytes, at + 1);
    if (section === IMPORTS)
      for (let i = content; i < content + length; i++)
        if (name.every((byte, k) => bytes[i + k] === byte) && bytes[i + name.length] === LIMITED_SHARED)
          bytes[i + name.length] = LIMITED;
    at = content + length;
  }
}

/** Maximum sizes to try, in pages: a 32-bit system may lack 4 GiB of addresses. */
const MAXIMA = [MOST_PAGES, MOST_PAGES / 2, MOST_PAGES / 4, MOST_PAGES / 8];

/** An empty memory with the largest maximum size that this system allows. */
export function createWasmMemory(shared: boolean): WebAssembly.Memory {
  for (const maximum of MAXIMA) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared });
    } catch {
      // Try the next smaller maximum.
    }
  }
  return new WebAssembly.Memory({ initial: 16, maximum: 1024, shared });
}

import { setFlagsFromString } from 'node:v8';

/** Node 20 has the relaxed SIMD instructions behind a flag; later versions need none. */
export function enableRelaxedSimd(): void {
  if (Number(process.versions.node.split('.')[0]) < 22)
    setFlagsFromString('--experimental-wasm-relaxed-simd');
}

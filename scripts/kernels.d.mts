import type { Plugin } from 'vite';

/** Vite plugin: `import { deflated } from 'virtual:kernels/simd'`, raw deflate in base64. */
export function kernels(): Plugin;

/** The variant `simd`, and the patch that makes `relaxed` of it: compressed, in base64. */
export function compileKernels(): Promise<Readonly<Record<'simd' | 'relaxed', string>>>;

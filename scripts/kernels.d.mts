import type { Plugin } from 'vite';

/** Vite plugin: `import { deflated } from 'virtual:kernels/relaxed'`, raw deflate in base64. */
export function kernels(): Plugin;

/** Both variants by name, compressed, in base64. */
export function compileKernels(): Promise<Readonly<Record<'simd' | 'relaxed', string>>>;

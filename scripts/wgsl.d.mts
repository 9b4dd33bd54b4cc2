import type { Plugin } from 'vite';

/** Vite plugin: shaders of built pages without comments, indentation and blank lines. */
export function wgsl(): Plugin;

/** A shader without them: the same program. */
export function withoutComments(text: string): string;

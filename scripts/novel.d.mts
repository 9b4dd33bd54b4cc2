import type { Plugin } from 'vite';

/** The beginning of a novel as the module `virtual:novel`. */
export function novel(): Plugin;

/** Whole chapters of a novel from its beginning, at most so many characters; a paragraph is a line. */
export function cutNovel(text: string, most?: number): string;

import type { Plugin } from 'vite';

/** See real-data.mjs. */
export function realData(): Plugin;
/** A picture at half its size, two bits a pixel. */
export function packDigit(pixels: readonly number[], side?: number): Buffer;
/** First names by class, without those of both. */
export function cutNames(
  female: readonly string[],
  male: readonly string[],
): { readonly female: readonly string[]; readonly male: readonly string[] };

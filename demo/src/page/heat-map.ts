/**
 * Paints levels in the colours of signed numbers, one pixel each.
 * @param pixels a canvas, which is resized to the number of levels
 * @param levels −127 to 127, row by row
 * @param ends colours of −127, 0 and 127, as a style sheet has them: the build writes `#fff` for `#ffffff`
 */
export function paintLevels(
  pixels: HTMLCanvasElement,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  levels: ArrayLike<number>,
  ends: readonly [string, string, string],
): void {
  if (pixels.width !== columns || pixels.height !== rows) [pixels.width, pixels.height] = [columns, rows];
  const context = pixels.getContext('2d');
  if (!context) return;
  const [low, zero, high] = ends.map(channels);
  const palette = Array.from({ length: 256 }, (_, i) => {
    const share = Math.min(1, Math.abs(i - 128) / 127);
    const end = i < 128 ? low : high;
    const [red, green, blue] = zero.map((from, k) => Math.round(from + share * (end[k] - from)));
    return (255 << 24) | (blue << 16) | (green << 8) | red;
  });
  const image = context.createImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = palette[(levels[i] ?? 0) + 128];
  context.putImageData(image, 0, 0);
}

/** Returns red, green and blue of `#7fb0f5`, or of `#fff`. */
export function channels(colour: string): number[] {
  const digits = colour.length < 7 ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour;
  return [1, 3, 5].map((at) => parseInt(digits.slice(at, at + 2), 16));
}

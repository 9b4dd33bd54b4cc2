/** A picture as numbers from 0 to 1: row by row, each pixel with its channels. */
export interface Pixels {
  readonly rows: number;
  readonly columns: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: number;
  readonly pixels: ArrayLike<number>;
}

/** Brightness of pixels that have not been read. */
const DIM = 0.4;

/**
 * Returns the bytes of a picture: red, green, blue and opacity of each pixel, white or colours on
 * black.
 * @param read number of pixels shown in full; the others are dim. Default: all
 */
export function bytesOf({ channels, pixels }: Pixels, read = Infinity): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray((4 * pixels.length) / channels);
  for (let i = 0; i < bytes.length / 4; i++) {
    const light = i < read ? 255 : 255 * DIM;
    for (let c = 0; c < 3; c++) bytes[4 * i + c] = light * pixels[i * channels + (channels === 3 ? c : 0)];
    bytes[4 * i + 3] = 255;
  }
  return bytes;
}

/** Paints a picture, one pixel of the canvas for each pixel. */
export function paint(canvas: HTMLCanvasElement, picture: Pixels, read?: number): void {
  const { rows, columns } = picture;
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  canvas.getContext('2d')?.putImageData(new ImageData(bytesOf(picture, read), columns, rows), 0, 0);
}

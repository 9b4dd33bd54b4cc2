// Still pictures in WebP to one that moves, by the container's own description
// (developers.google.com/speed/webp/docs/riff_container): Chrome writes the stills.

/** The chunks of a still picture: name and contents. */
function* chunksOf(file) {
  const bytes = Buffer.from(file);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
    throw new Error('webp: expected a picture in WebP, which begins with RIFF, its length and WEBP.');
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    yield { name: bytes.toString('latin1', at, at + 4), contents: bytes.subarray(at + 8, at + 8 + length) };
    at += 8 + length + (length % 2);
  }
}

/** A chunk; chunks of odd length are filled up by a byte. */
function chunk(name, contents) {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(contents.length, 4);
  return Buffer.concat([head, contents, Buffer.alloc(contents.length % 2)]);
}

/**
 * @param {readonly Uint8Array[]} frames lossy pictures of one size
 * @param {readonly number[]} durations milliseconds of each
 * @returns {Buffer} they follow one another, again and again
 */
export function animated(frames, durations) {
  let size;
  const moving = frames.map((frame, i) => {
    const picture = [...chunksOf(frame)].find(({ name }) => name === 'VP8 ');
    if (!picture) throw new Error(`webp: expected lossy pictures; frame ${i} has no chunk "VP8 ".`);
    // Width and height, 14 bits each, follow the frame's tag and its start code.
    const [width, height] = [6, 8].map((at) => picture.contents.readUInt16LE(at) & 0x3fff);
    size ??= { width, height };
    if (size.width !== width || size.height !== height)
      throw new Error(`webp: frame ${i} is ${width}·${height}, the first ${size.width}·${size.height}.`);
    const head = Buffer.alloc(16); // at the corner, over what was there
    head.writeUIntLE(width - 1, 6, 3);
    head.writeUIntLE(height - 1, 9, 3);
    head.writeUIntLE(durations[i], 12, 3);
    head[15] = 2; // no blending
    return chunk('ANMF', Buffer.concat([head, chunk('VP8 ', picture.contents)]));
  });
  if (!size) throw new Error('webp: expected at least one frame.');
  const canvas = Buffer.alloc(10);
  canvas[0] = 2; // it moves
  canvas.writeUIntLE(size.width - 1, 4, 3);
  canvas.writeUIntLE(size.height - 1, 7, 3);
  const forEver = Buffer.alloc(6);
  const body = [Buffer.from('WEBP'), chunk('VP8X', canvas), chunk('ANIM', forEver), ...moving];
  const contents = Buffer.concat(body);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(contents.length, 4);
  return Buffer.concat([head, contents]);
}

// Pictures of pages as PNG with a palette: a third as large, and hardly to be told from what they were.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** @param png of 8 bits in three or four channels, as Chrome writes it; transparency is lost @returns the same with so many colours at most, 256 or less */
export function withPalette(png, most) {
  const { width, height, colours } = decode(png);
  const palette = choosePalette(colours, most);
  const index = nearestIn(palette);
  const rows = Buffer.alloc((width + 1) * height); // a filter, "none", before each row
  for (let i = 0; i < colours.length; i++) rows[i + 1 + Math.floor(i / width)] = index(colours[i]);
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const parts = [chunk('IHDR', header), chunk('PLTE', Buffer.from(palette.flatMap(channels))), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...parts]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Colours of all pixels, as 0xRRGGBB. */
function decode(png) {
  const data = [];
  let [width, height, depth] = [0, 0, 0];
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const [type, body] = [png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at))];
    if (type === 'IDAT') data.push(body);
    if (type !== 'IHDR') continue;
    [width, height, depth] = [body.readUInt32BE(0), body.readUInt32BE(4), { 2: 3, 6: 4 }[body[9]]];
    if (body[8] !== 8 || !depth || body[12] !== 0) throw new Error('only PNGs of 8 bits in three or four channels, not interlaced, can be read');
  }
  const stride = width * depth;
  const bytes = inflateSync(Buffer.concat(data));
  const colours = new Uint32Array(width * height);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const filter = bytes[y * (stride + 1)];
    const row = bytes.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    for (let x = 0; x < stride; x++) row[x] += predict(filter, x < depth ? 0 : row[x - depth], above[x], x < depth ? 0 : above[x - depth]);
    for (let x = 0; x < width; x++) colours[y * width + x] = row.readUIntBE(x * depth, 3);
    above = row;
  }
  return { width, height, colours };
}

/** What a filter of PNG adds to a byte, by those to the left, above, and above on the left. */
function predict(filter, left, up, corner) {
  if (filter < 4) return [0, left, up, (left + up) >> 1][filter];
  const [a, b, c] = [left, up, corner].map((near) => Math.abs(left + up - corner - near));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** Median cut: the group whose colours differ most, counted by pixels, is split until there are enough; then the commonest colour of each. */
function choosePalette(colours, most) {
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const groups = [group([...counts].map(([colour, count]) => ({ colour, count, channels: channels(colour) })))];
  while (groups.length < most) {
    const widest = groups.reduce((one, other) => (other.spread > one.spread ? other : one));
    if (widest.spread === 0) break;
    const { members, channel, mean } = widest;
    const isLow = (member) => member.channels[channel] <= mean;
    groups.splice(groups.indexOf(widest), 1, group(members.filter(isLow)), group(members.filter((member) => !isLow(member))));
  }
  return groups.map(({ members }) => members.reduce((one, other) => (other.count > one.count ? other : one)).colour);
}

function group(members) {
  const total = members.reduce((sum, { count }) => sum + count, 0);
  const spreads = [0, 1, 2].map((channel) => {
    const mean = members.reduce((sum, { count, channels }) => sum + count * channels[channel], 0) / total;
    return { channel, mean, spread: members.reduce((sum, { count, channels }) => sum + count * (channels[channel] - mean) ** 2, 0) };
  });
  return { members, ...spreads.reduce((one, other) => (other.spread > one.spread ? other : one)) };
}

/** The place of the nearest colour of a palette. */
function nearestIn(palette) {
  const known = new Map();
  const all = palette.map(channels);
  return (colour) => {
    if (known.has(colour)) return known.get(colour);
    const wanted = channels(colour);
    const distances = all.map((each) => each.reduce((sum, value, channel) => sum + (value - wanted[channel]) ** 2, 0));
    known.set(colour, distances.indexOf(Math.min(...distances)));
    return known.get(colour);
  };
}

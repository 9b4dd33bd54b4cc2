import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { png, PNG_COLOURS } from '../../support/png.js';
import { temporaryFolder } from '../support.js';
import { objects, runner, SMALL, writeDigits, writePictures } from './support.js';

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));
const small = SMALL.join(' ');

beforeAll(async () => {
  await writePictures(file('fruit'), file('labels.csv'), 10);
  await writeFile(
    file('named.jsonl'),
    '{"picture":"1.png","kind":1}\n{"picture":"0.png","kind":2}\n'.repeat(2),
  );
  await writeFile(file('unlabelled.csv'), 'file\n3.png\n4.png\n');
  await writeFile(file('missing.csv'), 'file,label\n0.png,apple\n99.png,pear\n');
  await mkdir(file('grey'));
  const grey = png({ columns: 12, colours: PNG_COLOURS.grey, lines: Array(4).fill(Array(12).fill(0)) });
  for (const name of ['3.png', '4.png']) await writeFile(file(`grey/${name}`), grey);
  await mkdir(file('wide'));
  const wide = png({ columns: 8, colours: PNG_COLOURS.colour, lines: Array(4).fill(Array(24).fill(0)) });
  for (const name of ['3.png', '4.png']) await writeFile(file(`wide/${name}`), wide);
  await mkdir(file('cut'));
  await writeFile(file('cut/3.png'), (await readFile(file('fruit/3.png'))).subarray(0, 50));
  await writeDigits(file('images.idx'), file('labels.idx'), 4);
  await writeFile(file('texts.csv'), 'text,label\ngood,a\nbad,b\n');
});

async function trained(words: string): Promise<Record<string, unknown>[]> {
  const { status, out, error } = await run(`train ${small} --task classify --json ${words}`);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return objects(out);
}

describe('a folder of PNG files', () => {
  test.each([
    ['rows', 4],
    ['pixels', 16],
    ['image', 1],
  ])('is learnt as %s, evaluated and predicted', async (as, steps) => {
    const [start] = await trained(
      `--images @fruit --data @labels.csv --as ${as}${as === 'image' ? ' --filters 4' : ''} --epochs 15 ` +
        `--out @${as}.safetensors`,
    );
    expect(start).toMatchObject({ data: ['labels.csv', 'fruit'], records: 10, sizes: [{ T: steps }] });
    const scored = await run(
      `eval --checkpoint @${as}.safetensors --images @fruit --data @labels.csv --backend cpu --json`,
    );
    expect(JSON.parse(scored.out)).toMatchObject({ records: 10, accuracy: 1, labels: ['apple', 'pear'] });
    const { out } = await run(
      `predict --checkpoint @${as}.safetensors --images @fruit --data @unlabelled.csv --backend cpu`,
    );
    expect(out).toBe('pear\napple\n');
    // Twelve grey levels in a row are as many numbers as four pixels of three colours.
    const other = await run(
      `predict --checkpoint @${as}.safetensors --images @grey --data @unlabelled.csv --backend cpu`,
    );
    expect(other).toMatchObject({ status: 1, out: '' });
    expect(other.error).toMatch(
      /Record 0: the model learnt images with .*pixels of 3 channels, but .* of 1 channel\./,
    );
  });

  test.each([
    ['rows', /with rows of 4 pixels of 3 channels, but this one has rows of 8 pixels of 3 channels\./],
    ['image', /with 4·4 pixels of 3 channels, but this one has 4·8 pixels of 3 channels\./],
  ])('of twice the width is refused, read as %s', async (as, message) => {
    const model = `@w-${as}.safetensors`;
    await trained(`--images @fruit --data @labels.csv --as ${as} --steps 1 --out ${model}`);
    const { status, error } = await run(
      `predict --checkpoint ${model} --images @wide --data @unlabelled.csv --backend cpu`,
    );
    expect(status).toBe(1);
    expect(error).toMatch(message);
  });

  test('may have a table with other column names, which a resumed run finds in the checkpoint', async () => {
    await trained(
      '--images @fruit --data @named.jsonl --text picture --label kind --validation 0.5 --stratify --steps 2 --out @n.safetensors',
    );
    const resumed = await run('resume @n.safetensors --more 1 --backend cpu --json');
    expect(resumed).toMatchObject({ status: 0, error: '' });
    const { status, out } = await run('eval --checkpoint @n.safetensors --backend cpu --json');
    expect({ status, ...(JSON.parse(out) as object) }).toMatchObject({ status: 0, records: 2 });
  });
});

describe('refused', () => {
  beforeAll(async () => {
    await trained('--images @fruit --data @labels.csv --steps 1 --out @m.safetensors');
    await trained('--data @texts.csv --steps 1 --out @t.safetensors');
  });
  const train = 'train --task classify --backend cpu --images';
  const model = '--checkpoint @m.safetensors --backend cpu';

  test.each<readonly [title: string, status: number, words: string, message: RegExp]>([
    [
      'a row without its image',
      1,
      `${train} @fruit --data @missing.csv`,
      /missing\.csv", line 3 names "99\.png": Cannot read ".*fruit\/99\.png": there is no such file\./,
    ],
    [
      'an image that is cut short',
      1,
      `predict ${model} --images @cut --data @unlabelled.csv`,
      /cut\/3\.png" is damaged or truncated/,
    ],
    ['a table without its column', 1, `${train} @fruit --data @texts.csv`, /has no column "file"/],
    ['a folder without a table', 2, `${train} @fruit`, /--images FOLDER needs --data TABLE/],
    [
      'two kinds of images',
      2,
      `${train} @fruit --idx @images.idx,@labels.idx`,
      /--images and --idx both name the records/,
    ],
    ['tokens', 2, `${train} @fruit --data @labels.csv --tokens words`, /--tokens: only used for texts/],
    [
      'a table for a model of images',
      2,
      `eval ${model} --data @labels.csv`,
      /reads images: name them with --idx .* --images/,
    ],
    [
      'lines for a model of images',
      2,
      `predict ${model}`,
      /does not read lines of text: add --idx IMAGES, or --images/,
    ],
    [
      'images for a model of texts',
      2,
      'predict --checkpoint @t.safetensors --images @fruit --data @labels.csv',
      /reads texts: name them with --data FILE, and leave --idx and --images out/,
    ],
    [
      'another task',
      2,
      'train --task regress --images @fruit --data @labels.csv',
      /--images applies only to --task classify, not to --task regress/,
    ],
  ])('%s', async (_, status, words, message) => {
    const found = await run(words);
    expect(found).toMatchObject({ status, out: '' });
    expect(found.error).toMatch(message);
    expect(found.error).toMatch(/^unrolled: [^\n]+\n$/);
  });
});

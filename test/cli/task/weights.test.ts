import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors, type StateDict } from '../../../src/node.js';
import { temporaryFolder } from '../support.js';
import { objects, reviews, runner, SMALL, writeDigits, writePictures } from './support.js';

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));
const small = SMALL.join(' ');
/** One step that changes nothing that single precision shows. */
const still = `${small.replace('--rate 0.03', '--rate 1e-30')} --steps 1 --json`;
const classify = 'train --task classify --data @reviews.csv';
const digits = 'train --task classify --idx @images.idx,@labels.idx';

beforeAll(async () => {
  await writeFile(file('reviews.csv'), reviews(12));
  await writeDigits(file('images.idx'), file('labels.idx'), 8);
  await writePictures(file('pictures'), file('pictures.csv'), 8);
});

async function done(words: string): Promise<string> {
  const { status, out, error } = await run(words);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return out;
}

async function weightsOf(name: string): Promise<StateDict> {
  const { tensors } = readSafetensors(await readFile(file(name)));
  return Object.fromEntries(
    Object.entries(tensors).filter(([key]) => /^(?:rnn|head|embedding|conv)/.test(key)),
  );
}

/** Weights that training starts from. */
async function startOf(words: string): Promise<StateDict> {
  await done(`${words} ${still} --out @start.safetensors --overwrite`);
  const weights = await weightsOf('start.safetensors');
  for (const { data } of Object.values(weights))
    for (let i = 0; i < data.length; i++) if (Math.abs(data[i]) < 1e-20) (data as Float32Array)[i] = 0;
  return weights;
}

const deviation = ({ data }: StateDict[string]): number =>
  Math.sqrt(Array.from(data).reduce((sum, value) => sum + value * value, 0) / data.length);

describe('initial weights', () => {
  const relu = '--cell rnn --nonlinearity relu';
  const identity = Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0));

  test('can be the identity for recurrent weights, and glorot or normal for the others', async () => {
    const glorot = await startOf(`${digits} --as rows ${relu} --init identity`);
    expect(Array.from(glorot['rnn.weight_hh_l0'].data)).toEqual(identity);
    expect(glorot['rnn.weight_ih_l0'].shape).toEqual([8, 3]);
    const inputs = Array.from(glorot['rnn.weight_ih_l0'].data, Math.abs);
    expect(Math.max(...inputs)).toBeLessThan(Math.sqrt(6 / 11));
    expect(Math.max(...inputs)).toBeGreaterThan(0.5);
    const normal = await startOf(`${digits} --as rows ${relu} --init identity:0.001`);
    expect(Array.from(normal['rnn.weight_hh_l0'].data)).toEqual(identity);
    expect(Math.max(...Array.from(normal['rnn.weight_ih_l0'].data, Math.abs))).toBeLessThan(0.005);
    expect(Array.from(normal['rnn.bias_ih_l0'].data)).toEqual(new Array(8).fill(0));
  });

  test('are the identity in the preset of digits by pixels, unless another cell is chosen', async () => {
    const preset = `train --preset digits-pixels --idx @images.idx,@labels.idx`;
    const own = await startOf(preset);
    expect(Array.from(own['rnn.weight_hh_l0'].data)).toEqual(identity);
    expect(deviation(own['head.weight'])).toBeLessThan(0.002);
    const lstm = await startOf(`${preset} --cell lstm`);
    expect(lstm['rnn.weight_hh_l0'].shape).toEqual([32, 8]);
    expect(deviation(lstm['rnn.weight_hh_l0'])).toBeGreaterThan(0.1);
    expect(deviation((await startOf(`${preset} --init torch`))['rnn.weight_hh_l0'])).toBeLessThan(0.3);
  });

  test('of convolutions by glorot depend on the places of a filter', async () => {
    const weights = await startOf(
      'train --task classify --images @pictures --data @pictures.csv --as image --filters 4,4 --init glorot',
    );
    const [, weight] = Object.values(weights).filter(({ shape }) => shape.length === 4);
    const bound = Math.sqrt(6 / (weight.shape[0] * 9 + weight.shape[1] * 9));
    const largest = Math.max(...Array.from(weight.data, Math.abs));
    expect(largest).toBeLessThan(bound);
    expect(largest).toBeGreaterThan(0.9 * bound);
  });

  test('--forget-bias and --embedding-std change only their weights', async () => {
    const plain = await startOf(classify);
    const changed = await startOf(`${classify} --forget-bias 3 --embedding-std 0.25`);
    expect(Array.from(changed['embedding.weight'].data)).toEqual(
      Array.from(plain['embedding.weight'].data, (value) => 0.25 * value),
    );
    expect(deviation(plain['embedding.weight'])).toBeCloseTo(1, 0);
    const bias = Array.from(changed['rnn.bias_ih_l0'].data);
    expect(bias.slice(8, 16)).toEqual(new Array(8).fill(3));
    expect(bias.slice(0, 8)).toEqual(Array.from(plain['rnn.bias_ih_l0'].data).slice(0, 8));
    expect(changed['head.weight']).toEqual(plain['head.weight']);
    const std = await startOf(`${classify} --init-std 0.5`);
    expect(deviation(std['rnn.weight_hh_l0'])).toBeCloseTo(0.5, 1);
  });

  test('options of another cell or model are refused', async () => {
    const refused = async (words: string): Promise<string> => {
      const { status, error } = await run(`${words} --steps 1`);
      expect(status).toBe(2);
      return error;
    };
    expect(await refused(`${digits} --embedding-std 1`)).toMatch(/^unrolled: .*--embedding-std.*\n$/);
    expect(await refused(`${classify} --cell gru --forget-bias 1`)).toMatch(/^unrolled: .*gru.*\n$/);
    expect(await refused(`${classify} --init identity`)).toMatch(/^unrolled: .*lstm.*\n$/);
    expect(await refused(`${classify} --init identity:x`)).toMatch(/Expected torch, .*identity:DEVIATION/);
  });
});

describe('--init-from', () => {
  test('takes weights, columns and model of a checkpoint, and neither step nor optimizer', async () => {
    await done(
      `${classify} --steps 20 ${small} --seed 4 --dropout 0 --bidirectional --json --out @first.safetensors`,
    );
    // Another file, whose words and labels alone would make another model.
    await writeFile(file('more.csv'), 'text,label\nbad new words,negative\ngood,positive\n');
    const out = await done(
      'train --task classify --data @more.csv --init-from @first.safetensors --steps 1 --batch 2 --rate 1e-30 ' +
        '--backend cpu --json --out @second.safetensors',
    );
    const [start] = objects(out);
    expect(start).toMatchObject({ hidden: 8, directions: 2, step: 0, records: 2 });
    expect(await weightsOf('second.safetensors')).toEqual(await weightsOf('first.safetensors'));
    const scores = async (name: string): Promise<string> =>
      (await run(`predict --checkpoint @${name} --backend cpu --json`, 'good\nbad\nnumber 3\n')).out;
    expect(await scores('second.safetensors')).toBe(await scores('first.safetensors'));
  });

  test('refuses options that the checkpoint decides, an unknown label, and other tasks', async () => {
    const from =
      'train --task classify --data @more.csv --init-from @first.safetensors --steps 1 --backend cpu';
    const refused = async (words: string): Promise<string> => (await run(words)).error;
    expect(await refused(`${from} --hidden 9 --tokens words`)).toMatch(
      /^unrolled: --tokens, --hidden: decided by the checkpoint ".*first.safetensors", .*\n$/,
    );
    expect(await refused(`${from} --init glorot`)).toMatch(
      /^unrolled: --init: not used with --init-from, .*\n$/,
    );
    expect(await refused(`${from} --map a=b`)).toMatch(
      /^unrolled: --map: .* whose names need no map\. Leave it out\.\n$/,
    );
    await writeFile(file('other.csv'), 'text,label\nbad,neither\ngood,positive\n');
    expect(await refused(from.replace('more', 'other'))).toMatch(/^unrolled: .*"neither".*\n$/);
    await writeFile(file('pairs.tsv'), 'a\tb\nc\td\n');
    expect(await refused('train --task translate --pairs @pairs.tsv --init-from @first.safetensors')).toMatch(
      /^unrolled: --init-from: .*--task classify, but --task translate needs a checkpoint of the same task\.\n$/,
    );
    expect(await refused(`${classify} --map a=b`)).toMatch(/^unrolled: --map needs --init-from FILE/);
    expect(await refused(`${classify} --init-from @images.idx`)).toMatch(/^unrolled: .*images\.idx.*\n$/);
  });

  test('reads weights of other programs by the names of the model, and with --map', async () => {
    const own = await startOf(`${classify} --seed 9`);
    const written = (names: (name: string) => string, extra: StateDict = {}): Promise<void> =>
      writeFile(
        file('torch.safetensors'),
        writeSafetensors(
          Object.fromEntries(
            Object.entries({ ...own, ...extra }).map(([name, { shape, data }]) => [
              names(name),
              { dtype: 'F32', shape, data: Float32Array.from(data) },
            ]),
          ),
          {},
        ),
      );
    await written((name) => name.replace('rnn.', 'lstm.').replace('head.', 'fc.'));
    const from = `${classify} --init-from @torch.safetensors`;
    const loaded = await run(`${from} ${still} --out @loaded.safetensors`);
    expect(loaded.status).toBe(0);
    expect(loaded.out).toContain('lstm.* is read as rnn.*');
    expect(await weightsOf('loaded.safetensors')).toEqual(own);
    const shape = await run(`${from} --hidden 9 --steps 1`);
    expect(shape.error).toMatch(/^unrolled: --init-from ".*torch.safetensors": .*rnn\.weight_hh_l0.*\n$/);
    // Two linear layers: either could be the head.
    await written((name) => name.replace('head.', 'a.b.'), {
      'z.weight': own['head.weight'],
      'z.bias': own['head.bias'],
    });
    const unclear = await run(`${from} ${still}`);
    expect(unclear.error).toMatch(/^unrolled: --init-from .*Assign the name with --map .*=.*\n$/);
    const mapped = await run(`${from} --map a.b=head --map z= ${still} --out @mapped.safetensors`);
    expect(mapped.status).toBe(0);
    expect(await weightsOf('mapped.safetensors')).toEqual(own);
    expect((await run(`${from} --map q=head --steps 1`)).error).toMatch(/^unrolled: --map: .*\n$/);
  });

  test('reads weights without known names if --map assigns them', async () => {
    const pairs = `train --task translate --pairs @pairs.tsv ${still}`;
    await done(`${pairs} --out @t.safetensors`);
    const { tensors } = readSafetensors(await readFile(file('t.safetensors')));
    const parameters = Object.entries(tensors).filter(([name]) => !/^(?:adam|train|m\.|v\.)/.test(name));
    const named = parameters.map(
      ([name, { shape, data }]) =>
        [
          name.replace(/^encoder\./, 'reader.'),
          { dtype: 'F32', shape, data: Float32Array.from(data as Float32Array) },
        ] as const,
    );
    const bare = named.filter(([name]) =>
      /^(?:reader|decoder|head|source_embedding|target_embedding|bridge)/.test(name),
    );
    await writeFile(file('foreign.safetensors'), writeSafetensors(Object.fromEntries(bare), {}));
    const from = `${pairs} --seed 2 --init-from @foreign.safetensors`;
    expect((await run(from)).error).toMatch(
      /^unrolled: .*--map reader=encoder; --map reader= leaves it out\.\n$/,
    );
    expect((await run(`${from} --map reader=encoder`)).status).toBe(0);
  });
});

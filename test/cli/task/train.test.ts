import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../../src/node.js';
import { BYTE_SYMBOLS } from '../../../src/text/tokenizers/byte-symbols.js';
import { temporaryFolder } from '../support.js';
import { objects, reviews, runner, sensors, SMALL, writeDigits, writeScenes } from './support.js';

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));
const small = SMALL.join(' ');

const PAIRS = ['你好，"世界"\tgreeting "one"', '', '😀👍\tthumb', 'it\'s "quoted"\t“引用”', '', '再见\tbye'];

beforeAll(async () => {
  await writeFile(file('reviews.csv'), reviews(24));
  await writeFile(file('sensors.csv'), sensors(80));
  await writeFile(file('pairs.tsv'), `${PAIRS.join('\n')}\n`);
  await writeFile(
    file('ner.conll'),
    'Anna B-PER\nlives O\nin O\nRome B-LOC\n\nBob B-PER\nlives O\n\nin O\nRome B-LOC\n\n'.repeat(3),
  );
  await writeDigits(file('images.idx'), file('labels.idx'), 16);
  await writeScenes(file('grid.safetensors'), file('captions.tsv'), 16);
});

async function trained(words: string): Promise<string> {
  const { status, out, error } = await run(`train ${small} --json ${words}`);
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return out;
}

describe('--task classify', () => {
  test('learns columns of a CSV file, keeps the best by validation, and scores by label', async () => {
    const out = await trained(
      '--task classify --data @reviews.csv --text text --label label --tokens words --embedding 6 ' +
        '--bidirectional --epochs 8 --validation 0.25 --stratify --patience 9 --out @c.safetensors',
    );
    const all = objects(out);
    expect(all[0]).toMatchObject({
      ...{ event: 'start', task: 'classify', data: ['reviews.csv'], records: 18, validationRecords: 6 },
      ...{ hidden: 8, directions: 2, batch: 4, steps: 40, stepsPerEpoch: 5, uniformLoss: Math.log(2) },
    });
    const validations = all.filter(({ event }) => event === 'validation');
    expect(validations).toHaveLength(8);
    expect(validations.at(-1)).toMatchObject({ step: 40, accuracy: 1, f1: 1 });
    const best = all.find(({ event, best }) => event === 'checkpoint' && best === true);
    expect(best?.path).toBe(file('c.best.safetensors'));

    const found = await run(
      'predict --checkpoint @c.safetensors --backend cpu',
      'good\n\nbad bad\r\n very good',
    );
    expect(found).toEqual({ status: 0, out: 'positive\n\nnegative\npositive\n', error: '' });

    const json = objects(
      (await run('predict --checkpoint @c.safetensors --backend cpu --json', 'bad\n\n')).out,
    );
    expect(json[0]).toMatchObject({ event: 'prediction', row: 1, input: 'bad', label: 'negative' });
    const { negative, positive } = json[0].probabilities as Record<string, number>;
    expect(negative + positive).toBeCloseTo(1, 6);
    expect(negative).toBeGreaterThan(0.5);
    expect(json[1]).toEqual({ event: 'prediction', row: 2, input: '', empty: true });
  });

  test('eval prints accuracy, F1 and the table of labels; without a file, of the held-out records', async () => {
    await writeFile(file('test.csv'), 'label,more,text\nnegative,x,bad\npositive,y,good\nnegative,z,good\n');
    const { status, out, error } = await run(
      'eval --checkpoint @c.safetensors --data @test.csv --backend cpu --json',
    );
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(JSON.parse(out)).toMatchObject({
      ...{ event: 'eval', task: 'classify', records: 3, accuracy: 2 / 3 },
      ...{ labels: ['negative', 'positive'] },
      confusion: [
        [1, 1],
        [0, 1],
      ],
    });
    expect((JSON.parse(out) as { f1: number }).f1).toBeCloseTo(2 / 3, 12);
    const held = await run('eval --checkpoint @c.safetensors --backend cpu --json');
    expect(JSON.parse(held.out)).toMatchObject({ records: 6, accuracy: 1 });
    const told = await run('eval --checkpoint @c.safetensors --data @test.csv --backend cpu');
    expect(told.out).toMatch(/^loss [\d.]+ {2}accuracy 66\.7 % {2}f1 66\.7 %\n/);
    expect(told.out).toMatch(/^negative +100\.0 % +50\.0 % +66\.7 % +1 +1$/m);
    expect(told.out).toMatch(/^3 records of test\.csv \(step 40, CPU/m);
  });

  test('predict prints a line for each row of a file with named columns', async () => {
    await writeFile(file('more.csv'), 'id,text\n1,good\n2,""\n3,bad\n');
    const { out } = await run('predict --checkpoint @c.safetensors --data @more.csv --backend cpu');
    expect(out).toBe('positive\n\nnegative\n');
  });

  test('labels of JSON may be numbers, and a TSV file names its columns', async () => {
    await writeFile(file('r.jsonl'), '{"text":"a b","label":1}\n{"text":"b","label":true}\n'.repeat(4));
    await writeFile(file('r.tsv'), 'x\twords\tkind\n1\t"a\tp\n2\tb\tq\n'.repeat(1));
    const json = await trained('--task classify --data @r.jsonl --epochs 1 --out @j.safetensors');
    expect(objects(json)[0]).toMatchObject({ records: 8, uniformLoss: Math.log(2) });
    const { out } = await run('predict --checkpoint @j.safetensors --backend cpu --json', 'a');
    expect(Object.keys(objects(out)[0].probabilities as object)).toEqual(['1', 'true']);
    const tsv = await trained(
      '--task classify --data @r.tsv --text words --label kind --tokens characters --steps 1',
    );
    expect(objects(tsv)[0]).toMatchObject({ records: 2 });
  });

  test('can use the tokens of a tokenizer.json, which the checkpoint keeps', async () => {
    const vocab = Object.fromEntries([...BYTE_SYMBOLS, 'go'].map((token, id) => [token, id]));
    const model = { type: 'BPE', vocab, merges: ['g o'] };
    const pre_tokenizer = { type: 'ByteLevel', add_prefix_space: false };
    await writeFile(file('bpe.json'), JSON.stringify({ model, pre_tokenizer, added_tokens: [] }));
    const out = await trained(
      '--task classify --data @reviews.csv --tokens @bpe.json --embedding 8 --epochs 10 --out @b.safetensors',
    );
    // 257 tokens, begin and end; the vectors of 8 numbers and an LSTM of 8 units with a head for 2 labels.
    expect(objects(out)[0].parameters).toBe(259 * 8 + 4 * 8 * (8 + 8 + 2) + 8 * 2 + 2);
    await writeFile(file('bpe.json'), 'gone');
    const { out: found } = await run('predict --checkpoint @b.safetensors --backend cpu', 'good\nbad ✓\n');
    expect(found).toBe('positive\nnegative\n');
  });

  test.each(['rows', 'pixels', 'image'])('reads IDX images as %s', async (as) => {
    const out = await trained(
      `--task classify --idx @images.idx,@labels.idx --as ${as}${as === 'image' ? ' --filters 4' : ''} --epochs 12 ` +
        `--out @i-${as}.safetensors`,
    );
    const sizes = { rows: 4, pixels: 12, image: 1 }[as];
    expect(objects(out)[0]).toMatchObject({ records: 16, sizes: [{ T: sizes }] });
    const found = await run(
      `eval --checkpoint @i-${as}.safetensors --idx @images.idx,@labels.idx --backend cpu --json`,
    );
    expect(JSON.parse(found.out)).toMatchObject({ accuracy: 1, labels: ['3', '7'] });
    const { out: labels } = await run(
      `predict --checkpoint @i-${as}.safetensors --idx @images.idx --backend cpu`,
    );
    expect(labels).toBe('3\n7\n'.repeat(8));
  });
});

test('--task tag learns a CoNLL file, and names each token of a line', async () => {
  await trained(
    '--task tag --data @ner.conll --tokens words --bidirectional --epochs 25 --out @t.safetensors',
  );
  const { out } = await run(
    'predict --checkpoint @t.safetensors --backend cpu',
    'Bob lives in Rome\n\nAnna\n',
  );
  expect(out).toBe('B-PER O O B-LOC\n\nB-PER\n');
  const json = await run('predict --checkpoint @t.safetensors --backend cpu --json', 'in Rome');
  const [{ tags, probabilities }] = objects(json.out);
  expect(tags).toEqual(['O', 'B-LOC']);
  for (const probability of probabilities as number[]) expect(probability).toBeGreaterThan(0.5);
  const scored = await run('eval --checkpoint @t.safetensors --data @ner.conll --backend cpu --json');
  expect(JSON.parse(scored.out)).toMatchObject({ task: 'tag', records: 9, targets: 24, accuracy: 1, f1: 1 });
});

describe('--task tag of JSON Lines', () => {
  const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

  test('reads the characters of a text, some of which have no tag', async () => {
    // The character before, where it is a letter.
    const rows = ['ab', 'ba', 'aab', 'bba'].map((text) => ({
      word: text,
      before: [null, ...text.slice(0, -1)],
    }));
    await writeFile(file('before.jsonl'), lines([...rows, ...rows]));
    const out = await trained(
      '--task tag --data @before.jsonl --text word --label before --epochs 25 --out @before.safetensors',
    );
    expect(objects(out)[0]).toMatchObject({ records: 8, uniformLoss: Math.log(2) });
    const scored = await run(
      'eval --checkpoint @before.safetensors --data @before.jsonl --backend cpu --json',
    );
    expect(JSON.parse(scored.out)).toMatchObject({ targets: 12, accuracy: 1 });
    const { out: found } = await run('predict --checkpoint @before.safetensors --backend cpu', 'aab\n\nba\n');
    expect(found).toMatch(/^[ab] a a\n\n[ab] b\n$/);
  });

  test.each(['', ' --as image --filters 4'])('reads steps of numbers%s', async (as) => {
    // Frames of four pixels: which row is bright.
    const rows = Array.from({ length: 8 }, (_, i) => {
      const bright = [i & 1, (i >> 1) & 1, (i >> 2) & 1];
      return {
        frames: bright.flatMap((row) => (row === 0 ? [1, 1, 0, 0] : [0, 0, 1, 1])),
        tags: bright.map((row) => (row === 0 ? 'up' : 'down')),
      };
    });
    await writeFile(file('frames.jsonl'), lines(rows));
    await trained(
      `--task tag --data @frames.jsonl --text frames${as} --epochs 20 --out @f.safetensors --overwrite`,
    );
    const { out } = await run('predict --checkpoint @f.safetensors --data @frames.jsonl --backend cpu');
    expect(out).toBe(rows.map(({ tags }) => `${tags.join(' ')}\n`).join(''));
  });

  test.each([true, false])('--task regress reads lists of steps: nested %s', async (nested) => {
    // The sum of marked numbers.
    const rows = Array.from({ length: 24 }, (_, i) => {
      const steps = [0, 1, 2].map((t) => [((i * 7 + t * 3) % 11) / 10, Number(t !== i % 3)]);
      return {
        steps: nested ? steps : steps.flat(),
        sum: steps.reduce((sum, [x, mark]) => sum + x * mark, 0),
      };
    });
    await writeFile(file('adding.jsonl'), lines(rows));
    const out = await trained(
      `--task regress --data @adding.jsonl --inputs steps --target sum${nested ? '' : ' --step-size 2'} --epochs 25 ` +
        '--validation 0.25 --out @sum.safetensors --overwrite',
    );
    expect(objects(out)[0]).toMatchObject({ records: 18, validationRecords: 6, sizes: [{ T: 3 }] });
    const scored = await run('eval --checkpoint @sum.safetensors --data @adding.jsonl --backend cpu --json');
    const { mse, targets } = JSON.parse(scored.out) as Record<string, number>;
    expect(targets).toBe(24);
    const { out: found } = await run(
      'predict --checkpoint @sum.safetensors --data @adding.jsonl --backend cpu',
    );
    const errors = found
      .split('\n')
      .slice(0, -1)
      .map((line, i) => Number(line) - rows[i].sum);
    expect(errors.reduce((sum, error) => sum + error ** 2, 0) / 24).toBeCloseTo(mse, 4);
    expect(mse).toBeLessThan(0.1);
  });
});

describe('--task translate', () => {
  test('learns pairs with Chinese, emoji, quotes and empty lines', async () => {
    const out = await trained(
      '--task translate --pairs @pairs.tsv --tokens characters --attention additive --embedding 8 ' +
        '--epochs 120 --log-every 60 --out @p.safetensors',
    );
    expect(objects(out)[0]).toMatchObject({ task: 'translate', records: 4 });
    const sources = PAIRS.filter((line) => line !== '').map((line) => line.split('\t')[0]);
    const { out: found, error } = await run(
      'predict --checkpoint @p.safetensors --backend cpu --attention @heat.json',
      `${sources.join('\n')}\n\n`,
    );
    expect({ found, error }).toEqual({ found: 'greeting "one"\nthumb\n“引用”\nbye\n\n', error: '' });

    const maps = JSON.parse(await readFile(file('heat.json'), 'utf8')) as {
      readonly row: number;
      readonly source: string[];
      readonly output: string[];
      readonly weights: number[][];
    }[];
    expect(maps.map(({ row }) => row)).toEqual([1, 2, 3, 4]);
    const [, { source, output, weights }] = maps;
    expect(source).toEqual(['😀', '👍']);
    expect(output).toEqual(['t', 'h', 'u', 'm', 'b', '<end>']);
    for (const row of weights) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(weights).toHaveLength(6);
  });

  test('predict can use beam search, and prints probabilities', async () => {
    const { out } = await run('predict --checkpoint @p.safetensors --backend cpu --json --beam 3', '再见');
    const [{ text, probability, candidates }] = objects(out);
    expect(text).toBe('bye');
    expect(candidates).toHaveLength(3);
    const shares = (candidates as { readonly probability: number }[]).map((each) => each.probability);
    expect(shares[0]).toBe(probability);
    expect(shares.reduce((a, b) => a + b)).toBeLessThanOrEqual(1);
    expect(probability).toBeGreaterThan(0.5);
  });

  test('eval compares whole texts, also from a CSV file with named columns', async () => {
    const scored = await run(
      'eval --checkpoint @p.safetensors --pairs @pairs.tsv --backend cpu --json --beam 2',
    );
    const scores = JSON.parse(scored.out) as Record<string, number>;
    expect(scores).toMatchObject({ exactMatch: 1, editDistance: 0, records: 4 });
    expect(scores.perplexity).toBeGreaterThan(1);
    expect(scores.perplexity).toBeCloseTo(Math.exp(scores.loss), 9);
    await writeFile(file('pairs.csv'), 'target,source\n"bye","再见"\n"no","再见"\n');
    const half = await run('eval --checkpoint @p.safetensors --pairs @pairs.csv --backend cpu --json');
    expect(JSON.parse(half.out)).toMatchObject({ exactMatch: 0.5, editDistance: 3 / 5, records: 2 });
  });

  test('source and target can have different tokens, and words of the target are separated by spaces', async () => {
    await writeFile(file('phonemes.tsv'), 'hat\tHH AE T\nat\tAE T\nha\tHH AE\n');
    await trained(
      '--task translate --pairs @phonemes.tsv --source-tokens characters --target-tokens words --summary ' +
        'transformed-all --context both --bidirectional --cell gru --epochs 80 --out @w.safetensors',
    );
    const { out } = await run('predict --checkpoint @w.safetensors --backend cpu', 'hat\nha');
    expect(out).toBe('HH AE T\nHH AE\n');
  });
});

describe('--task regress', () => {
  test('predicts a column that it does not read, in original units', async () => {
    await trained(
      '--task regress --data @sensors.csv --inputs temperature,humidity --target late --window 6 --horizon 1 ' +
        '--epochs 30 --validation 0.25 --out @r.safetensors',
    );
    const scored = await run('eval --checkpoint @r.safetensors --data @sensors.csv --backend cpu --json');
    const { mse, rmse, mae, records, targets } = JSON.parse(scored.out) as Record<string, number>;
    expect({ records, targets }).toEqual({ records: 80, targets: 74 });
    expect(rmse).toBeCloseTo(Math.sqrt(mse), 9);
    expect(mae).toBeLessThanOrEqual(rmse);
    expect(rmse).toBeLessThan(1.5); // the series goes from 15 to 25
    const { out } = await run('predict --checkpoint @r.safetensors --data @sensors.csv --backend cpu');
    const lines = out.split('\n').slice(0, -1);
    expect(lines).toHaveLength(80);
    expect(lines.slice(0, 5)).toEqual(['', '', '', '', '']);
    // Row i predicts the value of the row after it: the measures of eval, computed from the lines.
    const late = sensors(80)
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[3]));
    const errors = lines.slice(5, 79).map((line, i) => Number(line) - late[i + 6]);
    expect(errors.reduce((sum, error) => sum + error * error, 0) / errors.length).toBeCloseTo(mse, 3);
  });

  test('holds out the end of the series, which no training window has read', async () => {
    const out = await trained(
      '--task regress --data @sensors.csv --inputs temperature --target temperature --window 5 --horizon 2 ' +
        '--validation 0.25 --steps 1',
    );
    expect(objects(out)[0]).toMatchObject({ records: 60, validationRecords: 20, sizes: [{ T: 5 }] });
  });
});

test('--task caption writes texts for features, and predict writes its attention', async () => {
  await trained(
    '--task caption --features @grid.safetensors --captions @captions.tsv --inject attention --hidden 16 ' +
      '--embedding 8 --epochs 60 --out @g.safetensors',
  );
  const scored = await run(
    'eval --checkpoint @g.safetensors --features @grid.safetensors --captions @captions.tsv --backend cpu --json',
  );
  expect(JSON.parse(scored.out)).toMatchObject({ task: 'caption', exactMatch: 1, editDistance: 0, bleu: 1 });
  const { out } = await run(
    'predict --checkpoint @g.safetensors --features @grid.safetensors --backend cpu --attention @look.json',
  );
  expect(out.split('\n').slice(0, 2)).toEqual(['red left, red right', 'blue left, red right']);
  const [{ source, weights }] = JSON.parse(await readFile(file('look.json'), 'utf8')) as {
    readonly source: string[];
    readonly weights: number[][];
  }[];
  expect(source).toEqual(['0', '1']);
  expect(weights[0]).toHaveLength(2);
});

test.each(['first', 'every', 'prefix'])('--inject %s reads all places as one vector', async (inject) => {
  const out = await trained(
    `--task caption --features @grid.safetensors --captions @captions.tsv --inject ${inject} --steps 2`,
  );
  expect(objects(out).at(-1)).toMatchObject({ event: 'done', step: 2 });
});

test('the screen shows the task, the records and the progress', async () => {
  const { out } = await run(
    `train --task classify --data @reviews.csv --steps 5 --validation 0.2 --eval-every 5 ${small}`,
  );
  expect(out).toMatch(/^task +classify: a label for each text or image$/m);
  expect(out).toMatch(/^data +reviews\.csv: 19 records, 5 more for validation$/m);
  expect(out).toMatch(/^training +4 records a step \(T = \d+.*\), adam, \d+ dispatches a step$/m);
  expect(out).toMatch(/^step 5 {2}epoch 1 {2}loss .* records\/s$/m);
  expect(out).toMatch(/^step 5 {2}validation: loss [\d.]+ {2}accuracy [\d.]+ % {2}f1 [\d.]+ % {2}\(best\)$/m);
  expect(out).toMatch(/^done: step 5, mean loss [\d.]+, [\d.]+ s, [\d,]+ records a second$/m);
});

test('--task caption --as image reads pixels by convolutions', async () => {
  // Four by four pixels of one channel, all of them bright in every second image.
  const data = Float32Array.from({ length: 8 * 16 }, (_, i) => Math.floor(i / 16) % 2);
  await writeFile(file('p.safetensors'), writeSafetensors({ x: { dtype: 'F32', shape: [8, 16, 1], data } }));
  await writeFile(file('p.tsv'), 'dark night\nbright day\n'.repeat(4));
  await trained(
    '--task caption --features @p.safetensors --captions @p.tsv --as image --filters 4 --epochs 30 --out @p.m',
  );
  const { out } = await run(
    'predict --checkpoint @p.m --features @p.safetensors --backend cpu --attention @p.json',
  );
  expect(out).toBe('dark night\nbright day\n'.repeat(4));
  const [{ source }] = JSON.parse(await readFile(file('p.json'), 'utf8')) as { readonly source: string[] }[];
  expect(source).toEqual(['0', '1', '2', '3']); // one pooling leaves two by two places
});

describe('plan', () => {
  const small = '--hidden 8 --embedding 4';

  test('plan prints parameters, memory and launches of a step on these records', async () => {
    const words = `plan --task translate --pairs @pairs.tsv ${small}`;
    const { status, out } = await run(`${words} --json`);
    expect(status).toBe(0);
    const plan = JSON.parse(out) as { parameters: number; launches: unknown[]; dispatches: number };
    expect(plan.launches).toHaveLength(plan.dispatches);
    const told = await run(`${words} --of evaluation`);
    expect(told.out).toContain(`${plan.parameters.toLocaleString('en-US')} parameters: `);
    expect(told.out).not.toMatch(/ms a step/);
  });

  test.each([
    `--task translate --pairs @pairs.tsv ${small}`,
    '--preset char-rnn --vocabulary 65 --hidden 8',
    '--task copy-memory --hidden 8',
    '--text chinese --hidden 8',
  ])('%s --measure times steps of training', async (words) => {
    const told = await run(`plan ${words} --measure --backend cpu`);
    expect(told).toMatchObject({ status: 0, error: '' });
    expect(told.out).toMatch(/^[\d.]+(e-\d+)? ms a step on cpu: CPU/m);
    const { out } = await run(`plan ${words} --measure --backend cpu --json`);
    expect(JSON.parse(out)).toMatchObject({ backend: 'cpu', event: 'plan' });
    expect((JSON.parse(out) as { millisecondsPerStep: number }).millisecondsPerStep).toBeGreaterThan(0);
  });
});

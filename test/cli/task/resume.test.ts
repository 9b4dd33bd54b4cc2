import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { TASK_KINDS, tokenizerFromJSON } from '../../../src/graph.js';
import { readCheckpointFile, readSafetensors, writeSafetensors } from '../../../src/node.js';
import { runOnnx } from '../../support/onnxruntime.js';
import { buildOnce, command, start, temporaryFolder } from '../support.js';
import { objects, reviews, runner, sensors, SMALL } from './support.js';

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));
const small = SMALL.join(' ');

beforeAll(async () => {
  await writeFile(file('reviews.csv'), reviews(24));
  await writeFile(file('pairs.tsv'), 'ab\tba\nabc\tcba\nca\tac\nb\tb\nbca\tacb\n');
  await writeFile(file('sensors.csv'), sensors(40));
});

/** Losses of steps, and what validations found. */
const course = (out: string): unknown[] =>
  objects(out).flatMap(({ event, step, loss, accuracy, best }) =>
    event === 'step' || event === 'validation' ? [{ event, step, loss, accuracy, best }] : [],
  );

const parametersOf = async (name: string) => (await readCheckpointFile(file(name), TASK_KINDS)).parameters;

describe.each([
  ['classify', '--data @reviews.csv --tokens words --dropout 0.2 --layers 2 --validation 0.2 --stratify', ''],
  ['translate', '--pairs @pairs.tsv --attention general --warmup 5', ''],
  [
    'regress',
    '--data @sensors.csv --inputs temperature --target late --window 4 --validation 0.3 --eval-every 3',
    '--data @sensors.csv',
  ],
])('a run of --task %s', (task, words, data) => {
  test('a resumed run equals an uninterrupted one, and predicts the same', async () => {
    const all = `train --task ${task} ${words} ${small} --log-every 1 --eval-every 3 --json`.replace(
      task === 'translate' ? ' --eval-every 3' : '',
      '',
    );
    const whole = await run(`${all} --steps 11 --out @${task}-whole.safetensors`);
    expect(whole).toMatchObject({ status: 0, error: '' });
    await run(`${all} --steps 4 --out @${task}.safetensors`);
    const rest = await run(`resume @${task}.safetensors --steps 11 --json`);
    expect(rest).toMatchObject({ status: 0, error: '' });
    const after = course(whole.out).filter((each) => (each as { step: number }).step > 4);
    expect(course(rest.out)).toEqual(after);
    expect(after.length).toBeGreaterThan(6);
    expect(await parametersOf(`${task}.safetensors`)).toEqual(
      await parametersOf(`${task}-whole.safetensors`),
    );
    const predict = (name: string) =>
      run(`predict --checkpoint @${name}.safetensors --backend cpu --json ${data}`.trim(), 'good ab\nbad\n');
    const predicted = await predict(task);
    expect(predicted).toMatchObject({ status: 0, error: '' });
    expect(predicted).toEqual(await predict(`${task}-whole`));
  });
});

test('a checkpoint stores its columns once; one of an earlier version has them twice, with the same content', async () => {
  await run(`train --task classify --data @reviews.csv ${small} --steps 3 --out @columns.safetensors`);
  const { tensors, metadata } = readSafetensors(await readFile(file('columns.safetensors')));
  const description = JSON.parse(metadata.unrolled) as {
    reading: { columns: unknown[] };
    extra: { run: { task: { columns?: unknown[] } } };
  };
  expect(description.reading.columns).toHaveLength(2);
  expect(description.extra.run.task).toEqual({ task: 'classify', options: { text: 'text', label: 'label' } });
  description.extra.run.task.columns = description.reading.columns;
  const twice = { ...metadata, unrolled: JSON.stringify(description) };
  const arrays = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, data }]) => [
      name,
      { dtype: dtype ?? 'F32', shape, data },
    ]),
  );
  await writeFile(file('twice.safetensors'), writeSafetensors(arrays, twice));
  const [once, again] = await Promise.all(
    ['columns', 'twice'].map((name) =>
      run(`predict --checkpoint @${name}.safetensors --backend cpu --json`, 'good\nbad\n'),
    ),
  );
  expect(once).toMatchObject({ status: 0, error: '' });
  expect(again).toEqual(once);
});

test('a run continues bit for bit from its checkpoint after kill -9', async () => {
  await buildOnce();
  const words =
    `train --task classify --data @reviews.csv --tokens words ${small} --no-relaxed --log-every 1 --json`
      .split(' ')
      .map((word) => word.replace(/^@/, `${file('')}/`));
  const running = start([
    ...words,
    ...['--steps', '1000000', '--checkpoint-every', '10', '--out', file('killed.safetensors')],
  ]);
  await running.printed('{"event":"checkpoint","step":20');
  running.process.kill('SIGKILL');
  expect((await running.ended).killedBy).toBe('SIGKILL');
  const { step } = (await readCheckpointFile(file('killed.safetensors'), TASK_KINDS)).progress;
  const rest = await run('resume @killed.safetensors --more 5 --json');
  const whole = await command([...words, '--steps', String(step + 5)]);
  expect(course(rest.out)).toEqual(course(whole.out).slice(step));
  expect(course(rest.out)).toHaveLength(5);
});

test('an interruption writes a checkpoint, prints how to continue, and ends with 130', async () => {
  const out = file('interrupted.safetensors');
  const controller = new AbortController();
  controller.abort();
  const interrupt = () => ({ signal: controller.signal, release: () => undefined });
  const words = ['train', '--task', 'translate', '--pairs', file('pairs.tsv'), ...SMALL, '--out', out];
  const ended = await command(words, { interrupt });
  expect(ended.status).toBe(130);
  expect(ended.out).toMatch(/^interrupted: step 0,/m);
  expect(ended.out).toContain(`continue: unrolled resume ${out}`);
  expect(await run('resume @interrupted.safetensors --json')).toMatchObject({ status: 0 });
});

describe('resume finds the records', () => {
  test('in a folder that was moved together with the checkpoint', async () => {
    await mkdir(file('a'));
    await writeFile(file('a/r.csv'), reviews(8));
    await run(`train --task classify --data @a/r.csv --steps 2 --out @a/m.safetensors ${small}`);
    await rename(file('a'), file('b'));
    expect(await run('resume @b/m.safetensors --more 1 --json')).toMatchObject({ status: 0, error: '' });
    await rename(file('b/r.csv'), file('elsewhere.csv'));
    const gone = await run('resume @b/m.safetensors --more 1');
    expect(gone).toMatchObject({ status: 2, out: '' });
    expect(gone.error).toMatch(
      /^unrolled: "[^"]*m\.safetensors" was trained on "r\.csv", .*--data FILE\.\n$/,
    );
    const named = await run('resume @b/m.safetensors --more 1 --data @elsewhere.csv --json');
    expect(named).toMatchObject({ status: 0, error: '' });
  });

  test('and refuses other records, and another held-out share', async () => {
    await run(`train --task classify --data @reviews.csv --steps 2 --out @m.safetensors ${small}`);
    await writeFile(file('other.csv'), reviews(26));
    const other = await run('resume @m.safetensors --more 1 --data @other.csv');
    expect(other).toMatchObject({ status: 1, out: '' });
    expect(other.error).toMatch(/^unrolled: The saved position is in [^\n]+\n$/);
    const share = await run('resume @m.safetensors --more 1 --validation 0.5');
    expect(share).toMatchObject({ status: 2, out: '' });
    expect(share.error).toMatch(
      /--validation 0?\.\d+: a resumed run must keep its value, which is 0\. Leave the option out\./,
    );
    expect((await run('resume @m.safetensors --more 1 --patience 2')).error).toMatch(/--patience need a run/);
    const best = await run('resume @m.safetensors --more 1 --corpus @other.csv');
    expect(best.error).toMatch(
      /^unrolled: --corpus: only used for texts, not with --task classify\. Leave it out\./,
    );
  });
});

describe('export', () => {
  test('a classifier of records gives the same results in onnxruntime as in predict', async () => {
    await run(`train --task classify --data @reviews.csv --steps 8 --out @x.safetensors ${small}`);
    expect(await run('export --checkpoint @x.safetensors --onnx @x.onnx')).toMatchObject({
      status: 0,
      error: '',
    });
    const { out } = await run('predict --checkpoint @x.safetensors --backend cpu --json', 'good number');
    const { probabilities } = objects(out)[0] as { probabilities: Record<string, number> };
    const { model } = await readCheckpointFile(file('x.safetensors'), TASK_KINDS);
    const { input } = model.config as { readonly input: { readonly tokenizer: object } };
    const ids = tokenizerFromJSON(input.tokenizer).encode('good number');
    const found = await runOnnx(await readFile(file('x.onnx')), {
      ids: { type: 'int64', shape: [2, 1], data: ids },
      lengths: { type: 'int64', shape: [1], data: [2] },
    });
    for (const [k, share] of Object.values(probabilities).entries())
      expect(found.probabilities.data[k]).toBeCloseTo(share, 5);
  });

  test('an encoder-decoder of records begins in onnxruntime as predict does', async () => {
    await run(
      `train --task translate --pairs @pairs.tsv --attention dot --epochs 60 --out @y.safetensors ${small}`,
    );
    expect(await run('export --checkpoint @y.safetensors --onnx @y.onnx')).toMatchObject({
      status: 0,
      error: '',
    });
    const { out } = await run('predict --checkpoint @y.safetensors --backend cpu', 'abc');
    const { model } = await readCheckpointFile(file('y.safetensors'), TASK_KINDS);
    const { source, target } = model.config as Record<'source' | 'target', { readonly tokenizer: object }>;
    const written = tokenizerFromJSON(target.tokenizer);
    const encoded = await runOnnx(await readFile(file('y.encoder.onnx')), {
      source: { type: 'int64', shape: [3, 1], data: tokenizerFromJSON(source.tokenizer).encode('abc') },
      sourceLengths: { type: 'int64', shape: [1], data: [3] },
    });
    const inputs = Object.entries(encoded).map(
      ([name, { shape, data }]) =>
        [
          name,
          { type: name === 'memoryLengths' ? ('int64' as const) : ('float32' as const), shape, data },
        ] as const,
    );
    const { logits } = await runOnnx(await readFile(file('y.decoder.onnx')), {
      ...Object.fromEntries(inputs),
      previous: { type: 'int64', shape: [1], data: [written.begin] },
    });
    const likeliest = logits.data.indexOf(Math.max(...logits.data));
    expect(written.decode([likeliest])).toBe(out[0]);
  });
});

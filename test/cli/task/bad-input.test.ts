import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeSafetensors } from '../../../src/node.js';
import { temporaryFolder } from '../support.js';
import { reviews, runner, sensors, SMALL, writeDigits, writeScenes } from './support.js';

const file = temporaryFolder();
const run = runner((name) => file(name) + (name === '' ? '/' : ''));
const small = SMALL.join(' ');

beforeAll(async () => {
  const write = (name: string, text: string | Uint8Array): Promise<void> => writeFile(file(name), text);
  await write('reviews.csv', reviews(12));
  await write('sensors.csv', sensors(30));
  await write('ragged.csv', 'text,label\na,b\nc,d,e\n');
  await write('open.csv', 'text,label\n"a,b\nc,d\n');
  await write('empty.csv', '');
  await write('header.csv', 'text,label\n');
  await write('nolabel.csv', 'text,label\na,b\nc,\n');
  await write('notext.csv', 'text,label\na,b\n,c\n');
  await write('rare.csv', `text,label\n${'a,x\nb,y\n'.repeat(5)}c,rare\n`);
  await write('words.csv', 'time,a\n1,2\n2,three\n');
  await write('pairs.tsv', 'ab\tba\nb\tb\n');
  await write('lonely.tsv', 'ab\tba\n\nlonely\nb\tb\n');
  await write('sourceless.tsv', 'ab\tba\n\tb\n');
  await write('utf16.tsv', Buffer.from('\ufeffa\tb\n', 'utf16le'));
  await write('bad.jsonl', '{"text":"a","label":"b"}\n{"text":"a"}\n');
  await write('odd.jsonl', '{"text":5,"label":"b"}\n');
  await write('broken.jsonl', '{"text":"a","label":"b"}\n{"text":\n');
  await write('ner.conll', 'Anna B\nlives O\n\nBob B\n');
  await write('ragged.conll', 'Anna B\nlives\n');
  await write('records.txt', 'a\tb\n');
  await write('other.json', JSON.stringify({ model: { type: 'WordPiece', vocab: {} } }));
  await write('nojson.json', '{"model":');
  await writeDigits(file('images.idx'), file('labels.idx'), 8);
  await write('cut.idx', (await readFile(file('images.idx'))).subarray(0, 60));
  await writeDigits(file('more.idx'), file('more-labels.idx'), 10);
  await writeScenes(file('grid.safetensors'), file('captions.tsv'), 4);
  await write('few.tsv', 'red left\nblue left\n');
  await write(
    'flat.safetensors',
    writeSafetensors({ x: { dtype: 'F32', shape: [4, 2], data: new Float32Array(8) } }, {}),
  );
  await write(
    'two.safetensors',
    writeSafetensors(
      Object.fromEntries(
        ['a', 'b'].map((name) => [name, { dtype: 'F32', shape: [4, 2], data: new Float32Array(8) }]),
      ),
      {},
    ),
  );
  await write(
    'lists.jsonl',
    '{"x":[1,2],"y":1,"tags":["a","b","c"]}\n{"x":[3,4],"y":2,"tags":["a","b","c"]}\n',
  );
  await write('mixed.jsonl', '{"tokens":["a"],"tags":["X"]}\n\n{"tokens":5,"tags":["Y"]}\n');
  // The third row starts in line 4: the second has a line end in quotes.
  await write('quoted.csv', 'text,label\n"a\nb",x\nc,\n');
  await write('text.txt', 'the quick brown fox. '.repeat(20));
  for (const [name, words] of Object.entries({
    classify: '--task classify --data @reviews.csv --validation 0.2',
    translate: '--task translate --pairs @pairs.tsv',
    regress: '--task regress --data @sensors.csv --inputs temperature --target late --window 4',
    images: '--task classify --idx @images.idx,@labels.idx',
    text: '--corpus @text.txt --sample-every 0',
  })) {
    const { status, error } = await run(`train ${words} ${small} --steps 2 --out @${name}.safetensors`);
    expect({ status, error }).toEqual({ status: 0, error: '' });
  }
});

/** The name of a case, its command line, and the message. */
type Case = readonly [title: string, words: string, message: RegExp];

async function refused(status: 1 | 2, words: string, message: RegExp): Promise<void> {
  const found = await run(words);
  expect(found).toMatchObject({ status, out: '' });
  expect(found.error).toMatch(message);
  expect(found.error).toMatch(/^unrolled: [^\n]+\n$/);
  expect(found.error).not.toMatch(/unexpected|\bat .*:\d+:\d+/);
}

const classify = 'train --task classify --backend cpu --data';

describe('unusable records end with status 1 and one line', () => {
  test.each<Case>([
    [
      'a missing column',
      `${classify} @reviews.csv --text words`,
      /reviews\.csv" has no column "words"\. Its header \(line 1\) names "text", "label"\./,
    ],
    ['a ragged CSV file', `${classify} @ragged.csv`, /ragged\.csv", line 3: expected 2 fields .* are 3\./],
    ['a quote that is never closed', `${classify} @open.csv`, /open\.csv", line 2: a quote .* never closed/],
    ['an empty file', `${classify} @empty.csv`, /empty\.csv" has no records/],
    [
      'a header without rows',
      `${classify} @header.csv`,
      /header\.csv" has no records: expected a header and rows/,
    ],
    ['no file', `${classify} @nowhere.csv`, /cannot read .*nowhere\.csv.*no such file/i],
    [
      'a record without a label',
      `${classify} @nolabel.csv`,
      /nolabel\.csv", line 3: the label in "label" is empty/,
    ],
    [
      'a record behind one with a line end in quotes',
      `${classify} @quoted.csv`,
      /quoted\.csv", line 4: the label in "label" is empty/,
    ],
    [
      'tokens that are none',
      'train --task tag --data @mixed.jsonl --backend cpu',
      /mixed\.jsonl", line 3: expected a list of tokens in "tokens", got 5\./,
    ],
    [
      'a record without a text',
      `${classify} @notext.csv`,
      /notext\.csv", line 3: "text" is empty, but tokens\("text"\)/,
    ],
    [
      'a JSON line without a column',
      `${classify} @bad.jsonl`,
      /bad\.jsonl", line 2 has no "label"; it has "text"\./,
    ],
    [
      'a JSON text that is none',
      `${classify} @odd.jsonl`,
      /odd\.jsonl", line 1: expected a text in "text", got 5/,
    ],
    [
      'a JSON line that is cut',
      `${classify} @broken.jsonl`,
      /broken\.jsonl", line 2: expected a JSON object/,
    ],
    [
      'a label that only the held-out part has',
      `${classify} @rare.csv --validation 0.9`,
      /The labels "[^"]+", "[^"]+" are only in the held-out part, .* --stratify or by another --seed/,
    ],
    [
      'a number that is none',
      'train --task regress --data @words.csv --inputs a --target a --backend cpu',
      /words\.csv", line 3: expected a number in the column "a", got "three"/,
    ],
    [
      'a series that is too short',
      'train --task regress --data @sensors.csv --inputs temperature --target late --window 40 --backend cpu',
      /A series of 30 steps is too short: window 40 and horizon 1 need at least 41/,
    ],
    [
      'a series without the column',
      'train --task regress --data @sensors.csv --inputs pressure --target late --backend cpu',
      /has no column "pressure"\. Its header \(line 1\) names "time", "temperature", "humidity", "late"/,
    ],
    [
      'a source without a target',
      'train --task translate --pairs @lonely.tsv --backend cpu',
      /lonely\.tsv", line 3: expected 2 fields between tabs \(source, target\), but there is 1\./,
    ],
    [
      'a target without a source',
      'train --task translate --pairs @sourceless.tsv --backend cpu',
      /sourceless\.tsv", line 2: "source" is empty/,
    ],
    ['a file in UTF-16', 'train --task translate --pairs @utf16.tsv --backend cpu', /UTF-16/],
    [
      'sentences of unequal columns',
      'train --task tag --data @ragged.conll --backend cpu',
      /ragged\.conll", line 2: expected 2 columns as in line 1, but there is 1\./,
    ],
    [
      'an IDX file that is cut short',
      'train --task classify --idx @cut.idx,@labels.idx --backend cpu',
      /cut\.idx" is truncated: 8·4·3 elements behind 16 bytes of header make 112 bytes, and it has 60/,
    ],
    [
      'images with too many labels',
      'train --task classify --idx @images.idx,@more-labels.idx --backend cpu',
      /images\.idx" has 8 images, but .*more-labels\.idx" has 10 labels/,
    ],
    [
      'features whose rows do not match their table',
      'train --task caption --features @grid.safetensors --captions @few.tsv --backend cpu',
      /the tensor "grid" \[4,2,3\] has 4 rows, but the table has 2 records/,
    ],
    [
      'features that could be two tensors',
      'train --task caption --features @two.safetensors --captions @captions.tsv --backend cpu',
      /two\.safetensors" has 2 tensors: "a", "b"\. Name the one with the features/,
    ],
    [
      'a tensor that is not there',
      'train --task caption --features @grid.safetensors --captions @captions.tsv --tensor x --backend cpu',
      /grid\.safetensors" has no tensor "x"; it has "grid"/,
    ],
    [
      'a tokenizer of another kind',
      `${classify} @reviews.csv --tokens @other.json`,
      /other\.json": .*WordPiece/,
    ],
    [
      'a tokenizer that is not JSON',
      `${classify} @reviews.csv --tokens @nojson.json`,
      /nojson\.json": .* not JSON/,
    ],
    [
      'a label that the model does not know',
      'eval --checkpoint @classify.safetensors --data @rare.csv --backend cpu',
      /rare\.csv", line 2: classes\("label"\): "x" is not among the labels negative, positive\./,
    ],
    [
      'a file without the columns of the model',
      'predict --checkpoint @classify.safetensors --data @sensors.csv --backend cpu',
      /sensors\.csv" has no column "text"\. Its header \(line 1\) names "time", "temperature"/,
    ],
    [
      'numbers that are not as many for each tag',
      'train --task tag --data @lists.jsonl --text x --backend cpu',
      /lists\.jsonl", line 1: "x" has 2 numbers for 3 tags in "tags": expected as many for each/,
    ],
    [
      'a file that would be replaced',
      `${classify} @reviews.csv --out @translate.safetensors`,
      /translate\.safetensors" holds a model after 2 steps, and train would replace it/,
    ],
    [
      'a checkpoint in the place of the attention',
      'predict --checkpoint @attends.safetensors --attention @text.safetensors --backend cpu',
      /text\.safetensors" is a checkpoint, and predict would replace it: choose another name for --attention/,
    ],
  ])('%s', async (title, words, message) => {
    if (title.includes('attention'))
      await run(
        `train --task translate --pairs @pairs.tsv --attention dot ${small} --steps 1 --out @attends.safetensors`,
      );
    await refused(1, words, message);
  });
});

describe('options that exclude each other end with status 2 and one line', () => {
  test.each<Case>([
    [
      'an option of another task',
      `${classify} @reviews.csv --window 5`,
      /--window applies only to --task regress, not to --task classify/,
    ],
    [
      'attention without a decoder',
      `${classify} @reviews.csv --attention dot`,
      /--attention applies only to --task transl/,
    ],
    [
      'a text with a task of records',
      `${classify} @reviews.csv --corpus @text.txt`,
      /--corpus: only used for texts/,
    ],
    [
      'samples of records',
      `${classify} @reviews.csv --sample-every 5`,
      /--sample-every: only used for texts, not with --task/,
    ],
    [
      'records without a task',
      'train --data @reviews.csv --label label',
      /--data, --label: only used for records\. Leave it out, or add --task classify\|tag\|regress\|translate\./,
    ],
    ['a text that is no name', 'train --text review', /--text review: expected one of/],
    [
      'no file',
      'train --task classify',
      /--task classify needs its records: add --data FILE or --idx IMAGES,LABELS/,
    ],
    [
      'features without captions',
      'train --task caption --features @grid.safetensors',
      /add --features FILE and --captions FILE/,
    ],
    [
      'series without names',
      'train --task regress --data @sensors.csv',
      /--task regress needs --inputs COLUMNS to read, and --target COLUMN to predict/,
    ],
    ['one IDX file', 'train --task classify --idx @images.idx', /expected two IDX files, IMAGES,LABELS/],
    [
      'a reading without images',
      `${classify} @reviews.csv --as rows`,
      /--as and --filters apply only to images/,
    ],
    [
      'filters of rows',
      'train --task classify --idx @images.idx,@labels.idx --as rows --filters 4 --backend cpu',
      /filters: expected none unless images are read as a whole/,
    ],
    [
      'a name without a format',
      `${classify} @records.txt`,
      /records\.txt" does not end with a known format: add --format/,
    ],
    [
      'a table of another format',
      `${classify} @ner.conll`,
      /ner\.conll" is read as conll, but must be a file with named/,
    ],
    [
      'tags in a table',
      'train --task tag --data @reviews.csv',
      /is read as csv, but tokens with tags must be CoNLL or JSON Lines/,
    ],
    [
      'tokens of another kind',
      `${classify} @reviews.csv --tokens syllables`,
      /--tokens syllables: expected characters/,
    ],
    [
      'tokens of tags',
      'train --task tag --data @ner.conll --tokens characters',
      /tokens: expected words, since the file defines the tokens/,
    ],
    [
      'small letters without words',
      `${classify} @reviews.csv --tokens characters --lowercase`,
      /lowercase: expected false unless tokens are words/,
    ],
    [
      'a window over lists',
      'train --task regress --data @lists.jsonl --inputs x --target y --window 2 --backend cpu',
      /window: expected none where every record has a list of steps of its own/,
    ],
    [
      'sizes of steps of a series',
      'train --task regress --data @sensors.csv --inputs temperature --target late --step-size 2 --backend cpu',
      /stepSize: expected none unless every record has a list of steps/,
    ],
    [
      'attention to a vector',
      'train --task caption --features @flat.safetensors --captions @captions.tsv --inject attention --backend cpu',
      /inject: expected first, every or prefix for features \[rows,F\] without places/,
    ],
    [
      'a caption in two directions',
      'train --task caption --features @grid.safetensors --captions @captions.tsv --bidirectional',
      /--bidirectional applies only to --task classify, tag, regress, translate, not to --task caption/,
    ],
    [
      'a gate of another cell',
      `${classify} @reviews.csv --reset before`,
      /--reset applies only to --cell gru, not to --cell lstm/,
    ],
    [
      'patience without validation',
      `${classify} @reviews.csv --patience 3`,
      /--patience and --stratify need --validation/,
    ],
    [
      'an output that is an input',
      `${classify} @reviews.csv --out @reviews.csv`,
      /--out .* is the same file as --data/,
    ],
    [
      'predictions of a text',
      'predict --checkpoint @text.safetensors',
      /a model of text, which does not predict records: use unrolled sample/,
    ],
    [
      'samples of a classifier',
      'sample --checkpoint @classify.safetensors',
      /a classifier, which does not continue texts: use unrolled predict/,
    ],
    [
      'lines for a regressor',
      'predict --checkpoint @regress.safetensors',
      /does not read lines of text: add --data FILE/,
    ],
    [
      'lines for images',
      'predict --checkpoint @images.safetensors',
      /does not read lines of text: add --idx IMAGES/,
    ],
    [
      'texts for images',
      'predict --checkpoint @images.safetensors --data @reviews.csv',
      /reads images: name them with --idx/,
    ],
    [
      'a beam without texts',
      'predict --checkpoint @classify.safetensors --beam 2',
      /--beam applies only to tasks that write texts/,
    ],
    [
      'an evaluation with a beam of labels',
      'eval --checkpoint @classify.safetensors --data @reviews.csv --beam 2',
      /--beam applies only to tasks that write texts, but this model was trained with --task classify/,
    ],
    [
      'attention that is not there',
      'predict --checkpoint @translate.safetensors --attention @h.json',
      /this model has no attention/,
    ],
    [
      'pairs for a classifier',
      'eval --checkpoint @classify.safetensors --pairs @pairs.tsv',
      /--pairs applies only to --task translate/,
    ],
    [
      'nothing that was held out',
      'eval --checkpoint @translate.safetensors',
      /was trained on all its records, without --validation/,
    ],
    [
      'records for a text',
      'eval --checkpoint @text.safetensors --data @reviews.csv',
      /--data: only used for records/,
    ],
    [
      'another column for a trained model',
      'eval --checkpoint @classify.safetensors --data @reviews.csv --text other',
      /--text: ".*classify\.safetensors" was trained on columns and symbols that cannot change/,
    ],
    [
      'a time of an evaluation',
      'plan --vocabulary 5 --of evaluation --measure',
      /--measure times training steps only/,
    ],
    ['a device for a plan', 'plan --vocabulary 5 --backend cpu', /--backend: only used with --measure/],
    [
      'a plan of samples',
      'plan --task classify --data @reviews.csv --of sampling',
      /--of sampling and --vocabulary apply only to texts/,
    ],
  ])('%s', (_, words, message) => refused(2, words, message));
});

test('a label with few records is named in a warning, and the run continues', async () => {
  const { status, error } = await run(`${classify} @rare.csv --steps 1 ${small}`);
  expect({ status, error }).toEqual({
    status: 0,
    error: 'unrolled: warning: The label "rare" has fewer than 3 training records.\n',
  });
});

test('a checkpoint of a program is refused: it does not store how records are read', async () => {
  const bytes = await readFile(file('classify.safetensors'));
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as { __metadata__: { unrolled: string } };
  const description = JSON.parse(header.__metadata__.unrolled) as object;
  header.__metadata__.unrolled = JSON.stringify({ ...description, extra: {} });
  const changed = Buffer.from(JSON.stringify(header).padEnd(Math.ceil(length / 8) * 8));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(changed.length));
  await writeFile(file('program.safetensors'), Buffer.concat([size, changed, bytes.subarray(8 + length)]));
  for (const verb of ['predict --checkpoint', 'eval --checkpoint', 'resume'])
    await refused(
      2,
      `${verb} @program.safetensors`,
      /is a checkpoint of a classifier that a program has trained/,
    );
});

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { command } from './support.js';

const VERBS = [
  'train',
  'resume',
  'sweep',
  'worker',
  'sample',
  'predict',
  'eval',
  'verify',
  'plan',
  'bench',
  'devices',
  'data',
];

describe('wrong usage ends with status 2 and one line that says what was expected', () => {
  const cases: [string, string[], RegExp][] = [
    [
      'an unknown option, with a suggestion',
      ['train', '--hiden', '5'],
      /unknown option '--hiden' \(Did you mean --hidden\?\)/,
    ],
    ['an unknown verb, with a suggestion', ['trian'], /unknown command 'trian' \(Did you mean train\?\)/],
    [
      'hidden 0',
      ['train', '--hidden', '0'],
      /--hidden .*'0' is invalid\. Expected a whole number of at least 1/,
    ],
    ['half a layer', ['train', '--layers', '1.5'], /Expected a whole number of at least 1/],
    [
      'a rate that is no number',
      ['train', '--rate', 'NaN'],
      /--rate .*'NaN' is invalid\. Expected a number above 0/,
    ],
    ['a negative rate', ['train', '--rate', '-0.1'], /'-0.1' is invalid\. Expected a number above 0/],
    ['a rate of 0', ['train', '--rate', '0'], /Expected a number above 0/],
    ['a hexadecimal number', ['train', '--steps', '0x10'], /Expected a whole number/],
    ['a missing argument', ['train', '--hidden'], /'--hidden <units>' argument missing/],
    [
      'a cell that is not there',
      ['train', '--cell', 'elman'],
      /'elman' is invalid\. Allowed choices are rnn, lstm, gru, mingru, minlstm\./,
    ],
    [
      'a preset that is not there',
      ['train', '--preset', 'nanogpt'],
      /Allowed choices are min-char-rnn, gluon, char-rnn, names, /,
    ],
    ['a reset gate that is nowhere', ['train', '--reset', 'never'], /Allowed choices are after, before\./],
    [
      'a reset gate of a cell without one',
      ['train', '--cell', 'lstm', '--reset', 'before'],
      /--reset applies only to --cell gru, not to --cell lstm/,
    ],
    [
      'an activation of a cell with gates',
      ['train', '--preset', 'char-rnn', '--nonlinearity', 'relu'],
      /--nonlinearity applies only to --cell rnn, not to --cell lstm/,
    ],
    [
      'all outputs dropped',
      ['train', '--dropout', '1'],
      /--dropout .*'1' is invalid\. Expected a number from 0 to below 1/,
    ],
    ['a negative share', ['train', '--recurrent-dropout', '-0.5'], /Expected a number from 0 to below 1/],
    [
      'dropout where no layer is above',
      ['train', '--dropout', '0.5'],
      /dropout: expected 0 for a single layer/,
    ],
    [
      'recurrent dropout without recurrent weights',
      ['train', '--cell', 'mingru', '--recurrent-dropout', '0.5'],
      /recurrentDropout: expected 0 for the cell mingru/,
    ],
    [
      'weights that start in a way that is not there',
      ['train', '--init', 'xavier'],
      /Expected torch, uniform:BOUND, normal:DEVIATION, glorot, orthogonal, identity, orthogonal:DEVIATION or/,
    ],
    ['a bound that is no number', ['train', '--init', 'uniform:wide'], /Expected torch, uniform:BOUND/],
    [
      'a way of starting and a deviation',
      ['train', '--init', 'glorot', '--init-std', '1'],
      /'--init-std <x>' cannot be used with option '--init <kind>'/,
    ],
    [
      'a forget bias without forget gates',
      ['train', '--cell', 'gru', '--forget-bias', '1'],
      /init\.forgetBias: expected none for the cell gru/,
    ],
    [
      'identity weights for gates',
      ['train', '--cell', 'lstm', '--init', 'identity'],
      /init\.recurrent: expected "orthogonal" for the cell lstm/,
    ],
    [
      'a language model that reads the future',
      ['train', '--bidirectional'],
      /--bidirectional: .*would already have read.*use it with a task/,
    ],
    [
      'a task that is not there',
      ['train', '--task', 'translation'],
      /Allowed choices are text, classify, tag, regress, translate, caption, copy-memory, dates, /,
    ],
    [
      'a delay of a text',
      ['train', '--delay', '5'],
      /--delay and --symbols apply only to --task copy-memory/,
    ],
    [
      'a task and a text',
      ['train', '--task', 'copy-memory', '--corpus', 'a.txt', '--prime', 'x'],
      /^unrolled: --corpus, --prime: not used by the task copy-memory/,
    ],
    [
      'no symbols to recall',
      ['train', '--task', 'copy-memory', '--symbols', '0'],
      /Expected a whole number from 1 to/,
    ],
    [
      'a backend that is not there',
      ['verify', '--backend', 'cuda'],
      /Allowed choices are auto, webgpu, chrome, cpu, reference\./,
    ],
    [
      'two texts at once',
      ['train', '--corpus', 'a.txt', '--text', 'chinese'],
      /'--text <name>' cannot be used with option '--corpus <file>'/,
    ],
    ['a validation share of 1', ['train', '--validation', '1'], /Expected a number above 0 and below 1/],
    ['patience without validation', ['train', '--patience', '3'], /need --validation/],
    ['checkpoints that go nowhere', ['train', '--checkpoint-every', '10'], /--checkpoint-every needs --out/],
    [
      'a decay that does not fit the schedule',
      ['train', '--schedule', 'cosine', '--rate-decay', '0.9'],
      /apply only to --schedule step/,
    ],
    ['no checkpoint', ['sample'], /required option '--checkpoint <file>' not specified/],
    ['too many arguments', ['resume', 'a', 'b'], /too many arguments/],
    [
      'a workload that is not there',
      ['bench', '--only', 'none'],
      /expected a part of the name of a workload/,
    ],
    ['a data set that is not there', ['data', 'get', 'none'], /tiny-shakespeare/],
  ];
  test.each(cases)('%s', async (_, args, message) => {
    const { status, out, error } = await command(args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(message);
    expect(error).toMatch(/^unrolled: [^\n]+\n$/);
  });
});

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await command(['--version'])).toEqual({ status: 0, out: `${version}\n`, error: '' });
});

describe('--help', () => {
  test('lists every verb and the exit statuses', async () => {
    const { status, out } = await command(['--help']);
    expect(status).toBe(0);
    for (const verb of VERBS) expect(out).toMatch(new RegExp(`^  ${verb} `, 'm'));
    expect(out).toContain('130 interrupted');
  });

  test.each(VERBS)('%s has examples with its own name', async (verb) => {
    const { status, out } = await command([verb, '--help']);
    expect(status).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\\n(.*\\n)*? +\\$ unrolled .*${verb}`));
  });

  test('of train lists every cell, task, preset and kind of initial weights', async () => {
    const { out } = await command(['train', '--help']);
    for (const name of [
      '"lstm"',
      '"minlstm"',
      '"copy-memory"',
      '"char-rnn"',
      'uniform:B',
      'orthogonal',
      '--recurrent-dropout',
      '--learned-state',
      '--gradient-flow',
    ])
      expect(out).toContain(name);
  });
});

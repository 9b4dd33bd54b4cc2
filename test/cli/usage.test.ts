import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { command } from './support.js';

const VERBS = ['train', 'resume', 'sample', 'eval', 'verify', 'plan', 'bench', 'devices', 'data'];

describe('wrong usage ends with status 2 and one line that says what is accepted', () => {
  const cases: [string, string[], RegExp][] = [
    ['an unknown option, with a suggestion', ['train', '--hiden', '5'], /unknown option '--hiden' \(Did you mean --hidden\?\)/],
    ['an unknown verb, with a suggestion', ['trian'], /unknown command 'trian' \(Did you mean train\?\)/],
    ['hidden 0', ['train', '--hidden', '0'], /--hidden .*'0' is invalid\. Expected a whole number of at least 1/],
    ['half a layer', ['train', '--layers', '1.5'], /Expected a whole number of at least 1/],
    ['a rate that is no number', ['train', '--rate', 'NaN'], /--rate .*'NaN' is invalid\. Expected a number above 0/],
    ['a negative rate', ['train', '--rate', '-0.1'], /'-0.1' is invalid\. Expected a number above 0/],
    ['a rate of 0', ['train', '--rate', '0'], /Expected a number above 0/],
    ['a hexadecimal number', ['train', '--steps', '0x10'], /Expected a whole number/],
    ['a missing argument', ['train', '--hidden'], /'--hidden <units>' argument missing/],
    ['a cell that is not there', ['train', '--cell', 'lstm'], /'lstm' is invalid\. Allowed choices are rnn\./],
    ['a preset that is not there', ['train', '--preset', 'char-rnn'], /Allowed choices are min-char-rnn, gluon\./],
    ['a backend that is not there', ['verify', '--backend', 'cuda'], /Allowed choices are auto, webgpu, chrome, cpu\./],
    ['two texts at once', ['train', '--corpus', 'a.txt', '--text', 'chinese'], /'--text <name>' cannot be used with option '--corpus <file>'/],
    ['a validation share of 1', ['train', '--validation', '1'], /Expected a number above 0 and below 1/],
    ['patience without validation', ['train', '--patience', '3'], /need --validation/],
    ['checkpoints that go nowhere', ['train', '--checkpoint-every', '10'], /--checkpoint-every needs --out/],
    ['a decay that does not fit the schedule', ['train', '--schedule', 'cosine', '--rate-decay', '0.9'], /belong to --schedule step/],
    ['no checkpoint', ['sample'], /required option '--checkpoint <file>' not specified/],
    ['too many arguments', ['resume', 'a', 'b'], /too many arguments/],
    ['a workload that is not there', ['bench', '--only', 'none'], /no workload has such a name/],
    ['a data set that is not there', ['data', 'get', 'none'], /tiny-shakespeare/],
  ];
  test.each(cases)('%s', async (_, args, message) => {
    const { status, out, error } = await command(args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toMatch(message);
    expect(error).toMatch(/^unrolled: [^\n]+\n$/);
  });
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(await command(['--version'])).toEqual({ status: 0, out: `${version}\n`, error: '' });
});

describe('--help', () => {
  test('lists every verb and the exit statuses', async () => {
    const { status, out } = await command(['--help']);
    expect(status).toBe(0);
    for (const verb of VERBS) expect(out).toMatch(new RegExp(`^  ${verb} `, 'm'));
    expect(out).toContain('130 interrupted');
  });

  test.each(VERBS)('%s has examples that name itself', async (verb) => {
    const { status, out } = await command([verb, '--help']);
    expect(status).toBe(0);
    expect(out).toMatch(new RegExp(`Examples:\\n(.*\\n)*? +\\$ unrolled .*${verb}`));
  });

  test('offers nothing that does not exist', async () => {
    const { out } = await command(['train', '--help']);
    expect(out).not.toMatch(/lstm|gru|dropout|"char-rnn"/i);
  });
});

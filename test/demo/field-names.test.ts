import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { answer, faultWords } from '../../demo/src/host/answers.js';
import { engineSentence, reworded } from '../../demo/src/host/engine-words.js';
import { leastCharacters } from '../../demo/src/training/least-text.js';
import { fieldOfOption } from '../../demo/src/training/option-fields.js';
import type { SampleSettings, Settings } from '../../demo/src/training/protocol.js';
import { partsOf, planOf } from '../../demo/src/training/worker/plan.js';
import { recipeEntries, RECIPES } from '../../demo/src/training/worker/recipes.js';
import { checkSampling } from '../../demo/src/training/worker/sampling.js';
import { labels } from '../../demo/src/words/en/page/labels.js';
import { wordsOf, type Part } from '../../demo/src/words/parts.js';
import { Corpus, openDevice, Trainer } from '../../src/index.js';

const source = fileURLToPath(new URL('../../', import.meta.url));
const FIRST: Settings = {
  text: { kind: 'pasted', text: 'abc' },
  preset: 'first-words',
  ...recipeEntries('first-words').settings,
  seed: 0,
  steps: '',
  backend: 'cpu',
};
const SAMPLING: SampleSettings = { prime: '', ...recipeEntries('first-words').sampling };

/** What the fields take no number for: choices and texts. */
const CHOICES = [
  'text',
  'pasted',
  'file',
  'preset',
  'cell',
  'draw',
  'optimizer',
  'schedule',
  'backend',
  'untilLearned',
  'prime',
];
/** What a field needs, so that it counts. */
const WITH: Readonly<Record<string, Partial<Settings & SampleSettings>>> = {
  rateDecay: { schedule: 'step' },
  rateDecayAfter: { schedule: 'step' },
  rateFloor: { schedule: 'cosine', steps: 9 },
  topK: { draw: 'top-k' },
};

/** Makes a network and a plan of samples, as the page does. */
async function make(changes: Partial<Settings & SampleSettings>): Promise<void> {
  const plan = planOf({ ...FIRST, ...changes });
  const text = Corpus.fromText('abc'.repeat(1000));
  const model = plan.model(text);
  partsOf(text, plan);
  checkSampling({ ...SAMPLING, ...changes });
  const device = await openDevice({ backend: 'reference' });
  await Trainer.create(model, { ...plan.options, device }).finally(() => device.dispose());
}

test.each(
  Object.keys(labels)
    .map((key) => key.replace('.label', ''))
    .filter((field) => field !== 'examples' && !CHOICES.includes(field)),
)(
  'a wrong entry of the field “%s” is told with its label, and not by the name of its option',
  async (field) => {
    const wrong = await answer(() => make({ ...WITH[field], [field]: 'many' }));
    if (wrong.ok) throw new Error(`The field ${field} takes anything.`);
    const { option = '', message } = wrong.fault;
    expect(fieldOfOption(option)).toBe(field);
    expect(message).toMatch(
      new RegExp(`^“${labels[`${field}.label` as keyof typeof labels]}” needs .*, not “many”\\.$`),
    );
  },
);

test('what a field needs because of another one is told with the label of that one', async () => {
  const needed = async (changes: Partial<Settings>): Promise<string | undefined> => {
    const answered = await answer(() => make(changes));
    return answered.ok ? undefined : answered.fault.accepted;
  };
  expect(await needed({ dropout: 0.5 })).toBe(
    '0 with one layer, since it acts between layers: 2 under “Layers”, or “Recurrent dropout” in its place',
  );
  expect(await needed({ cell: 'mingru', recurrentDropout: 0.5 })).toBe(
    '0 with this “Cell”, which has no recurrent weights',
  );
});

/**
 * Words of messages that name options. The engine has them in sentences about the numbers of the form,
 * and in others that only users of the library see.
 */
const OPTION =
  /\b(?:batch|time(?! steps?\b)|rate|hidden|dropout|recurrentDropout|clip|schedule|floor|warmup|validation|topK|backend|seed)\b/;
/** What the pages have no use for, so that nobody sees its messages there. */
const UNUSED_FOLDERS =
  /^(?:cli|bench|chrome|sweep|spread|verify|nn|io|tasks|data|recipe\/tasks|[a-z]+\/node)\/|^text\/onnx/;
/** Messages of what the pages do not do: sources, models and devices of a user's own. */
const LIBRARY = [
  /^layers\/(?:recurrent-layers|initializers|window-values)\.ts/, // layers without a trainer
  /^train\/(?:batch|source|training-batches|evaluation-measures|trainer|parameter-groups|gradient-flow)\.ts: (?!.*saved position)/,
  /^inspect\/model-inspector\.ts/, // of arrays of a user's own
  /^text\/corpus\.ts: A validation fraction/, // `partsOf` speaks before
  /^text\/synthetic\/copy-memory\.ts: ‹7›, the length of a window/, // no field asks for it
  /^device\/choose\.ts: single: only the backend reference has double/, // no field asks for it
  /^text\/language-model\.ts/,
  /^layers\/stack-options\.ts: false for a single layer/, // a page joins steps of several layers alone
  /^ops\//, // attributes of ops
];

/** All that errors and advice of a script say, with 7 in place of what they are given. */
function messagesOf(script: string): string[] {
  const said: string[] = [];
  const text = (node: ts.Node): string => {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isTemplateExpression(node))
      return node.head.text + node.templateSpans.map(({ literal }) => `‹7›${literal.text}`).join('');
    if (ts.isBinaryExpression(node)) return text(node.left) + text(node.right);
    if (ts.isParenthesizedExpression(node)) return text(node.expression);
    return '‹7›';
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText().endsWith('Error')) {
      const given = node.arguments ?? [];
      const at = node.expression.getText() === 'OptionError' ? 2 : 0;
      if (given.length > at) said.push(text(given[at]));
    } else if (ts.isReturnStatement(node) && node.expression) said.push(text(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('', script, ts.ScriptTarget.Latest, true));
  return said;
}

test('no message of the engine that the pages can show names an option', async () => {
  const words = await faultWords();
  const files = (await readdir(`${source}src`, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !UNUSED_FOLDERS.test(file),
  );
  const named: string[] = [];
  for (const file of files)
    for (const message of messagesOf(await readFile(`${source}src/${file}`, 'utf8')))
      if (OPTION.test(message) && /[a-z] [a-z]/.test(message)) named.push(`${file}: ${message}`);
  const shown = named.filter((message) => !LIBRARY.some((one) => one.test(message)));
  expect(shown.length).toBeGreaterThan(10);
  for (const records of [false, true])
    expect(
      shown.filter((message) => {
        const text = message.replace(/^[^:]*: /, '').replaceAll('‹7›', '7');
        return OPTION.test(reworded(text, words, records).message.replace(/“[^”]*”/g, ''));
      }),
    ).toEqual([]);
});

test('what the engine advises is told with labels, in both languages and for both forms', async () => {
  const [en, zh] = await Promise.all([wordsOf('faults', 'en'), wordsOf('faults', 'zh')]);
  const notFinite = 'The gradient was not finite for 3 steps in a row: lower the rate, or clip the gradient.';
  expect(engineSentence(notFinite, en)).toBe(
    'The gradient was no finite number for 3 steps in a row: lower “Learning rate”, or write 1 under “Clip norm”.',
  );
  expect(engineSentence(notFinite.replace(', or clip the gradient', ''), en)).toMatch(/“Learning rate”\.$/);
  expect(engineSentence(notFinite, zh)).toBe(
    '梯度连续 3 步不是有限的数：请降低“学习率”，或在“裁剪范数”里写 1。',
  );
  expect(engineSentence('The text has invalid bytes.', zh)).toMatch(/^计算引擎的说明（英文）：The text has/);
  const memory =
    'A tensor needs 9 GiB. Choose fewer hidden units (H), a smaller batch (N) or fewer time steps (T) (while allocating)';
  expect(reworded(memory, en, false).message).toBe(
    'A tensor needs 9 GiB. Take less under “Hidden units”, “Reads at once” or “Looks back” (while allocating)',
  );
  expect(reworded(memory, en, true).message).toBe(
    'A tensor needs 9 GiB. Take less under “Hidden units” or “Examples at once” (while allocating)',
  );
});

/** Tables with advice about the fields of the training page. */
const ADVISING: readonly Part[] = ['outlook', 'compare', 'inside', 'faults'];
/** Names of options, where a label should be. */
const UNLABELLED =
  /\b(?:lower|higher|smaller|larger|fewer|more) (?:rate|batch|time|units|layers|window)\b|\bclip norm\b/i;

test('advice of the page names fields by their labels', async () => {
  const known = new Set<string>(Object.values(labels));
  const given = Object.assign(['1'], { trim: () => '1', replace: () => '1' });
  const texts = (table: unknown): string[] => {
    if (typeof table === 'string') return [table];
    if (typeof table === 'function')
      try {
        return texts((table as (...all: unknown[]) => unknown)(given, given, given, given, given, given));
      } catch {
        return []; // it takes one of several words
      }
    return typeof table === 'object' && table !== null ? Object.values(table).flatMap(texts) : [];
  };
  const said = (await Promise.all(ADVISING.map((part) => wordsOf(part, 'en')))).flatMap(texts);
  const sentences = said.filter((text) => !known.has(text));
  expect(sentences.filter((text) => UNLABELLED.test(text.replace(/“[^”]*”/g, '')))).toEqual([]);
  const quoted = texts(await wordsOf('outlook', 'en')).flatMap((text) =>
    [...text.matchAll(/“([^”]+)”/g)].map(([, label]) => label),
  );
  expect(quoted.length).toBeGreaterThan(8);
  expect(quoted.filter((label) => !known.has(label))).toEqual([]);
});

test('the least length of a text is the least that the engine takes, and the error says the same', async () => {
  const least = async (changes: Partial<Settings>): Promise<number> => {
    const { windows } = recipeEntries(changes.preset ?? FIRST.preset);
    const settings = { ...FIRST, ...changes };
    const length = leastCharacters({ windows, ...settings });
    const plan = planOf(settings);
    const { train, held } = partsOf(Corpus.fromText('a'.repeat(length)), plan);
    const { batch, time, sampling } = plan.options;
    // The engine takes it, and with one character fewer it, or the part that is held back, is too short.
    train.loader({ ...(sampling ? { sampling } : {}), batch, time, seed: 0 });
    const short = Corpus.fromText('a'.repeat(length - 1));
    expect(() => {
      const fewer = plan.validation > 0 ? short.split(plan.validation).train : short;
      fewer.loader({ ...(sampling ? { sampling } : {}), batch, time, seed: 0 });
    }).toThrow(/too few|both parts need/);
    expect(held?.length ?? 2).toBeGreaterThanOrEqual(2);
    expect(await answer(() => partsOf(short, plan))).toMatchObject({
      ok: false,
      fault: { option: 'pasted' },
    });
    return length;
  };
  expect(await least({})).toBe(421);
  for (const preset of Object.keys(RECIPES)) await least({ preset, ...recipeEntries(preset).settings });
  for (const validation of ['', 0.3, 0.9, 0.001]) await least({ batch: 3, time: 5, validation });
  expect(leastCharacters({ windows: 'consecutive', batch: 'x', time: 5, validation: 0 })).toBeNaN();
  const { field } = await wordsOf('workbench', 'en');
  const { tooShort } = await wordsOf('faults', 'en');
  expect(tooShort('47', '421')).toContain(field.least('421').replace(/\.$/, ''));
});

import { create } from '../../page/dom.js';
import type { MakeView, Reply } from '../view.js';
import { words } from '../words.js';
import { AskField } from './ask-field.js';

/**
 * The view of a tag for each word: words with their tags below, typed ones and those of the
 * examples.
 */
export const tagsView: MakeView = ({ host, facts, ask, looked }) => {
  const answer = create('div', 'tagged-answer');
  const examples = create('div', 'tagged-examples');
  const field = new AskField(
    words.tasks[facts.task]?.typed ?? '',
    ask,
    (text) => ({ asked: { text } }),
    (reply) => {
      answer.replaceChildren(taggedOf(reply, facts.labels));
      looked({ text: field.input.value });
    },
  );
  host.append(field.element, answer, create('h3', '', words.views.examples), examples);
  return {
    show: (moment, live) => {
      examples.replaceChildren(...moment.examples.map((reply) => taggedOf(reply, facts.labels)));
      if (live && field.input.value !== '') void field.refresh();
    },
    dispose: () => field.close(),
  };
};

/** Number of colours; further tags reuse them. */
const COLOURS = 6;

/** Returns words in a row, each with its tag. A wrong tag is followed by the right one. */
function taggedOf(
  { read, tags = [], tagProbabilities = [], wantedTags }: Reply,
  labels: readonly string[],
): HTMLElement {
  const row = create('ul', 'tagged');
  const tokens = read.kind === 'tokens' ? read.tokens : [];
  for (const [i, token] of tokens.entries()) {
    const item = create('li');
    const tag = tags[i] ?? '';
    const right = wantedTags?.[i];
    const below = create('span', `tag tag-${Math.max(0, labels.indexOf(tag)) % COLOURS}`, tag);
    below.style.setProperty('--sure', String(tagProbabilities[i] ?? 1));
    item.append(create('bdi', 'token', token), below);
    if (right !== undefined && right !== null && right !== tag)
      item.append(create('span', 'wanted', `✗ ${right}`));
    row.append(item);
  }
  return row;
}

import { create } from '../../page/dom.js';
import { wholePercent } from '../../page/format.js';
import { WordBars } from '../../task-views/word-bars.js';
import type { Belief, MakeView, Reply } from '../view.js';
import { words } from '../words.js';
import { AskField } from './ask-field.js';
import { ExampleTable } from './example-table.js';

/** Most labels with a bar. */
const MOST_LABELS = 8;

/**
 * The view of a label for a text: probabilities while the visitor types, and the influence of each
 * word.
 */
export const labelView: MakeView = ({ host, facts, ask, looked }) => {
  const bars = create('dl', 'belief');
  const influence = new WordBars();
  const reading = create('ol', 'reading');
  const table = new ExampleTable();
  const field = new AskField(
    words.tasks[facts.task]?.typed ?? '',
    ask,
    (text) => ({ asked: { text }, belief: true, influence: true }),
    (reply) => {
      showBelief(bars, reply.probabilities ?? {});
      influence.show(reply);
      reading.replaceChildren(...readingOf(reply));
      looked({ text: field.input.value });
    },
  );
  host.append(
    field.element,
    create('h3', '', words.views.sure),
    bars,
    create('h3', '', words.views.moved),
    influence.element,
    create('p', 'hint', words.views.movedHint),
    create('h3', '', words.views.reading),
    reading,
    table.element,
  );
  return {
    show: ({ examples }, live) => {
      table.show(examples);
      if (live && field.input.value !== '') void field.refresh();
    },
    dispose: () => field.close(),
  };
};

/** Shows bars of the likeliest labels. */
export function showBelief(list: HTMLElement, belief: Belief): void {
  const ranked = Object.entries(belief)
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_LABELS);
  list.replaceChildren(
    ...ranked.flatMap(([label, probability]) => {
      const bar = create('meter');
      bar.value = probability;
      bar.style.setProperty('--share', String(probability));
      bar.setAttribute('aria-label', label);
      const value = create('dd');
      value.append(bar, ` ${wholePercent(probability)}`);
      return [create('dt', '', label), value];
    }),
  );
}

/** Returns the answer after each word, with its probability. */
function readingOf({ read, belief = [], text }: Reply): Node[] {
  if (read.kind !== 'text') return [];
  return wordsOf(read.text).map((word, i) => {
    const at = belief[i] ?? {};
    const share = at[text] ?? 0;
    const item = create('li');
    const bar = create('span', 'reading-bar');
    bar.style.setProperty('--share', String(share));
    item.append(create('bdi', '', word), bar, create('small', '', `${text} ${wholePercent(share)}`));
    return item;
  });
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

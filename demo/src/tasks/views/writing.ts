import { create } from '../../page/dom.js';
import type { Candidate, MakeView, Reply } from '../view.js';
import { words } from '../words.js';
import { AskField } from './ask-field.js';
import { ExampleTable } from './example-table.js';

/** Hypotheses of the search that can be chosen. */
const WIDTH = 4;

/** A text for a text: type one, see where it looks, search with a beam. */
export const writingView: MakeView = ({ host, facts, ask, change }) => {
  const answer = create('p', 'answer');
  answer.role = 'status';
  const beam = selectOf([
    ['1', words.views.beamOne],
    [String(WIDTH), words.views.beamFour],
  ]);
  beam.className = 'beam';
  const memory = selectOf([
    ['attention', words.views.attention],
    ['summary', words.views.summary],
  ]);
  memory.value = facts.attends ? 'attention' : 'summary';
  memory.className = 'memory';
  const controls = create('div', 'pair');
  controls.append(labelled(words.views.memory, memory), labelled(words.views.beam, beam));
  const found = create('ol', 'candidates');
  const foundTitle = create('h3', '', words.views.candidates);
  const table = new ExampleTable();
  const field = new AskField(
    words.tasks[facts.task]?.typed ?? '',
    ask,
    (text) => ({
      asked: { text },
      attention: facts.attends,
      ...(beam.value === '1' ? {} : { width: WIDTH }),
    }),
    show,
  );

  function show({ text, candidates = [] }: Reply): void {
    answer.replaceChildren(
      `${words.views.answer}: `,
      create('bdi', 'said', text === '' ? words.noAnswer : text),
    );
    foundTitle.hidden = found.hidden = candidates.length === 0;
    found.replaceChildren(...candidates.map(candidateOf));
  }

  foundTitle.hidden = found.hidden = true;
  beam.addEventListener('change', () => void field.refresh());
  memory.addEventListener('change', () => change(memory.value === 'attention'));
  host.append(field.element, controls, answer, foundTitle, found);
  if (!facts.attends) host.append(create('p', 'hint', words.views.noAttention));
  host.append(table.element);
  return {
    show: ({ examples }, live) => {
      table.show(examples);
      if (live && field.input.value !== '') void field.refresh();
    },
    dispose: () => field.close(),
  };
};

function selectOf(options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  const select = create('select');
  for (const [value, label] of options) select.append(new Option(label, value));
  return select;
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  const label = create('label', '', text);
  label.append(control);
  return label;
}

function candidateOf({ text, logProbability }: Candidate): HTMLElement {
  const item = create('li');
  item.append(create('bdi', '', text), create('small', '', ` ${words.shareOf(Math.exp(logProbability))}`));
  return item;
}

import { create } from '../../page/dom.js';
import { wholePercent } from '../../page/format.js';
import { AttentionPanel } from '../../task-views/attention-panel.js';
import { BeamTree } from '../../task-views/beam-tree.js';
import type { Candidate, MakeView, Reply } from '../view.js';
import { words } from '../words.js';
import { AskField } from './ask-field.js';
import { ExampleTable } from './example-table.js';
import { labelled, memoryChoice, selectOf } from './memory-choice.js';

/** Largest beam width that can be chosen. */
const WIDTH = 4;

/** The view of a text for a text: type one, see the attention, search with a beam. */
export const writingView: MakeView = ({ host, facts, ask, looked, change }) => {
  const answer = create('p', 'answer');
  answer.role = 'status';
  const beam = selectOf([
    ['1', words.views.beamOne],
    [String(WIDTH), words.views.beamFour],
  ]);
  beam.className = 'beam';
  const controls = create('div', 'pair');
  controls.append(memoryChoice(facts, change), labelled(words.views.beam, beam));
  const found = create('ol', 'candidates');
  const search = create('div', 'search');
  search.hidden = true;
  const tree = new BeamTree();
  const looks = new AttentionPanel(facts.task, (example) =>
    looked(example === undefined ? { text: field.input.value } : { example }),
  );
  const looksTitle = create('h3', '', words.views.looks);
  looksTitle.hidden = !facts.attends;
  const table = new ExampleTable();
  search.append(create('h3', '', words.views.candidates), found, tree.element);
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

  function show(reply: Reply): void {
    const { text, candidates = [], beam: steps = [] } = reply;
    answer.replaceChildren(words.views.answer, create('bdi', 'said', text === '' ? words.noAnswer : text));
    search.hidden = candidates.length === 0;
    found.replaceChildren(...candidates.map(candidateOf));
    if (steps.length > 0) tree.show(steps, jointOf(reply));
    looks.showTyped(reply);
    if (!facts.attends) looked({ text: field.input.value });
  }

  beam.addEventListener('change', () => void field.refresh());
  host.append(field.element, controls, answer, search, looksTitle, looks.element);
  if (!facts.attends) host.append(create('p', 'hint', words.views.noAttention));
  host.append(table.element);
  return {
    show: (moment, live) => {
      table.show(moment.examples);
      looks.show(moment, live);
      if (live && field.input.value !== '') void field.refresh();
    },
    dispose: () => field.close(),
  };
};

/** Returns the separator of an answer's symbols: a space between words. */
function jointOf({ candidates = [], beam = [] }: Reply): string {
  const symbols = beam.flat().filter(({ ends }) => !ends);
  const longest = Math.max(0, ...symbols.map(({ symbol }) => [...symbol].length));
  return longest > 1 && candidates.some(({ text }) => text.includes(' ')) ? ' ' : '';
}

function candidateOf({ text, logProbability }: Candidate): HTMLElement {
  const item = create('li');
  item.append(create('bdi', '', text), create('small', '', ` ${wholePercent(Math.exp(logProbability))}`));
  return item;
}

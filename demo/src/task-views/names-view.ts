import { create } from '../page/dom.js';
import type { Candidate, MakeView, Moment, Reply } from '../tasks/view.js';
import { BeamTree } from './beam-tree.js';
import { ClassControls } from './class-controls.js';
import { LatestQuestion } from './latest-question.js';
import { percent } from './words.js';
import { texts } from './texts.js';

/** Number of names written at once, and of hypotheses of the tree. */
const COUNT = 8;
const WIDTH = 4;
const LETTER_MS = 60;

/**
 * The view of names of a class: drawn again at every moment, and the expected letters as a tree.
 */
export const namesView: MakeView = ({ host, facts, ask, looked }) => {
  let [live, seed] = [false, 0];
  let timer: ReturnType<typeof setInterval> | undefined;
  const list = create('ul', 'drawn-names');
  list.ariaLabel = texts.names.list;
  const words = create('p', 'hint');
  const tree = new BeamTree();
  const heading = create('h3', '', texts.names.letters);
  const samples = create('div', 'class-samples');
  const controls = new ClassControls(texts.names.of, facts.labels, texts.names.others, (_, next) => {
    seed = next;
    drawn.change();
    searched.change();
    question();
  });
  const fail = (message: string): void => void (words.textContent = message);
  const drawn = new LatestQuestion<Reply>((reply) => write(reply.drawn ?? []), fail);
  const searched = new LatestQuestion<Reply>(({ beam = [] }) => tree.show(beam, ''), fail);
  host.append(controls.element, list, words, samples, heading, tree.element);

  /** The names grow letter by letter, unless the visitor prefers reduced motion. */
  function write(candidates: readonly Candidate[]): void {
    clearInterval(timer);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const longest = Math.max(0, ...candidates.map(({ text }) => text.length));
    let letters = still || list.childElementCount > 0 ? longest : 1;
    const show = (): void =>
      list.replaceChildren(
        ...candidates.map(({ text, logProbability }) => {
          const item = create('li', '', text.slice(0, letters));
          item.append(' ', create('span', 'score', percent(Math.exp(logProbability))));
          return item;
        }),
      );
    show();
    words.textContent = texts.names.likely;
    timer = setInterval(() => {
      if (letters++ < longest) show();
      else clearInterval(timer);
    }, LETTER_MS);
  }

  function question(): void {
    if (!live) return;
    const { class: name, temperature } = controls.wish;
    const asked = { class: name };
    looked(asked);
    void drawn.from(() => ask({ asked, draw: { count: COUNT, temperature, seed } }));
    void searched.from(() => ask({ asked, width: WIDTH }));
  }

  return {
    show({ examples }: Moment, isLive: boolean) {
      live = isLive;
      samples.replaceChildren(...examples.map(sampleOf));
      question();
    },
    dispose() {
      live = false;
      drawn.change();
      searched.change();
      clearInterval(timer);
    },
  };
};

/** Shows the names drawn for one class at a moment. */
function sampleOf({ read, drawn = [] }: Reply): HTMLElement {
  const box = create('p', 'class-sample');
  box.append(
    create('strong', '', read.kind === 'class' ? read.name : ''),
    ` ${drawn.map(({ text }) => text).join(', ')}`,
  );
  return box;
}

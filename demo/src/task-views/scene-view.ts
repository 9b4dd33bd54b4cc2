import { svg } from '../drawing/svg.js';
import { create } from '../page/dom.js';
import type { Attention, MakeView, Memory, Moment, PictureGiven, Reply } from '../tasks/view.js';
import { alignmentOf, scoreOf } from './alignment.js';
import { words as page } from '../tasks/words.js';
import { Choice } from './choice.js';
import { ExamplePicker } from './example-picker.js';
import { paint } from './pixels.js';
import { Stepper } from './stepper.js';
import { percent, shown } from './words.js';
import { texts } from './texts.js';

/** Opacity of the shadow over places without attention. */
const DIMMEST = 0.4;

/**
 * Describes where the network attends for a word. @param place of the object that the word names
 */
export function placeWords(
  { output, weights, source }: Attention,
  word: number,
  place?: number | null,
): string {
  const row = weights[word] as readonly number[] | undefined;
  if (!row) return '';
  const said = texts.scene;
  const side = Math.round(Math.sqrt(source.length));
  const name = (p: number): string => said.place(Math.floor(p / side) + 1, (p % side) + 1);
  const best = row.indexOf(Math.max(...row));
  const where = said.looks(shown(output[word]), name(best), percent(row[best]));
  if (place === undefined || place === null) return `${where}${texts.stop}`;
  return where + (best === place ? said.there : said.elsewhere(name(place)));
}

/**
 * The view of a picture and its sentence, word by word, with the attention of each over the
 * picture.
 */
export const sceneView: MakeView = ({ host, facts, change, looked }) => {
  let replies: readonly Reply[] = [];
  let word = 0;
  const canvas = create('canvas', 'pixels');
  canvas.ariaHidden = 'true';
  const places = svg('svg', { class: 'places', 'aria-hidden': 'true' });
  const picture = create('div', 'scene-picture');
  picture.append(canvas, places);
  const stepper = new Stepper(texts.scene.steps, (to) => {
    word = to;
    draw();
  });
  stepper.element.classList.add('sentence');
  const words = create('p', 'hint');
  const wanted = create('p', 'hint');
  const score = create('p', 'hint score');
  const picker = new ExamplePicker(() => {
    word = 0;
    draw();
  });
  const side = create('div', 'scene-side');
  side.append(stepper.element, words, wanted, score);
  const both = create('div', 'scene-view');
  both.append(picture, side);
  host.append(givenChoice(facts.given ?? 'attention', change).element, picker.element, both);

  function draw(): void {
    const reply = replies[picker.current] as Reply | undefined;
    if (reply?.read.kind !== 'picture') return;
    looked({ example: picker.current });
    paint(canvas, reply.read);
    const { attention } = reply;
    const written = attention?.output ?? reply.text.split(' ').filter((each) => each !== '');
    word = Math.max(0, Math.min(word, written.length - 1));
    stepper.element.replaceChildren(
      ...written.map((each, t) => {
        const box = create('span', t === word ? 'word current' : 'word', shown(each));
        box.dataset.step = String(t);
        return box;
      }),
    );
    const own = reply.right === true ? reply.wantedPlaces?.[word] : undefined;
    const text = attention ? placeWords(attention, word, own) : texts.scene.whole;
    words.textContent = text;
    wanted.textContent =
      reply.wanted === undefined
        ? ''
        : reply.right === true
          ? texts.scene.right
          : texts.scene.wanted(reply.wanted);
    stepper.show({
      count: written.length,
      current: word,
      text: texts.scene.word(shown(written[word] ?? ''), text),
    });
    drawPlaces(attention, own);
    const alignment = reply.right === true ? alignmentOf(facts.task, reply) : undefined;
    const found = attention && alignment && scoreOf(attention, alignment);
    score.hidden = !found;
    if (found) score.textContent = texts.scene.score(percent(found.share));
  }

  /** Places without attention are dim, not so dark that nobody sees what is described. */
  function drawPlaces(attention: Attention | undefined, place: number | null | undefined): void {
    const row = attention?.weights[word];
    if (!row) {
      places.replaceChildren();
      return;
    }
    const side = Math.round(Math.sqrt(row.length));
    const most = Math.max(...row);
    places.setAttribute('viewBox', `0 0 ${side} ${side}`);
    places.replaceChildren(
      ...row.map((weight, p) =>
        svg('rect', {
          ...{ x: p % side, y: Math.floor(p / side), width: 1, height: 1 },
          class: 'dark',
          'fill-opacity': (DIMMEST * (1 - weight / most)).toFixed(3),
        }),
      ),
      frameOf(row.indexOf(most), 0.02, 'seen'),
      ...(place === undefined || place === null ? [] : [frameOf(place, 0.06, 'named')]),
    );

    function frameOf(at: number, inset: number, name: string): SVGElement {
      const [x, y] = [(at % side) + inset, Math.floor(at / side) + inset];
      return svg('rect', { x, y, width: 1 - 2 * inset, height: 1 - 2 * inset, class: name });
    }
  }

  return {
    show({ examples }: Moment) {
      replies = examples;
      picker.show(
        examples.map(({ right }, i) => {
          const name = texts.scene.example(i + 1);
          return right === false ? texts.stillWrong(name) : name;
        }),
      );
      draw();
    },
    dispose: () => undefined,
  };
};

/** Switches to a network that gets the picture in another way. */
function givenChoice(given: PictureGiven, change: (memory: Memory) => void): Choice<PictureGiven> {
  const { givenFirst: first, givenEvery: every, givenAttention: attention } = page.views;
  return new Choice(page.views.given, { first, every, attention }, given, (chosen) =>
    change(chosen === 'every' ? 'summary' : chosen),
  );
}

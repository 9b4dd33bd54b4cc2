import { create } from '../page/dom.js';
import type { MakeView, Moment, Reply } from '../tasks/view.js';
import { ExamplePicker } from './example-picker.js';
import { paint, type Pixels } from './pixels.js';
import { Player } from './player.js';
import { Stepper } from './stepper.js';
import { percent } from './words.js';
import { texts } from './texts.js';

const FRAME_MS = 400;
const SIGNS: Readonly<Record<string, string>> = { left: '←', right: '→', up: '↑', down: '↓', rest: '●' };

/** Returns a tag with its symbol, if it has one. */
function signed(tag: string): string {
  return SIGNS[tag] ? `${SIGNS[tag]} ${named(tag)}` : tag;
}

/** Returns a tag in the language of the page, if it is one of the film's. */
function named(tag: string): string {
  const { labels } = texts.film;
  return Object.hasOwn(labels, tag) ? labels[tag] : tag;
}

/** Describes one frame: the network's answer and the right one. */
export function frameWords({ tags = [], tagProbabilities = [], wantedTags }: Reply, frame: number): string {
  const sure = tagProbabilities[frame] as number | undefined;
  const { says, nothing, right: isRight, wrong } = texts.film;
  const tag = tags.at(frame);
  const guess = says(
    frame + 1,
    tag === undefined ? nothing : named(tag),
    sure === undefined ? undefined : percent(sure),
  );
  const right = wantedTags?.[frame];
  if (right === undefined || right === null) return `${guess}${texts.stop}`;
  return `${guess}${right === tag ? isRight : wrong(named(right))}${texts.stop}`;
}

/** Returns the frame of a film. */
export function frameOf({ read }: Reply, frame: number): Pixels | undefined {
  if (read.kind !== 'film') return undefined;
  const { rows, columns, pixels } = read;
  const size = rows * columns;
  return { rows, columns, channels: 1, pixels: pixels.subarray(frame * size, (frame + 1) * size) };
}

/** The view of a film: frame by frame, with the label of each and the network's answer. */
export const filmView: MakeView = ({ host, looked }) => {
  let replies: readonly Reply[] = [];
  let frame = 0;
  const large = create('canvas', 'pixels large');
  const words = create('p', 'hint');
  const legend = create('p', 'hint', texts.film.legend);
  const picker = new ExamplePicker(() => {
    frame = 0;
    draw();
  });
  const stepper = new Stepper(texts.film.steps, go);
  stepper.element.classList.add('frames');
  const player = new Player(
    texts.film.player,
    () => {
      const { length } = replies[picker.current]?.tags ?? [];
      go(frame + 1 < length ? frame + 1 : 0);
      return frame + 1 < length;
    },
    FRAME_MS,
  );
  large.ariaHidden = 'true';
  const side = create('div', 'film-side');
  side.append(large, player.element);
  const columns = create('div', 'film');
  columns.append(side, stepper.element);
  host.append(picker.element, columns, words, legend);

  function go(to: number): void {
    frame = to;
    draw();
  }

  function draw(): void {
    const reply = replies[picker.current] as Reply | undefined;
    const { tags = [], wantedTags = [] } = reply ?? {};
    if (!reply) return;
    looked({ example: picker.current });
    const shown = frameOf(reply, frame);
    if (shown) paint(large, shown);
    stepper.element.replaceChildren(
      ...tags.map((tag, t) => {
        const right = wantedTags[t] ?? tag;
        const cell = create('span', `frame${t === frame ? ' current' : ''}${right === tag ? '' : ' wrong'}`);
        const canvas = create('canvas', 'pixels');
        const own = frameOf(reply, t);
        if (own) paint(canvas, own);
        cell.dataset.step = String(t);
        cell.append(canvas, create('span', 'truth', signed(right)), create('span', 'guess', signed(tag)));
        return cell;
      }),
    );
    const text = frameWords(reply, frame);
    words.textContent = text;
    stepper.show({ count: tags.length, current: frame, text });
  }

  return {
    show({ examples }: Moment) {
      replies = examples;
      picker.show(
        examples.map(({ right }, i) => {
          const name = texts.film.example(i + 1);
          return right === false ? texts.film.notAllRight(name) : name;
        }),
      );
      draw();
    },
    dispose: () => player.stop(),
  };
};

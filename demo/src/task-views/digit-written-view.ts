import { create } from '../page/dom.js';
import type { MakeView, Moment, Reply } from '../tasks/view.js';
import { ClassControls } from './class-controls.js';
import { LatestQuestion } from './latest-question.js';
import { paint, type Pixels } from './pixels.js';
import { Player } from './player.js';
import { Stepper } from './stepper.js';
import { texts } from './texts.js';

const PIXEL_MS = 60;

/** Returns the picture of a text with one symbol per pixel; missing symbols are black. */
export function pictureOf(text: string, width: number): Pixels {
  const rows = Math.max(1, Math.ceil(text.length / width));
  const pixels = new Float32Array(rows * width);
  for (let i = 0; i < text.length; i++) pixels[i] = text[i] === '#' ? 1 : 0;
  return { rows, columns: width, channels: 1, pixels };
}

/** The view of digits written pixel by pixel: one that grows, and samples of every class. */
export const digitWrittenView: MakeView = ({ host, facts, ask, looked }) => {
  const width = facts.width ?? 1;
  let [text, done, live, seed] = ['', Infinity, false, 0];
  const canvas = create('canvas', 'pixels large');
  canvas.ariaHidden = 'true';
  const stepper = new Stepper(texts.pixels.steps, (to) => go(to));
  stepper.element.append(canvas);
  const words = create('p', 'hint');
  const samples = create('div', 'digit-samples');
  const answered = new LatestQuestion<Reply>(
    (reply) => {
      text = reply.text;
      draw();
    },
    (message) => (words.textContent = message),
  );
  const controls = new ClassControls(texts.pixels.write, facts.labels, texts.pixels.another, (_, next) => {
    seed = next;
    answered.change();
    question();
  });
  const player = new Player(
    texts.pixels.player,
    () => {
      go(done + 1 < text.length ? done + 1 : 0);
      return done + 1 < text.length;
    },
    PIXEL_MS,
  );
  const side = create('div', 'film-side');
  side.append(stepper.element, player.element);
  const both = create('div', 'digit-view');
  both.append(side, samples);
  host.append(controls.element, both, words);

  function go(to: number): void {
    done = to;
    draw();
  }

  function question(): void {
    if (!live) return;
    const { class: name, temperature } = controls.wish;
    const draw = { count: 1, temperature, seed };
    looked({ class: name });
    void answered.from(() => ask({ asked: { class: name }, draw }));
  }

  function draw(): void {
    const written = Math.min(text.length, done + 1);
    const picture = pictureOf(text, width);
    paint(canvas, { ...picture, pixels: picture.pixels }, written);
    const row = Math.floor(Math.max(0, written - 1) / width) + 1;
    const said = texts.pixels.progress(written, text.length, row, picture.rows);
    words.textContent = said;
    stepper.show({ count: text.length, current: Math.max(0, written - 1), text: said });
  }

  return {
    show({ examples }: Moment, isLive: boolean) {
      live = isLive;
      samples.replaceChildren(...examples.map((reply) => sampleOf(reply, width)));
      question();
    },
    dispose() {
      answered.change();
      player.stop();
    },
  };
};

/** Shows the digits drawn for one class at a moment. */
function sampleOf({ read, drawn = [] }: Reply, width: number): HTMLElement {
  const row = create('p', 'digit-sample');
  row.append(
    create('strong', '', read.kind === 'class' ? read.name : ''),
    ...drawn.map(({ text }) => {
      const canvas = create('canvas', 'pixels');
      canvas.ariaHidden = 'true';
      paint(canvas, pictureOf(text, width));
      return canvas;
    }),
  );
  return row;
}

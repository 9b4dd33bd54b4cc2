import { create } from '../page/dom.js';
import type { Belief, MakeView, Moment, Reply } from '../tasks/view.js';
import { Bars } from './bars.js';
import { ExamplePicker } from './example-picker.js';
import { LatestQuestion } from './latest-question.js';
import { paint } from './pixels.js';
import { Player } from './player.js';
import { Stepper } from './stepper.js';
import { percent, ranked } from './words.js';
import { texts } from './texts.js';

const ROW_MS = 500;

/** Describes the probabilities after some rows. */
export function beliefWords(belief: Belief, rows: number, of: number): string {
  const [[first, share] = ['', 0], second] = ranked(belief);
  const { belief: sentence, or } = texts.rows;
  const next = second && second[1] >= 0.1 ? or(second[0], percent(second[1])) : '';
  return sentence(rows, of, first, percent(share), next);
}

/** The view of a digit read row by row, with the probabilities after each row. */
export const digitRowsView: MakeView = ({ host, facts, ask, looked }) => {
  let replies: readonly Reply[] = [];
  let [row, live] = [Infinity, false];
  let beliefs: readonly Belief[] = [];
  const canvas = create('canvas', 'pixels large');
  canvas.ariaHidden = 'true';
  const stepper = new Stepper(texts.rows.steps, (to) => go(to));
  stepper.element.append(canvas);
  const bars = new Bars(texts.rows.bars);
  const words = create('p', 'hint');
  const answered = new LatestQuestion<Reply>(
    (reply) => {
      beliefs = reply.belief ?? [];
      draw();
    },
    (message) => (words.textContent = message),
  );
  const picker = new ExamplePicker(() => {
    beliefs = [];
    answered.change();
    draw();
    question();
  });
  const player = new Player(
    texts.rows.player,
    () => {
      const { length } = beliefs;
      go(row + 1 < length ? row + 1 : 0);
      return row + 1 < length;
    },
    ROW_MS,
  );
  const side = create('div', 'film-side');
  side.append(stepper.element, player.element);
  const both = create('div', 'digit-view');
  both.append(side, bars.element);
  host.append(picker.element, both, words);

  function go(to: number): void {
    row = to;
    draw();
  }

  /**
   * The probabilities after each row come from the current weights, so an earlier moment has only
   * the final ones.
   */
  function question(): void {
    if (live) void answered.from(() => ask({ asked: { example: picker.current }, belief: true }));
  }

  function draw(): void {
    const reply = replies[picker.current] as Reply | undefined;
    if (reply?.read.kind !== 'picture') return;
    looked({ example: picker.current });
    const { read } = reply;
    const last = Math.min(row, read.rows - 1);
    paint(canvas, read, (last + 1) * read.columns);
    const belief = (beliefs[last] as Belief | undefined) ?? reply.probabilities ?? {};
    const seen = beliefs.length > 0 ? last + 1 : read.rows;
    if (beliefs.length === 0) paint(canvas, read);
    bars.show(facts.labels.map((name) => ({ name, value: belief[name] ?? 0, right: name === reply.wanted })));
    const text = beliefWords(belief, seen, read.rows);
    words.textContent = text;
    stepper.show({ count: read.rows, current: seen - 1, text });
  }

  return {
    show({ examples }: Moment, isLive: boolean) {
      replies = examples;
      live = isLive;
      picker.show(
        examples.map(({ wanted, right }) => {
          const name = texts.rows.example(wanted ?? '?');
          return right === false ? texts.stillWrong(name) : name;
        }),
      );
      if (!live) {
        beliefs = [];
        answered.change();
      }
      draw();
      question();
    },
    dispose() {
      answered.change();
      player.stop();
    },
  };
};

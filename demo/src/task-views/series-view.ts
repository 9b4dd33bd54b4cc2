import { svg } from '../drawing/svg.js';
import { create } from '../page/dom.js';
import type { MakeView, Moment, Reply } from '../tasks/view.js';
import { errorsOf, pointsOf, scaleOf, yOf } from './series-layout.js';
import { Stepper } from './stepper.js';
import { texts } from './texts.js';

const [WIDTH, HEIGHT, SMALL] = [640, 180, 54];

function tenths(value: number): string {
  return value.toFixed(1).replace('-', '−');
}

/** Describes one prediction in words. */
export function seriesWords({ value, wantedValue }: Reply, at: number): string {
  if (value === undefined) return texts.series.nothing(at + 1);
  const { says, was } = texts.series;
  const off =
    wantedValue === undefined ? '' : was(tenths(wantedValue), tenths(Math.abs(value - wantedValue)));
  return `${says(at + 1, tenths(value))}${off}${texts.stop}`;
}

/**
 * The view of predictions beside the truth, hour by hour, and the hours of all series that one
 * prediction is based on.
 */
export const seriesView: MakeView = ({ host, looked }) => {
  let replies: readonly Reply[] = [];
  let current = 0;
  const stepper = new Stepper(texts.series.steps, (to) => {
    current = to;
    draw();
  });
  const legend = create('p', 'series-legend');
  legend.append(
    create('span', 'key truth', texts.series.truth),
    ' ',
    create('span', 'key guess', texts.series.guess),
  );
  const ends = create('span', 'hint');
  legend.append(' ', ends);
  const words = create('p', 'hint');
  const error = create('p', 'hint score');
  const inputs = create('div', 'series-inputs');
  inputs.role = 'group';
  inputs.ariaLabel = texts.series.read;
  host.append(legend, stepper.element, words, error, create('h3', '', texts.series.readTitle), inputs);

  function draw(): void {
    const pairs = replies.flatMap(({ value, wantedValue }) =>
      value === undefined || wantedValue === undefined ? [] : [{ value, truth: wantedValue }],
    );
    if (pairs.length === 0) return;
    current = Math.min(current, pairs.length - 1);
    const scale = scaleOf(pairs.flatMap(({ value, truth }) => [value, truth]));
    ends.textContent = texts.series.scale(tenths(scale.least), tenths(scale.most));
    const box = { width: WIDTH, height: HEIGHT };
    const step = WIDTH / Math.max(1, pairs.length - 1);
    const picture = pictureOf(WIDTH, HEIGHT, 'series-picture');
    picture.append(
      svg('line', { x1: current * step, x2: current * step, y1: 0, y2: HEIGHT, class: 'now' }),
      svg('polyline', {
        points: pointsOf(
          pairs.map(({ truth }) => truth),
          scale,
          box,
        ),
        class: 'truth',
      }),
      svg('polyline', {
        points: pointsOf(
          pairs.map(({ value }) => value),
          scale,
          box,
        ),
        class: 'guess',
      }),
      ...pairs.map((_, i) =>
        svg('rect', {
          ...{ x: (i - 0.5) * step, y: 0, width: step, height: HEIGHT },
          class: 'hour',
          'data-step': i,
        }),
      ),
      svg('circle', {
        cx: current * step,
        cy: yOf(pairs[current].value, scale, HEIGHT),
        r: 5,
        class: 'guess',
      }),
    );
    stepper.element.replaceChildren(picture);
    const text = seriesWords(replies[current], current);
    words.textContent = text;
    stepper.show({ count: pairs.length, current, text });
    const { error: off, guessing } = errorsOf(pairs);
    error.textContent = texts.series.error(pairs.length, tenths(off), tenths(guessing));
    drawInputs(replies[current]);
    looked({ example: current });
  }

  function drawInputs({ read }: Reply): void {
    if (read.kind !== 'series') return;
    inputs.replaceChildren(
      ...read.names.map((name, i) => {
        const values = read.values[i];
        const scale = scaleOf(values);
        const picture = pictureOf(WIDTH, SMALL, 'series-input');
        const last = values[values.length - 1];
        picture.append(
          svg('polyline', {
            points: pointsOf(values, scale, { width: WIDTH, height: SMALL }),
            class: 'truth',
          }),
        );
        const row = create('p', 'series-row');
        row.append(create('span', 'name', texts.series.now(name, tenths(last))), picture);
        return row;
      }),
    );
  }

  return {
    show({ examples }: Moment) {
      replies = examples;
      draw();
    },
    dispose: () => undefined,
  };
};

/** Makes a picture as wide as its place. */
function pictureOf(width: number, height: number, name: string): SVGElement {
  return svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    class: name,
    'aria-hidden': 'true',
  });
}

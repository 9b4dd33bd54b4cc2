import type { TrialRecord } from '../../../src/sweep/index.js';
import { svg } from '../drawing/svg.js';
import { dotOf, pathOf, Plot } from './plot.js';
import { valueOf, type Sweep } from './record.js';
import { numberScale, optionScale, type Scale } from './scale.js';
import type { SweepWords } from './words.js';

const SIDE = 14;
const ROW = 46;

/**
 * Parallel coordinates: one axis for each option and one for the objective. The axes are
 * horizontal, one below the other, so that names fit on a phone. Each trial is a line across them.
 */
export function parallel(sweep: Sweep, width: number, words: SweepWords): Plot {
  const { trials, options, spec } = sweep;
  const axes: {
    readonly name: string;
    readonly scale: Scale;
    readonly of: (trial: TrialRecord) => number;
  }[] = [
    ...options.map((name) => {
      const scale = optionScale(trials.map(({ point }) => point[name]));
      return { name, scale, of: ({ point }: TrialRecord) => scale.place(point[name]) };
    }),
    (() => {
      const scale = numberScale(trials.map(valueOf));
      return { name: spec.objective.name, scale, of: (trial: TrialRecord) => scale.place(valueOf(trial)) };
    })(),
  ];
  const plot = new Plot(width, axes.length * ROW + 8, words.parallelLabel(trials.length, options.join(', ')));
  const across = (place: number): number => SIDE + place * (width - 2 * SIDE);
  const down = (i: number): number => i * ROW + 24;
  axes.forEach(({ scale }, i) => {
    plot.add(svg('path', { class: 'axis', d: `M${SIDE} ${down(i)}H${width - SIDE}` }));
    for (const { place } of scale.ticks)
      plot.add(svg('path', { class: 'axis', d: `M${across(place)} ${down(i) - 3}v6` }));
  });
  const shape = (trial: TrialRecord): string =>
    pathOf(axes.map(({ of }, i) => [across(of(trial)), down(i)] as const));
  plot.draw(trials, shape, 'line');
  axes.forEach(({ name, scale, of }, i) => {
    plot.text(SIDE, down(i) - 8, name, 'start', 'axis-name');
    ticks(plot, scale, across, down(i) + 15);
    for (const trial of trials) plot.hit(across(of(trial)), down(i), trial);
  });
  return plot;
}

/** The objective over the steps, one line for each trial. */
export function curves({ trials, spec }: Sweep, width: number, words: SweepWords): Plot {
  const height = 240;
  const [left, top, right, bottom] = [50, 14, width - SIDE, height - 34];
  const all = trials.flatMap(({ values }) => [...values]);
  const steps = numberScale([0, ...all.map(([step]) => step)]);
  const heights = numberScale(all.map(([, value]) => value));
  const plot = new Plot(width, height, words.curvesLabel(trials.length, spec.objective.measure));
  const across = (place: number): number => left + place * (right - left);
  const down = (place: number): number => bottom - place * (bottom - top);
  plot.add(svg('path', { class: 'axis', d: `M${left} ${top}V${bottom}H${right}` }));
  const places = ({ values }: TrialRecord): [number, number][] =>
    [...values].map(([step, value]) => [across(steps.place(step)), down(heights.place(value))]);
  plot.draw(trials, (trial) => pathOf(places(trial)), 'line');
  for (const trial of trials) for (const [x, y] of places(trial)) plot.hit(x, y, trial);
  for (const { place, label } of heights.ticks) plot.text(left - 6, down(place) + 4, label, 'end');
  ticks(plot, steps, across, bottom + 16);
  plot.text(right, height - 4, words.steps, 'end', 'axis-name');
  return plot;
}

/** The effect of one option: the objective above and the seconds below, one dot for each trial. */
export function question(sweep: Sweep, option: string, width: number, words: SweepWords): Plot {
  const { spec } = sweep;
  const trials = sweep.trials.filter(({ state }) => state === 'complete');
  const half = 110;
  const plot = new Plot(width, 2 * half + 24, words.questionLabel(option, spec.objective.name));
  const [left, right] = [50, width - SIDE];
  const scale = optionScale(trials.map(({ point }) => point[option]));
  const across = (place: number): number => left + place * (right - left);
  const parts = [
    { name: spec.objective.name, of: valueOf },
    { name: words.seconds, of: ({ seconds }: TrialRecord) => seconds },
  ].map(({ name, of }, i) => {
    const heights = numberScale(trials.map(of));
    const [top, bottom] = [i * half + 20, (i + 1) * half - 6];
    const down = (trial: TrialRecord): number => bottom - heights.place(of(trial)) * (bottom - top);
    plot.add(svg('path', { class: 'axis', d: `M${left} ${top}V${bottom}H${right}` }));
    plot.text(left, top - 7, name, 'start', 'axis-name');
    for (const { place, label } of heights.ticks)
      plot.text(left - 6, bottom - place * (bottom - top) + 4, label, 'end');
    return down;
  });
  const place = ({ point }: TrialRecord): number => across(scale.place(point[option]));
  plot.draw(trials, (trial) => parts.map((down) => dotOf(place(trial), down(trial))).join(''), 'dot');
  for (const trial of trials) for (const down of parts) plot.hit(place(trial), down(trial), trial);
  ticks(plot, scale, across, 2 * half + 10);
  plot.text(right, 2 * half + 22, option, 'end', 'axis-name');
  return plot;
}

/** Width of a label in pixels: a label that would overlap another is left out. */
const LABEL = 48;

/** Labels at the ends of an axis stay within the drawing. */
function ticks(plot: Plot, scale: Scale, across: (place: number) => number, y: number): void {
  let last = -Infinity;
  for (const { place, label } of scale.ticks) {
    if (across(place) - last < LABEL) continue;
    last = across(place);
    const anchor = place < 0.05 ? 'start' : place > 0.95 ? 'end' : 'middle';
    plot.text(across(place), y, label, anchor);
  }
}

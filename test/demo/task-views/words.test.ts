import { describe, expect, test } from 'vitest';
import { beliefWords } from '../../../demo/src/task-views/digit-rows-view.js';
import { pictureOf } from '../../../demo/src/task-views/digit-written-view.js';
import { frameOf, frameWords } from '../../../demo/src/task-views/film-view.js';
import { LatestQuestion } from '../../../demo/src/task-views/latest-question.js';
import { bytesOf } from '../../../demo/src/task-views/pixels.js';
import { placeWords } from '../../../demo/src/task-views/scene-view.js';
import { errorsOf, pointsOf, scaleOf } from '../../../demo/src/task-views/series-layout.js';
import { seriesWords } from '../../../demo/src/task-views/series-view.js';
import { influenceWords } from '../../../demo/src/task-views/word-bars.js';
import { texts } from '../../../demo/src/task-views/texts.js';
import { percent } from '../../../demo/src/task-views/words.js';
import type { Answer } from '../../../demo/src/host/messages.js';
import type { Reply } from '../../../demo/src/tasks/view.js';

describe('what views say', () => {
  test('shares are whole percents, and what is not nothing is not 0', () => {
    expect([0, 0.0004, 0.004, 0.126, 1, NaN].map(percent)).toEqual([
      ...['0 %', '<0.1 %', '0.4 %', '13 %', '100 %', '–'],
    ]);
    expect(texts.listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(texts.listed([])).toBe('');
  });

  test('a film: what it says of a frame, and what is right', () => {
    const film: Reply = {
      read: { kind: 'film', frames: 2, rows: 1, columns: 2, pixels: Float32Array.of(0, 1, 1, 0) },
      ...{ text: 'left up', tags: ['left', 'up'], tagProbabilities: [0.9, 0.4] },
      wantedTags: ['left', 'down'],
    };
    expect(frameWords(film, 0)).toBe('Frame 1: it says “left” (90 %), which is true.');
    expect(frameWords(film, 1)).toBe('Frame 2: it says “up” (40 %), but “down” is true.');
    expect([...(frameOf(film, 1)?.pixels as Float32Array)]).toEqual([1, 0]);
  });

  test('a scene: where it looks, and whether the thing is there', () => {
    const attention = {
      source: Array.from('012345678'),
      output: ['red'],
      weights: [[0, 0, 0, 0, 0.1, 0.9, 0, 0, 0]],
    };
    const where = 'For “red” it looks most at row 2, column 3 (90 %)';
    expect(placeWords(attention, 0)).toBe(`${where}.`);
    expect(placeWords(attention, 0, 5)).toBe(`${where}, where the thing stands that this word names.`);
    expect(placeWords(attention, 0, 0)).toBe(
      `${where}; the thing that belongs here stands in row 1, column 1.`,
    );
    expect(placeWords(attention, 1)).toBe('');
  });

  test('a digit: what it believes after some rows', () => {
    expect(beliefWords({ 1: 0.2, 7: 0.75, 3: 0.05 }, 4, 9)).toBe(
      'After 4 of 9 rows it believes 7 (75 %), or 1 (20 %).',
    );
    expect(beliefWords({ 1: 0.02, 7: 0.98 }, 9, 9)).toBe('After 9 of 9 rows it believes 7 (98 %).');
  });

  test('a series, and the word that moved an answer most', () => {
    const reply: Reply = { read: { kind: 'class', name: '' }, text: '', value: -1.24, wantedValue: 0.5 };
    expect(seriesWords(reply, 2)).toBe('Hour 3: it says −1.2, it was 0.5: 1.7 off.');
    expect(influenceWords({ ...reply, text: 'good', influence: [0.1, -0.4] }, ['not', 'bad'])).toBe(
      '“bad” moves the answer most: without it, “good” would be 40 % more likely.',
    );
    expect(influenceWords({ ...reply, influence: [] }, ['bad'])).toContain('only one word');
  });
});

describe('what views draw', () => {
  test('pictures in grey and in colours, unread pixels dimly', () => {
    const grey = { rows: 1, columns: 2, channels: 1, pixels: [1, 1] };
    expect([...bytesOf(grey, 1)]).toEqual([255, 255, 255, 255, 102, 102, 102, 255]);
    const colour = { rows: 1, columns: 1, channels: 3, pixels: [1, 0, 0.5] };
    expect([...bytesOf(colour)]).toEqual([255, 0, 128, 255]);
    expect(pictureOf('#..#.', 2)).toMatchObject({ rows: 3, columns: 2 });
    expect([...(pictureOf('#..#.', 2).pixels as Float32Array)]).toEqual([1, 0, 0, 1, 0, 0]);
  });

  test('lines that stay inside, and errors beside guessing', () => {
    const scale = scaleOf([10, 20]);
    const points = pointsOf([10, 20], scale, { width: 100, height: 50 });
    const [[x0, y0], [x1, y1]] = points.split(' ').map((point) => point.split(',').map(Number));
    expect([x0, x1]).toEqual([0, 100]);
    expect(y0).toBeGreaterThan(y1);
    for (const y of [y0, y1]) expect(y > 0 && y < 50).toBe(true);
    expect(scaleOf([])).toEqual({ least: 0, most: 1 });
    expect(scaleOf([3])).toEqual({ least: 2, most: 4 });
    const pairs = [
      { value: 1, truth: 0 },
      { value: 3, truth: 4 },
    ];
    expect(errorsOf(pairs)).toEqual({ error: 1, guessing: 2 });
  });
});

test('of many questions one is under way, the last one is asked, and what has changed is not told', async () => {
  const told: number[] = [];
  const asked: number[] = [];
  const faults: string[] = [];
  const open: ((answer: Answer<number>) => void)[] = [];
  const latest = new LatestQuestion<number>(
    (value) => told.push(value),
    (message) => faults.push(message),
  );
  const ask = (n: number) => () => {
    asked.push(n);
    return new Promise<Answer<number>>((resolve) => open.push(resolve));
  };
  const all = latest.from(ask(1));
  void latest.from(ask(2));
  void latest.from(ask(3));
  open[0]({ ok: true, value: 1 });
  await expect.poll(() => asked).toEqual([1, 3]);
  latest.change();
  void latest.from(ask(4));
  open[1]({ ok: true, value: 3 });
  await expect.poll(() => asked).toEqual([1, 3, 4]);
  open[2]({ ok: false, fault: { name: 'DataError', message: 'Type something.' } });
  await all;
  expect(told).toEqual([1]);
  expect(faults).toEqual(['Type something.']);
});

import { expect, test } from 'vitest';
import { samplesOf, FRAME_SECONDS, type Sound } from '../../demo/src/task-views/sound.js';
import { framesOfPlace, listenWords, soundPicture } from '../../demo/src/task-views/sound-strip.js';
import { violations, withTasks } from './tasks-support.js';

/** Two frames of two bands: a low tone, then a high one. */
const SOUND: Sound = { kind: 'sound', frames: 2, bands: 2, levels: Float32Array.of(1, -0.3, 0, 1) };

test('a sound is painted with time from left to right and low bands below', () => {
  const { rows, columns, pixels } = soundPicture(SOUND);
  expect([rows, columns]).toEqual([2, 2]);
  expect([...(pixels as Float32Array)]).toEqual([0, 1, 1, 0]);
});

test('a sound is played as sines of its bands, each as loud as its level', () => {
  const rate = 8000;
  const samples = samplesOf(SOUND, rate);
  const perFrame = FRAME_SECONDS * rate;
  expect(samples).toHaveLength(2 * perFrame);
  /** How many times the sound passes zero upwards in half a frame, and the loudest sample. */
  const heard = (from: number): readonly [number, number] => {
    const part = [...samples.subarray(from, from + perFrame / 2)];
    return [part.filter((x, i) => i > 0 && part[i - 1] <= 0 && x > 0).length, Math.max(...part)];
  };
  const [[low, loud], [high]] = [heard(0), heard(1.5 * perFrame)];
  // 20 ms of 350 Hz and of 1,400 Hz: seven waves, and 28, of which one may lie across the edges.
  expect([Math.abs(low - 7) <= 1, Math.abs(high - 28) <= 1]).toEqual([true, true]);
  expect(loud).toBeGreaterThan(0.2);
  expect(loud).toBeLessThan(0.31);
});

test('a place of the pyramid stands for four frames, which the sentence names', () => {
  expect([framesOfPlace(30, 30), framesOfPlace(30, 15), framesOfPlace(29, 8)]).toEqual([1, 2, 4]);
  const attention = {
    source: ['0', '1', '2'],
    output: ['K', '<end>'],
    weights: [
      [0.1, 0.7, 0.2],
      [0, 0.2, 0.8],
    ],
  };
  expect(listenWords(attention, 0, 10)).toBe('For “K” it listens most to frames 5 to 8 (70 %).');
  expect(listenWords(attention, 1, 10)).toBe('For “end” it listens most to frames 9 to 10 (80 %).');
});

test('letters of one’s own are sent as sound, heard, written, and the pyramid is drawn; a reload keeps it', async () => {
  await withTasks('task=morse&backend=cpu&hidden=8&batch=8', async (tasks) => {
    const { page } = tasks;
    await tasks.until('state.tried >= 10');
    await tasks.fill('.ask-text', 'so7');
    await tasks.untilText('.unknown', /^It has never read “7”: to it that is a blank\.$/);
    await tasks.untilText('.answer', /^It answers: .+ [✓✗]$/);
    expect(await page.$eval('.example-picker select', (select) => select.value)).toMatch(/^the letters SO/);
    await tasks.fill('.ask-text', '7');
    await tasks.untilText('.ask .error', /^Type letters from A to Z/);
    await tasks.fill('.ask-text', 'so');
    await page.waitForFunction(`document.querySelector('.unknown').hidden`);
    // A press of a person's own lets the page sound.
    await page.click('.listen');
    await tasks.untilText('.listen', /^Stop$/);
    await page.waitForSelector('.played:not([hidden])');
    await page.click('.listen');
    await tasks.untilText('.listen', /^Listen$/);

    await tasks.click('#toggle');
    await tasks.until(`state.status === 'paused'`);
    await page.focus('#task-view .stepper');
    await page.keyboard.press('Home');
    expect(await page.$eval('#task-view .stepper', (rows) => rows.ariaValueText)).toMatch(
      /^For “.+” it listens most to frames \d+ to \d+ \(\d+ %\)\.$/,
    );
    const [rows, places] = await page.$eval('.sound', (sound) => [
      sound.querySelectorAll('.row').length,
      sound.querySelectorAll('.row.current .weight').length,
    ]);
    expect(rows).toBeGreaterThan(0);
    // The layers that listen have half, and a quarter, of the steps that are read.
    await page.$eval('#task-unrolled', (box) => box.scrollIntoView());
    await tasks.untilText('#task-unrolled', /each joining two steps of the one below/);
    const frames = Number(
      /: (\d+) frames of 8 bands/.exec(await page.$eval('.sound', (box) => box.textContent))?.[1],
    );
    expect(places).toBe(Math.ceil(frames / 4));
    expect(await violations(tasks)).toEqual([]);
    await page.setViewport({ width: 360, height: 740 });
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
    await tasks.click('#toggle');
    await tasks.reload();
    await page.waitForSelector('.sound .row');
    await tasks.goOn();
  });
});
